// Everything the other scripts need, installed where it is missing. A second run changes nothing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { availableEngines, browsers } from "./browsers.mjs";
import { main, npm, root, run } from "./run.mjs";
import { cargoTool, ensure, rust } from "./tools.mjs";

const npmPackages = {
  what: "the npm packages of package-lock.json",
  takes: "half a minute",
  isThere() {
    // npm writes it last, so that an interrupted installation is not taken for a whole one.
    const installed = join(root, "node_modules", ".package-lock.json");
    if (!existsSync(installed)) return false;
    const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
    const there = packagesOf(installed);
    // Optional ones are for other machines.
    return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
      ([path, { version, optional }]) => path === "" || optional || there[path]?.version === version,
    );
  },
  install() {
    const [program, args] = npm();
    run(program, [...args, "ci", "--include=dev", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
  },
};

/** Installs what is missing, after a list of it where there is more than one. */
function setUp(needs) {
  const missing = needs.filter(({ isThere }) => !isThere());
  if (missing.length > 1) {
    console.log("To be installed first, and only this time:");
    for (const { what, takes } of missing) console.log(`  ${what} (usually ${takes})`);
  }
  for (const need of needs) ensure(need);
}

const forBuild = () => [...rust, npmPackages, cargoTool("wasm-bindgen")];

/** What building the package needs. */
export function setUpBuild() {
  setUp(forBuild());
}

/** What the tests need. Returns the names of the engines that pages can be opened in. */
export function setUpTests() {
  setUp([...forBuild(), cargoTool("wasm-pack"), cargoTool("cargo-deny"), ...browsers()]);
  return availableEngines();
}

/** `npm run setup` is for everything; with `--build` for building and formatting alone. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.includes("--build") ? setUpBuild : setUpTests);
}
