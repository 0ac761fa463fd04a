// Builds the package and the demo page, the latter into dist/, and serves it:
// `npm run demo [-- --port N | --no-serve]`.
import { cpSync, readdirSync, rmSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main, root, Stop, say } from "./run.mjs";

const page = join(root, "www");
const site = join(root, "dist");

/** Bundles www/ into dist/: files that any host can serve, at any path. */
async function buildDemo() {
  const { build: bundle } = await import("esbuild");
  rmSync(site, { recursive: true, force: true });
  for (const entry of readdirSync(page, { recursive: true, withFileTypes: true })) {
    // The bundles below take the place of the scripts and styles.
    if (!entry.isFile() || [".js", ".css"].includes(extname(entry.name))) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    cpSync(file, join(site, relative(page, file)));
  }
  await bundle({
    entryPoints: ["main.js", "shadow-worker.js", "style.css"].map((name) => join(page, name)),
    outdir: site,
    bundle: true,
    // The page and its worker share the package.
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  }).catch(() => {
    // esbuild has told what and where.
    throw new Stop("The demo page cannot be bundled.");
  });
}

async function demo() {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "8080" }, "no-serve": { type: "boolean", default: false } },
  });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536)) throw new Stop(`${values.port} is no port.`);
  await build({ withSizes: false });
  say("Bundling the page", "a second");
  await buildDemo();
  if (values["no-serve"]) return;
  const { serve } = await import("./serve.mjs");
  const { address } = await serve(site, { port, orAnyPort: true });
  console.log(`\nThe demo page is at ${address}`);
}

await main(demo);
