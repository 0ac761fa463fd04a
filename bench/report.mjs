// What bench.mjs runs: checks every contender, measures, and writes down what was found.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { npmPage } from "../scripts/npm-page.mjs";
import { root, Stop } from "../scripts/run.mjs";
import { entrySizes } from "../scripts/size.mjs";
import { contenders } from "./all.mjs";
import * as contenderModule from "./contender.mjs";
import { bundle, inChromium, inNode } from "./fresh.mjs";
import { countGuards } from "./guards.mjs";
import { measureSizes, measureStart } from "./start.mjs";
import { countTables, kilobytes, timeTables } from "./tables.mjs";
import { orders, verify, verifyModule } from "./world.mjs";

/** The pages that show what is measured. */
const pages = ["README.md", "docs/performance.md"].map((page) => join(root, page));

/** Puts each table into the one page that has a place for it, and the sizes into sentences. */
function writePages(tables, sizes) {
  const texts = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
  for (const [name, table] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- end -->)`);
    const page = pages.find((one) => place.test(texts.get(one)));
    if (page === undefined) throw new Stop(`No page has a place for ${name}.`);
    texts.set(
      page,
      texts.get(page).replace(place, (_, start, end) => `${start}\n${table}\n${end}`),
    );
  }
  for (const [page, text] of texts) writeFileSync(page, withSizes(text, sizes));
  writeFileSync(join(root, "pkg-template", "README.md"), npmPage());
}

/** The sizes that stand in sentences, each between marks that name the contender and the form. */
const withSizes = (text, sizes) =>
  text.replace(/(<!-- size of (.+?), (raw|gzip|brotli) -->).*?(<!-- end -->)/g, (_, start, name, form, end) => {
    if (!(name in sizes)) throw new Stop(`A page has the size of ${name}, which is none that is measured.`);
    return `${start}${kilobytes(sizes[name][form])}${end}`;
  });

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
  const most = memberships.at(-1);
  const ordered = [];
  for (const order of orders) {
    ordered.push(await run(`${most} memberships ${order}`, "growth", `measureOrder(${most}, "${order}")`));
  }
  const times = await run("rows", "rows", `measureRows(${JSON.stringify(rows)})`);
  console.error(`${environment.name}: starting`);
  return { name: environment.name, growth, orders: ordered, times, start: await measureStart(environment, starts) };
}

/** All of it, or what the options of bench.mjs leave of it. */
export async function report({ quick, counts, verify: onlyVerify, write }) {
  const manifest = JSON.parse(readFileSync(join(root, "pkg-template", "package.json"), "utf8"));
  for (const contender of contenders) {
    console.log(`${contender.name}: ${verify(contender)} answers are right`);
  }
  console.log(`contender.mjs: ${verifyModule(contenderModule, manifest)} answers are right`);
  const guards = countGuards(1000);
  console.log(`guards: right after each of ${guards.length} updates`);
  if (onlyVerify) return;

  const sizes = await measureSizes();
  const said = { ...(counts ? {} : await time(quick)), ...countTables(guards, sizes, await entrySizes()) };
  const text = Object.values(said).join("\n");
  console.log(`\n${text}`);
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(join(root, "target", "bench.md"), text);
  if (write) writePages(said, sizes);
}

/** What is said of the times, by the names of the places. */
async function time(quick) {
  const settings = quick
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
  const when = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0].model.trim()}`;
  return { when: `Measured on ${when}${quick ? ", shortened" : ""}.\n`, ...timeTables(measured) };
}
