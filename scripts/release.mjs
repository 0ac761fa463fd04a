// Puts what a release consists of into release/: `npm run release`. The tarball, built twice; what is inside it and what
// it was built with, as CycloneDX bills of materials; checksums. It publishes nothing: .github/workflows/release.yml does.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFeatures } from "./build.mjs";
import { main, npm, read, root, run, Stop } from "./run.mjs";
import { setUpBuild } from "./setup.mjs";
import { ensureCargoTool } from "./tools.mjs";

const folder = join(root, "release");

/** The crates that may be inside the WebAssembly. */
function listCrates(name) {
  ensureCargoTool("cargo-cyclonedx");
  const options = [
    ...["--format", "json", "--target", "wasm32-unknown-unknown", "--no-default-features"],
    ...["--features", packageFeatures],
    // Next to Cargo.toml, since it takes no folder.
    ...["--override-filename", "rolecall.cdx"],
  ];
  run("cargo", ["cyclonedx", ...options]);
  renameSync(join(root, "rolecall.cdx.json"), join(folder, name));
}

/** The npm packages that build and test; none of them is in the tarball. */
function listNpmPackages(name) {
  const [program, args] = npm();
  const bill = read(program, [...args, "sbom", "--sbom-format=cyclonedx"], { maxBuffer: 2 ** 26 });
  if (bill === undefined) throw new Stop("`npm sbom` failed.");
  writeFileSync(join(folder, name), bill);
}

await main(() => {
  setUpBuild();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  run(process.execPath, ["scripts/reproduce.mjs", "--into", folder]);
  const [tarball] = readdirSync(folder);
  const name = tarball.replace(/\.tgz$/, "");
  listCrates(`${name}.crates.cdx.json`);
  listNpmPackages(`${name}.build.cdx.json`);
  const hash = (file) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  const sums = readdirSync(folder).map((file) => `${hash(file)}  ${file}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  console.log(`\nIn ${folder}:\n${sums.join("")}`);
});
