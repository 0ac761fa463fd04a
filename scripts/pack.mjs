// The tarball that npm would publish.
import { join } from "node:path";
import { root, runNpm } from "./run.mjs";

/** Packs pkg/ of `sources` into `folder`; gives the tarball's path, and the paths of the files in it. */
export function pack(folder, sources = root) {
  const packed = JSON.parse(runNpm(["pack", "./pkg", "--json", "--pack-destination", folder], sources));
  // npm 12 gives an object by name, older ones a list.
  const [{ filename, files }] = Object.values(packed);
  return { path: join(folder, filename), files: files.map(({ path }) => path) };
}
