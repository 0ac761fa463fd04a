// Asks whether the tests would notice other code, and writes the figures into docs/testing.md: `npm run mutants`. Of
// src/ it asks cargo-mutants, which takes hours; `-- --from FOLDER` only reads what runs have left there (the folder with
// outcomes.json; more than one where the files of src/ were shared out, or where one asked what another had missed). `-- binding` asks about pkg/*.js, and
// `-- binding text.js` about that file, which writes no figures; `-- binding --again` only about what the last run did not know
// or missed, if there is no reason for it yet. What no test notices must have its reason in
// scripts/mutants-excused.json, and a reason must be for something that is missed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root, run, Stop } from "./run.mjs";
import { setUpBuild, setUpTests } from "./setup.mjs";
import { percent, table, writeFigures } from "./testing-page.mjs";
import { ensureCargoTool, ensureRust } from "./tools.mjs";

/** What a mutant can come to, as cargo-mutants calls it, and as the table does. */
const OUTCOMES = {
  CaughtMutant: "caught",
  Timeout: "never ended",
  MissedMutant: "missed",
  Unviable: "do not compile",
};

const excuses = JSON.parse(readFileSync(join(root, "scripts", "mutants-excused.json"), "utf8"));

function runCargoMutants() {
  ensureRust();
  ensureCargoTool("cargo-mutants");
  const options = [
    // The binding is run by browsers only, which it would take hours more to ask; what the model has for it has tests.
    ...["--file", "src/**/*.rs", "--exclude", "src/js/**", "--features", "js"],
    ...["--output", "target", "--", "--lib", "--tests"],
  ];
  const quickly = {
    // A failure need not be made small.
    PROPTEST_MAX_SHRINK_ITERS: "0",
    // Each is compiled once, and run for longer than that.
    ...{ CARGO_PROFILE_DEV_DEBUG: "0", CARGO_PROFILE_DEV_OPT_LEVEL: "1" },
    ...{ CARGO_PROFILE_TEST_DEBUG: "0", CARGO_PROFILE_TEST_OPT_LEVEL: "1" },
  };
  try {
    run("cargo", ["mutants", ...options], { env: { ...process.env, ...quickly } });
  } catch (error) {
    // It fails where a mutant is missed, which the figures tell.
    if (!(error instanceof Stop)) throw error;
  }
  return [join(root, "target", "mutants.out")];
}

/** Each mutant of these runs: its file, its function, what it changes, what it came to. What any of them has noticed is noticed. */
function readCargoMutants(folders) {
  const mutants = new Map();
  for (const folder of folders) {
    const { outcomes } = JSON.parse(readFileSync(join(folder, "outcomes.json"), "utf8"));
    for (const { scenario, summary } of outcomes) {
      const { Mutant } = scenario;
      // One outcome is that of the code as it is.
      if (!Mutant) continue;
      const known = mutants.get(Mutant.name);
      if (known && known.summary !== "MissedMutant") continue;
      mutants.set(Mutant.name, {
        file: Mutant.file,
        function: Mutant.function?.function_name ?? "",
        // It begins with a place, which every change of the file above would move.
        mutant: Mutant.name.replace(/^\S+:\d+:\d+: /, ""),
        summary,
      });
    }
  }
  return [...mutants.values()];
}

const code = (text) => `\`${text.replaceAll("|", "\\|")}\``;

/** The figures by file. */
function figures(mutants) {
  const keys = Object.keys(OUTCOMES);
  const row = (name, some) => {
    const counts = keys.map((key) => some.filter(({ summary }) => summary === key).length);
    const [caught, endless, missed] = counts;
    return [name, ...counts, percent(caught + endless, caught + endless + missed)];
  };
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  const rows = files.map((file) =>
    row(
      `\`${file}\``,
      mutants.filter((mutant) => mutant.file === file),
    ),
  );
  return table(["file", ...Object.values(OUTCOMES), "noticed"], [...rows, row("all", mutants)]);
}

/** The missed, each with its reason, if it has one; and the excuses of these files for what is not missed. */
function excuse(mutants) {
  const same = (one) => (other) => ["file", "function", "mutant"].every((key) => one[key] === other[key]);
  const files = new Set(mutants.map(({ file }) => file));
  const left = excuses.filter(({ file }) => files.has(file));
  const missed = mutants
    .filter(({ summary }) => summary === "MissedMutant")
    .map((mutant) => {
      // A row for each: the same change may be missed in one line of a function and caught in another.
      const at = left.findIndex(same(mutant));
      return { ...mutant, reason: at < 0 ? undefined : left.splice(at, 1)[0].reason };
    });
  return { missed, idle: left };
}

/** Writes the figures in the place of the command, or only shows them, and fails where something has no reason. */
function report(command, mutants) {
  if (mutants.length === 0) throw new Stop("There is no mutant in these outcomes.");
  const strange = mutants.find(({ summary }) => !(summary in OUTCOMES));
  if (strange) throw new Stop(`A mutant has an outcome that this does not know: ${strange.summary}`);

  const { missed, idle } = excuse(mutants);
  const reasons = table(
    ["missed in", "mutant", "why no test can notice"],
    missed.map((each) => [
      `\`${each.file}\`, \`${each.function}\``,
      code(each.mutant),
      each.reason ?? "**no reason yet**",
    ]),
  );
  const text = missed.length > 0 ? `${figures(mutants)}\n\n${reasons}` : figures(mutants);
  if (command) writeFigures(command, text);
  else console.log(text);

  const unexcused = missed.filter(({ reason }) => !reason);
  const rows = unexcused.map(({ file, function: name, mutant }) => ({ file, function: name, mutant, reason: "" }));
  writeFileSync(join(root, "target", "mutants-missed.json"), `${JSON.stringify(rows, null, 2)}\n`);

  const listed = (title, some) =>
    some.length > 0 ? [`${title}:\n${some.map((each) => `  ${each.file}: ${each.mutant}`).join("\n")}`] : [];
  const wrong = [
    ...listed(
      "No test notices these, and scripts/mutants-excused.json has no reason for them (target/mutants-missed.json has their rows)",
      unexcused,
    ),
    ...listed("scripts/mutants-excused.json has reasons for these, which are not missed", idle),
  ];
  if (wrong.length > 0) throw new Stop(wrong.join("\n"));
}

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: "string", multiple: true }, again: { type: "boolean" } },
  });
  const [part = "model", ...modules] = positionals;
  if (part === "binding") {
    setUpTests();
    setUpBuild();
    // Here, since it imports packages.
    const { mutateBinding } = await import("./mutants-binding.mjs");
    const mutants = await mutateBinding(modules, values.again ? excuses : undefined);
    report(modules.length > 0 ? undefined : "`npm run mutants -- binding`", mutants);
  } else if (part === "model") {
    report("`npm run mutants -- model`", readCargoMutants(values.from ?? runCargoMutants()));
  } else throw new Stop(`There is no ${part}, but model and binding.`);
});
