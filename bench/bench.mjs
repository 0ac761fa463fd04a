// `npm run bench`: rolecall beside a bitmask written by hand, CASL in two styles and permix, in Node and in Chromium.
// `-- --quick` is short and rough, `-- --verify` only checks that every contender answers right, `-- --write` puts the
// tables into docs/performance.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root, Stop } from "../scripts/run.mjs";
import { contenders } from "./all.mjs";
import * as contenderModule from "./contender.mjs";
import { bundle, inChromium, inNode } from "./fresh.mjs";
import { measureSizes, measureStart } from "./start.mjs";
import { tables } from "./tables.mjs";
import { verify, verifyModule } from "./world.mjs";

const page = join(root, "docs", "performance.md");

/** What stands between the markers in the page. */
function replaced(text, name, table) {
  const place = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- end -->)`);
  if (!place.test(text)) throw new Stop(`docs/performance.md has no place for ${name}.`);
  return text.replace(place, (_, start, end) => `${start}\n${table}\n${end}`);
}

async function measure(environment, { rows, starts, memberships }) {
  const run = async (name, module, call) => {
    console.error(`${environment.name}: ${name}`);
    environment.write(
      `${module}.mjs`,
      await bundle(`import * as it from "./${module}.mjs"; globalThis.result = await it.${call};`),
    );
    return environment.run(`${module}.mjs`);
  };
  const growth = [];
  for (const count of memberships) {
    growth.push(await run(`${count} memberships`, "growth", `measureGrowth(${count}, ${JSON.stringify(rows)})`));
  }
  const { times, guards } = await run("rows", "rows", `measureRows(${JSON.stringify(rows)})`);
  console.error(`${environment.name}: starting`);
  return { name: environment.name, growth, times, guards, start: await measureStart(environment, starts) };
}

async function bench() {
  const { values } = parseArgs({
    options: { quick: { type: "boolean" }, verify: { type: "boolean" }, write: { type: "boolean" } },
  });
  for (const contender of contenders) {
    console.log(`${contender.name}: ${verify(contender)} answers are right`);
  }
  console.log(`contender.mjs: ${verifyModule(contenderModule)} answers are right`);
  if (values.verify) return;

  const settings = values.quick
    ? { rows: { rounds: 15, slice: 1, most: 300 }, starts: 3 }
    : { rows: { rounds: 201, slice: 1, most: 1500 }, starts: 15 };
  const memberships = [1, 1000, 100_000, 1_000_000];
  const measured = [];
  for (const start of [inNode, inChromium]) {
    const environment = await start();
    try {
      measured.push(await measure(environment, { ...settings, memberships }));
    } finally {
      await environment.close();
    }
  }
  const made = tables(measured, await measureSizes());
  const when = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0].model.trim()}`;
  const said = { ...made, when: `Measured on ${when}${values.quick ? ", shortened" : ""}.\n` };
  const text = [said.when, said.benchmark, said.growth, said.sizes].join("\n");
  console.log(`\n${text}`);
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(join(root, "target", "bench.md"), text);
  if (values.write) {
    writeFileSync(
      page,
      Object.entries(said).reduce((whole, [name, table]) => replaced(whole, name, table), readFileSync(page, "utf8")),
    );
  }
}

await main(bench);
