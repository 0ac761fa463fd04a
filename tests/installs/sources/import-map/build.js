// A page without a bundler: the package's folder is served as it is, and an import map names its entry.
import { cpSync, mkdirSync } from "node:fs";

mkdirSync("dist", { recursive: true });
cpSync("node_modules/rolecall", "dist/rolecall", { recursive: true, dereference: true });
for (const name of ["index.html", "main.js", "access.json"]) cpSync(name, `dist/${name}`);
