// Runs a program where nothing has run before: in a Node process of its own, or in a page with a profile of its own, whose
// caches are empty. A program is a bundle of ES modules whose entry puts what it found into `globalThis.result`.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { until } from "selenium-webdriver";
import { root } from "../scripts/run.mjs";
import { open } from "../tests/browser/engines.mjs";
import { serve } from "../tests/browser/serve.mjs";

const folderOfThis = join(root, "bench");

/** Bundles source text as one minified module, as an application does; `apart` names what stays a module of its own. */
export async function bundle(source, apart = []) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: folderOfThis },
    ...{ bundle: true, minify: true, write: false, format: "esm", target: "esnext", legalComments: "none" },
    external: apart,
  });
  return outputFiles[0].contents;
}

/** A folder for programs, which is removed at the end. */
function workshop() {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-bench-"));
  return {
    folder,
    write: (name, contents) => writeFileSync(join(folder, name), contents),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The text of a program that runs another and catches what it throws: a bundle's own report would print all of it. */
const caught = (program) => `try {
  await import("./${program}");
} catch (error) {
  globalThis.result = { error: String(error) };
}`;

/** What a program found, unless it failed. */
function foundBy(result, program) {
  if (result.error !== undefined) throw new Error(`${program}: ${result.error}`);
  return result;
}

/** In Node. */
export function inNode() {
  const { folder, write, remove } = workshop();
  return {
    name: `Node ${process.versions.node}`,
    write,
    async run(program) {
      const source = `${caught(program)}
process.stdout.write(JSON.stringify(globalThis.result));`;
      const args = ["--input-type=module", "--eval", source];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
      return foundBy(JSON.parse(stdout), program);
    },
    close: remove,
  };
}

/**
 * In headless Chromium: in a tab of its own, and from a port of its own, so that no cache knows its files. The page is
 * isolated, which makes the clock count in steps of 5 µs.
 */
export async function inChromium() {
  const { folder, write, remove } = workshop();
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const browser = await open("chromium");
  const first = await browser.getWindowHandle();
  return {
    name: `Chromium ${(await browser.getCapabilities()).getBrowserVersion()}`,
    write,
    async run(program) {
      const site = await serve(folder, { headers });
      write("page.html", page(program));
      try {
        await browser.switchTo().newWindow("tab");
        await browser.get(`${site.address}page.html`);
        await browser.wait(until.titleIs("done"), 600_000, program, 50);
        return foundBy(await browser.executeScript("return globalThis.result"), program);
      } finally {
        await browser.close();
        await browser.switchTo().window(first);
        await site.close();
      }
    },
    async close() {
      await browser.quit();
      remove();
    },
  };
}

const page = (program) => `<!doctype html>
<meta charset="utf-8">
<title>waiting</title>
<link rel="icon" href="data:,">
<script type="module">
if (!crossOriginIsolated) throw new Error("the page is not isolated");
${caught(program)}
document.title = "done";
</script>
`;
