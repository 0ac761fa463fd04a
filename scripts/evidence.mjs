// Every long proof, one after the other: `npm run evidence`, or `-- fuzz mutants` for those with one of these words in
// their command. It ends at the first that fails, and says what each took.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main, npm, run, Stop } from "./run.mjs";

const HALF_AN_HOUR = "1800";

/** What `npm run` is given. */
export const proofs = [
  ["test:hostile"],
  ["test:soak"],
  ["test:oracles"],
  ["fuzz", "--", "loading", "--seconds", HALF_AN_HOUR],
  ["fuzz", "--", "operations", "--seconds", HALF_AN_HOUR],
  ["coverage"],
  ["mutants"],
  ["mutants", "--", "binding"],
];

async function evidence() {
  const { positionals: words } = parseArgs({ allowPositionals: true });
  const chosen = proofs.filter((proof) => words.length === 0 || words.some((word) => proof.join(" ").includes(word)));
  if (chosen.length === 0) throw new Stop(`No proof has one of these in its command: ${words.join(", ")}.`);

  const [program, first] = npm();
  const took = [];
  try {
    for (const proof of chosen) {
      const name = `npm run ${proof.join(" ")}`;
      console.log(`=== ${name}`);
      const start = Date.now();
      let outcome = "FAILED";
      try {
        run(program, [...first, "run", ...proof]);
        outcome = "ok";
      } finally {
        took.push(`${name.padEnd(48)} ${((Date.now() - start) / 60_000).toFixed(1).padStart(6)} min  ${outcome}`);
      }
    }
  } finally {
    console.log(`\n${took.join("\n")}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(evidence);
