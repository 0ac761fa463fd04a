// Asks cargo-mutants whether the tests would notice other code in src/, and writes the figures into docs/testing.md:
// `npm run mutants`. That takes hours; `-- --from FOLDER` only reads what runs have left there (the folder with
// outcomes.json; more than one where the files of src/ were shared out).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root, run, Stop } from "./run.mjs";
import { percent, table, writeFigures } from "./testing-page.mjs";
import { ensureCargoTool, ensureRust } from "./tools.mjs";

function runMutants() {
  ensureRust();
  ensureCargoTool("cargo-mutants");
  // The binding is run by browsers only, which it would take hours more to ask.
  const options = ["--file", "src/**/*.rs", "--exclude", "src/js/**", "--output", "target", "--", "--lib", "--tests"];
  try {
    run("cargo", ["mutants", ...options], { env: { ...process.env, PROPTEST_MAX_SHRINK_ITERS: "0" } });
  } catch (error) {
    // It fails where a mutant is missed, which the figures tell.
    if (!(error instanceof Stop)) throw error;
  }
  return [join(root, "target", "mutants.out")];
}

await main(() => {
  const { values } = parseArgs({ options: { from: { type: "string", multiple: true } } });
  const folders = values.from ?? runMutants();
  const outcomes = folders.flatMap(
    (folder) => JSON.parse(readFileSync(join(folder, "outcomes.json"), "utf8")).outcomes,
  );
  const files = new Map();
  for (const { scenario, summary } of outcomes) {
    // One outcome is that of the code as it is.
    if (!scenario.Mutant) continue;
    const counts = files.get(scenario.Mutant.file) ?? { CaughtMutant: 0, Timeout: 0, MissedMutant: 0, Unviable: 0 };
    if (!(summary in counts)) throw new Stop(`cargo-mutants has an outcome that this does not know: ${summary}`);
    counts[summary] += 1;
    files.set(scenario.Mutant.file, counts);
  }
  if (files.size === 0) throw new Stop("There is no mutant in these outcomes.");
  const row = (name, { CaughtMutant, Timeout, MissedMutant, Unviable }) => {
    const noticed = CaughtMutant + Timeout;
    return [name, CaughtMutant, Timeout, MissedMutant, Unviable, percent(noticed, noticed + MissedMutant)];
  };
  const sums = (key) => [...files.values()].reduce((sum, counts) => sum + counts[key], 0);
  const all = Object.fromEntries(
    ["CaughtMutant", "Timeout", "MissedMutant", "Unviable"].map((key) => [key, sums(key)]),
  );
  const rows = [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, counts]) => row(`\`${name}\``, counts));
  writeFigures(
    "`npm run mutants`",
    table(["file", "caught", "never ended", "missed", "do not compile", "noticed"], [...rows, row("all", all)]),
  );
});
