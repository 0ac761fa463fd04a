import { cpSync } from "node:fs";
import { build } from "esbuild";

await build({ entryPoints: ["main.js", "worker.js"], bundle: true, format: "esm", minify: true, outdir: "dist" });
cpSync("index.html", "dist/index.html");
