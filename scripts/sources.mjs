// The repository's own files, copied to where something is tried out on them.
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { read, root } from "./run.mjs";

/** The names of everything that is or may be committed, or undefined where only a clone of the repository knows them. */
export const listSources = () =>
  read("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    ?.split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)));

/** Copies them into a folder, with the npm packages beside them but for `rolecall`. */
export function copySources(names, folder) {
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
