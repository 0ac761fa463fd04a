// Builds the package and the demo page into dist/ and serves it: `npm run demo [-- --port N]`.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main, root, Stop } from "./run.mjs";

const page = join(root, "www");
const site = join(root, "dist");

/** Bundles www/ into dist/: files that any host can serve, at any path. */
export async function buildDemo() {
  const { build: bundle } = await import("esbuild");
  rmSync(site, { recursive: true, force: true });
  // The bundles below take the place of the scripts and styles.
  cpSync(page, site, { recursive: true, filter: (source) => !/\.(js|mjs|ts|css)$/.test(source) });
  await bundle({
    entryPoints: [join(page, "main.js"), join(page, "style.css")],
    outdir: site,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  return site;
}

async function serveDemo() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536)) throw new Stop(`${values.port} is no port.`);
  await build();
  await buildDemo();
  const { serve } = await import("./serve.mjs");
  const { address } = await serve(site, { port, orAnyPort: true });
  console.log(`\nThe demo page is at ${address}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(serveDemo);
