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

const billName = "rolecall.cdx";

/** What the package is compiled with. */
const compiled = ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", packageFeatures];

/** The crates that are inside the WebAssembly, and those that compile them. */
function listCrates(file) {
  ensureCargoTool("cargo-cyclonedx");
  // Next to each Cargo.toml of the workspace, since it takes no folder.
  run("cargo", ["cyclonedx", "--format", "json", "--override-filename", billName, ...compiled]);
  const text = readFileSync(join(root, `${billName}.json`), "utf8");
  for (const crate of [root, join(root, "fuzz")]) rmSync(join(crate, `${billName}.json`));

  // It lists what the other member of the workspace has this crate bring along, too.
  const tree = read("cargo", ["tree", "--locked", "--prefix=none", "--edges=normal,build", ...compiled]) ?? "";
  const ours = new Set([...tree.matchAll(/^([\w-]+) v(\S+)/gm)].map(([, name, version]) => `${name}@${version}`));
  // Where it was built is nobody's business.
  const bill = JSON.parse(text.replaceAll(pathToFileURL(root).href, "file:///rolecall"));
  bill.components = bill.components.filter(({ name, version }) => ours.has(`${name}@${version}`));
  const listed = new Set([bill.metadata.component, ...bill.components].map((component) => component["bom-ref"]));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => listed.has(ref))
    .map(({ dependsOn, ...rest }) => ({ ...rest, dependsOn: dependsOn?.filter((ref) => listed.has(ref)) }));
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
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
