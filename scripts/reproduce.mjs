// Builds the package a second time, in another folder and from nothing, and compares the tarballs byte for byte:
// `npm run reproduce`. `-- --into FOLDER` puts the tarball there; with `--built` pkg/ is what was built just now.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main, npm, read, root, run, Stop } from "./run.mjs";

/** Everything that is or may be committed, as it is now. */
function copySources(folder) {
  const names = read("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  if (names === undefined) throw new Stop("Only a clone of the repository knows which files are its sources.");
  for (const name of names.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { preserveTimestamps: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
}

/** Packs pkg/ of `folder`; gives the tarball's name and SHA-256. */
function pack(folder, into) {
  const [program, args] = npm();
  mkdirSync(into, { recursive: true });
  const packed = read(program, [...args, "pack", "./pkg", "--json", "--pack-destination", into], { cwd: folder });
  if (packed === undefined) throw new Stop(`npm cannot pack ${folder}.`);
  // npm 12 gives an object by name, older ones a list.
  const [{ filename }] = Object.values(JSON.parse(packed));
  return {
    filename,
    hash: createHash("sha256")
      .update(readFileSync(join(into, filename)))
      .digest("hex"),
  };
}

await main(async () => {
  const { values } = parseArgs({ options: { into: { type: "string" }, built: { type: "boolean" } } });
  const second = mkdtempSync(join(tmpdir(), "rolecall-again-"));
  try {
    if (!values.built) await build();
    const first = pack(root, resolve(values.into ?? join(root, "target", "tarball")));
    copySources(second);
    run(process.execPath, ["scripts/build.mjs"], { cwd: second });
    const again = pack(second, join(second, "target", "tarball"));
    console.log(
      `\n${first.hash}  ${first.filename}, built in ${root}\n${again.hash}  ${again.filename}, built in ${second}`,
    );
    if (first.hash !== again.hash) throw new Stop("Two builds of the same sources differ.");
  } finally {
    rmSync(second, { recursive: true, force: true });
  }
});
