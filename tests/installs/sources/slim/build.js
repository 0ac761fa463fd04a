// The WebAssembly as a file of its own, for those who serve it so.
import { cpSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: ["main.js"],
  bundle: true,
  format: "esm",
  minify: true,
  outdir: "dist",
  loader: { ".wasm": "file" },
});
cpSync("index.html", "dist/index.html");
