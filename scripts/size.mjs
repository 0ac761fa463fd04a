// What the package weighs for those who ship it, against scripts/size-budget.json.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root, Stop } from "./run.mjs";

/** A program that loads and asks. */
const program = (entry) => `
import { Service } from "${entry}";
const service = Service.from(JSON.parse(document.body.dataset.service));
console.log(service.ability("alice", "CH1").can("sendMessage"));
`;

async function bundle(source) {
  const { build } = await import("esbuild");
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    // An application has them anyway.
    external: Object.keys(peerDependencies),
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

const sizes = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  // Node's default quality is 11, the best.
  brotli: brotliCompressSync(bytes).length,
});

/** The sizes of a program with each entry point, minified: those with the API as they are, the others as what they add. */
export async function entrySizes() {
  const { exports } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  const rows = new Map();
  for (const entry of ["rolecall", "rolecall/slim"]) rows.set(entry, sizes(await bundle(program(entry))));
  const alone = rows.get("rolecall");
  for (const [path, conditions] of Object.entries(exports)) {
    const entry = join("rolecall", path);
    if (rows.has(entry) || !conditions.require) continue;
    const all = `${program("rolecall")}import * as entry from "${entry}";\nconsole.log(entry);`;
    const both = sizes(await bundle(all));
    rows.set(entry, Object.fromEntries(Object.entries(both).map(([form, count]) => [form, count - alone[form]])));
  }
  return rows;
}

/** Prints the sizes; stops the run when a program is over its budget. */
export async function checkSizes() {
  const wasm = sizes(readFileSync(join(root, "pkg", "rolecall.wasm")));
  const entries = await entrySizes();
  console.log("\nbytes, minified          raw     gzip   brotli");
  const print = (what, counts, sign = "") => {
    const numbers = Object.values(counts).map((count) => `${sign}${count}`.padStart(8));
    console.log(`${what.padEnd(19)} ${numbers.join(" ")}`);
  };
  for (const [entry, counts] of entries)
    print(entry, counts, entry === "rolecall" || entry === "rolecall/slim" ? "" : "+");
  print("rolecall.wasm", wasm);
  const budget = JSON.parse(readFileSync(join(root, "scripts", "size-budget.json"), "utf8"));
  for (const [entry, forms] of Object.entries(budget)) {
    for (const [form, limit] of Object.entries(forms)) {
      const count = entries.get(entry)?.[form];
      // A budget for what is not measured is no budget.
      if (!(count <= limit))
        throw new Stop(`Over the size budget: ${entry}, ${form}: ${count} bytes, budget ${limit}.`);
    }
  }
}
