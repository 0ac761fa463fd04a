// Puts what a release consists of into release/: `npm run release`. The tarball, built twice; what is inside it and what
// it was built with, as CycloneDX bills of materials; checksums. It publishes nothing: .github/workflows/release.yml does.
// `-- --into FOLDER` puts it there; with `--built` pkg/ is what was built just now.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { packageFeatures } from "./build.mjs";
import { main, npm, read, root, run, Stop } from "./run.mjs";
import { setUpBuild } from "./setup.mjs";
import { ensureCargoTool } from "./tools.mjs";

const bill = "rolecall.cdx";

/** The crates that may be inside the WebAssembly, and those that compile them. */
function listCrates(file) {
  ensureCargoTool("cargo-cyclonedx");
  const options = [
    ...["--format", "json", "--target", "wasm32-unknown-unknown", "--no-default-features"],
    ...["--features", packageFeatures],
    // Next to each Cargo.toml of the workspace, since it takes no folder.
    ...["--override-filename", bill],
  ];
  run("cargo", ["cyclonedx", ...options]);
  const text = readFileSync(join(root, `${bill}.json`), "utf8");
  for (const crate of [root, join(root, "fuzz")]) rmSync(join(crate, `${bill}.json`));
  // Where it was built is nobody's business.
  writeFileSync(file, text.replaceAll(pathToFileURL(root).href, "file:///rolecall"));
}

/** The npm packages that build and test; none of them is in the tarball. */
function listNpmPackages(file) {
  const [program, args] = npm();
  // Of the lock file, so that no machine's leavings are among them.
  const text = read(program, [...args, "sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
    maxBuffer: 2 ** 26,
  });
  if (text === undefined) throw new Stop("`npm sbom` failed.");
  writeFileSync(file, text);
}

await main(() => {
  const { values } = parseArgs({
    options: { into: { type: "string", default: join(root, "release") }, built: { type: "boolean" } },
  });
  const folder = resolve(values.into);
  setUpBuild();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  run(process.execPath, ["scripts/reproduce.mjs", "--into", folder, ...(values.built ? ["--built"] : [])]);
  const [tarball] = readdirSync(folder);
  const name = join(folder, tarball.replace(/\.tgz$/, ""));
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
