// What the package weighs for those who ship it, against scripts/size-budget.json.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root, Stop } from "./run.mjs";

/** The least program that answers a check. */
const smallestProgram = `
import { Service } from "rolecall";
const service = Service.from(JSON.parse(document.body.dataset.service));
console.log(service.ability("alice", "CH1").can("sendMessage"));
`;

async function bundle(source) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
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

/** Prints the sizes; stops the run when one is over its budget. */
export async function checkSizes(wasm) {
  const measured = { wasm: sizes(readFileSync(wasm)), bundle: sizes(await bundle(smallestProgram)) };
  const budget = JSON.parse(readFileSync(join(root, "scripts", "size-budget.json"), "utf8"));
  console.log("\nbytes          raw     gzip   brotli");
  for (const [what, counts] of Object.entries(measured)) {
    const numbers = Object.values(counts).map((count) => String(count).padStart(8));
    console.log(`${what.padEnd(9)} ${numbers.join(" ")}`);
  }
  const limits = Object.entries(budget).flatMap(([what, forms]) =>
    Object.entries(forms).map(([form, limit]) => ({ what, form, limit, count: measured[what]?.[form] })),
  );
  if (limits.length === 0) throw new Stop("scripts/size-budget.json limits nothing.");
  const over = limits
    // A budget for what is not measured is no budget.
    .filter(({ count, limit }) => !(count <= limit))
    .map(({ what, form, limit, count }) => `${what}, ${form}: ${count} bytes, budget ${limit}`);
  if (over.length > 0) throw new Stop(`Over the size budget:\n  ${over.join("\n  ")}`);
}
