// Everything the other scripts need, installed where it is missing. A second run changes nothing.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowsers } from "./browsers.mjs";
import { main, npm, root, run } from "./run.mjs";
import { ensureCargoTool, ensureRust } from "./tools.mjs";

function ensureNpmPackages() {
  // npm writes this file last, so an interrupted installation is not taken for a whole one.
  const installed = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  const [program, args] = npm();
  run(program, [...args, "ci", "--include=dev", "--no-audit", "--no-fund", "--ignore-scripts"]);
}

/** What building the package needs. */
export function setUpBuild() {
  ensureRust();
  ensureNpmPackages();
  ensureCargoTool("wasm-bindgen");
}

/** What the tests need. Gives the engines, by name, that pages can be opened in. */
export function setUpTests() {
  setUpBuild();
  ensureCargoTool("wasm-pack");
  ensureCargoTool("cargo-deny");
  return ensureBrowsers();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(setUpTests);
