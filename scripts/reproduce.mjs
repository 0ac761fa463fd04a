// Builds the package a second time, in another folder and from nothing, and compares the tarballs byte for byte:
// `npm run reproduce`. `-- --into FOLDER` puts the tarball there; with `--built` pkg/ is what was built just now.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { pack } from "./pack.mjs";
import { main, read, root, run, Stop } from "./run.mjs";

const hash = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The names of everything that is or may be committed, or undefined where only a clone of the repository knows them. */
const listSources = () =>
  read("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    ?.split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)));

/** Copies the sources into a folder, with the npm packages beside them but for `rolecall`. */
function copySources(names, folder) {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { preserveTimestamps: true });
  }
  // One by one, since the build puts a link of its own among them.
  const packages = join(root, "node_modules");
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(packages).filter((name) => name !== "rolecall")) {
    symlinkSync(join(packages, name), join(folder, "node_modules", name));
  }
}

await main(async () => {
  const { values } = parseArgs({ options: { into: { type: "string" }, built: { type: "boolean" } } });
  const sources = listSources();
  if (!sources) {
    console.log("Skipped: the second build, because only a clone of the repository knows which files are its sources");
    return;
  }
  const second = mkdtempSync(join(tmpdir(), "rolecall-again-"));
  try {
    if (!values.built) await build();
    const into = resolve(values.into ?? join(root, "target", "tarball"));
    mkdirSync(into, { recursive: true });
    const first = pack(into).path;
    copySources(sources, second);
    run(process.execPath, ["scripts/build.mjs"], { cwd: second });
    const again = pack(second, second).path;
    console.log(`\n${hash(first)}  ${first}\n${hash(again)}  ${again}`);
    if (hash(first) !== hash(again)) throw new Stop("Two builds of the same sources differ.");
  } finally {
    rmSync(second, { recursive: true, force: true });
  }
});
