// The installed package in pages: what each test of it in a browser sets up.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle as bundleFile, serveFolder } from "../browser/serve.mjs";
import { installPackage } from "./install.mjs";

export { page } from "../browser/serve.mjs";

/**
 * Installs the package into a project and serves that, while the tests of a `describe` run. `prepare` is passed the project
 * and a function that writes a file into it. Returns an object that has the `project` and the `site` once the tests run.
 */
export function servePackage(prepare, headers) {
  const install = async (served) => {
    served.project = installPackage();
    const { folder } = served.project;
    await prepare(served.project, (name, text) => writeFileSync(join(folder, name), text));
    return folder;
  };
  return serveFolder(install, ({ project }) => project?.remove(), headers);
}

/** Bundles a program of the project into a file of it, as an application does. */
export const bundle = ({ folder }, program, file, options = {}) =>
  bundleFile(join(folder, file), { stdin: { contents: program, resolveDir: folder }, ...options });
