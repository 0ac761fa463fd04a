import { cpSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: ["main.jsx"],
  bundle: true,
  minify: true,
  outdir: "dist",
  inject: ["react.js"],
  define: { "process.env.NODE_ENV": '"production"' },
});
cpSync("index.html", "dist/index.html");
