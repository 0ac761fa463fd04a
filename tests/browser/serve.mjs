// For tests: a folder of files over HTTP, with the headers a test is about (see scripts/serve.mjs), and a page of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serve } from "../../scripts/serve.mjs";

export { serve };

/** The strictest policy under which a page can run WebAssembly. */
export const strictPolicy = {
  "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
};

/** A page that loads modules, one after another, of which the last sets another title. */
export const page = (...scripts) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>waiting</title>
${scripts.map((script) => `<script type="module" src="./${script}"></script>\n`).join("")}</html>
`;

/**
 * Serves a page that runs a module of the repository, by its URL, with the package as it was built, while the tests of a
 * `describe` run. Gives an object that has the `address` once they do.
 */
export function serveModule(module) {
  const served = {};
  let folder;
  let site;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "rolecall-"));
    writeFileSync(join(folder, "index.html"), page("page.js"));
    await build({
      entryPoints: [fileURLToPath(module)],
      outfile: join(folder, "page.js"),
      bundle: true,
      format: "esm",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    site = await serve(folder, { headers: strictPolicy });
    served.address = site.address;
  });
  after(async () => {
    await site?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  return served;
}
