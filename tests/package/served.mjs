// The installed package in pages: what each test of it in a browser sets up.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { build } from "esbuild";
import { serve, strictPolicy } from "../browser/serve.mjs";
import { installPackage } from "./install.mjs";

export { page } from "../browser/serve.mjs";

/**
 * Installs the package into a project and serves that, while the tests of a `describe` run. `prepare` gets the project and a
 * function that writes a file into it. Gives an object that has the `project` and the `site` once the tests run.
 */
export function servePackage(prepare, headers = strictPolicy) {
  const served = {};
  before(async () => {
    served.project = installPackage();
    const { folder } = served.project;
    await prepare(served.project, (name, text) => writeFileSync(join(folder, name), text));
    served.site = await serve(folder, { headers });
  });
  after(async () => {
    await served.site?.close();
    served.project?.remove();
  });
  return served;
}

/** Bundles a program of the project into a file of it, as an application does. */
export const bundle = ({ folder }, program, file, options = {}) =>
  build({
    stdin: { contents: program, resolveDir: folder },
    outfile: join(folder, file),
    bundle: true,
    format: "esm",
    logLevel: "error",
    ...options,
  });
