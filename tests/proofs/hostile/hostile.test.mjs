// Nothing hostile gets past the package, in Node and in the page of each engine. `HOSTILE_CASES` and `HOSTILE_SEED` ask for
// more and for others; a failure names its case, and `HOSTILE_ONLY` runs that one: "rolecall Service.prototype.load 17".
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "selenium-webdriver";
import { root } from "../../../scripts/run.mjs";
import { engines, open } from "../../browser/engines.mjs";
import { serveModule } from "../../browser/serve.mjs";
import { attack } from "./attack.mjs";
import { ENTRIES, IN_PAGES_ONLY } from "./calls.mjs";
import { runTable, tableNames } from "./page.mjs";

const isLong = process.env.HOSTILE === "all";
const cases = Number(process.env.HOSTILE_CASES ?? (isLong ? 10_000 : 500));
const seed = Number(process.env.HOSTILE_SEED ?? 1);
const only = process.env.HOSTILE_ONLY;

/** Node and the engines each try others. */
const optionsIn = (place) => ({ seed: seed + place, cases, only, runs: Math.ceil(cases / 100) });
console.log(`HOSTILE_SEED=${seed}, HOSTILE_CASES=${cases} for each function in each of Node, ${engines.join(", ")}`);

/** What came of an attack. That something was refused and something answered shows that it was one. */
function assertWithstood({ functions, calls, refused, answered, judged, failures }) {
  assert.deepEqual(failures, []);
  if (only !== undefined) return;
  assert.ok(functions > 0, "no function");
  assert.equal(calls, functions * cases);
  assert.equal(refused + answered, calls);
  assert.ok(answered > 0);
  if (functions > 10) assert.ok(refused > calls / 4 && judged > calls / 100, `${refused} refused, ${judged} judged`);
}

/** What of the package has no functions. */
const FILES = ["rolecall/rolecall.wasm", "rolecall/package.json"];

test("every entry point of the package is attacked", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  const entries = Object.keys(exports).map((path) => `rolecall${path.slice(1)}`);
  assert.deepEqual(entries.sort(), [...Object.keys(ENTRIES), ...FILES].sort());
});

describe("in Node", () => {
  for (const entry of Object.keys(ENTRIES).filter((entry) => !IN_PAGES_ONLY.includes(entry))) {
    test(`${entry} withstands hostile values`, async () => assertWithstood(await attack(entry, optionsIn(0))));
  }
  for (const name of tableNames) test(name, async () => assert.equal(await runTable(name, optionsIn(0)), null));
});

describe("in a page", () => {
  const served = serveModule(new URL("page.mjs", import.meta.url));

  for (const [place, engine] of engines.entries()) {
    describe(`of ${engine}`, () => {
      let browser;
      let results;
      before(async () => {
        browser = await open(engine);
        const options = encodeURIComponent(JSON.stringify(optionsIn(place + 1)));
        await browser.get(`${served.site.address}?${options}`);
        await browser.wait(until.titleIs("done"), 120_000 + cases * 200);
        results = await browser.executeScript("return globalThis.results");
      });
      after(() => browser?.quit());

      for (const entry of Object.keys(ENTRIES)) {
        test(`${entry} withstands hostile values`, () => assertWithstood(results[entry]));
      }
      for (const name of tableNames) test(name, () => assert.equal(results[name], null));
    });
  }
});
