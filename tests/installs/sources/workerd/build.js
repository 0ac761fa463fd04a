// As wrangler bundles a Worker: its conditions, and the WebAssembly as a file beside the script.
import { build } from "esbuild";

await build({
  entryPoints: ["worker.js", "blocked.js"],
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
  assetNames: "[name]",
  outdir: "dist",
});
