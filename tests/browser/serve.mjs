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

/** Bundles a module as an application does. */
export const bundle = (outfile, options) =>
  build({
    outfile,
    bundle: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
    ...options,
  });

/**
 * Serves the folder that `prepare` returns, while the tests of a `describe` or of the file run; `remove` removes it. Returns an
 * object that has the `site` once they do; both are passed it.
 */
export function serveFolder(prepare, remove, headers = strictPolicy) {
  const served = {};
  before(async () => {
    served.site = await serve(await prepare(served), { headers });
  });
  after(async () => {
    await served.site?.close();
    remove(served);
  });
  return served;
}

/** Serves a page that runs a module of the repository, by its URL, with the package as it was built. */
export function serveModule(module) {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-"));
  const prepare = async () => {
    writeFileSync(join(folder, "index.html"), page("page.js"));
    await bundle(join(folder, "page.js"), { entryPoints: [fileURLToPath(module)] });
    return folder;
  };
  return serveFolder(prepare, () => rmSync(folder, { recursive: true, force: true }));
}
