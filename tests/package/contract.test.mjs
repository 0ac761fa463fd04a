// What the package promises, as tables in contract/: the same tests in Node and in the page of each engine.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assert as chai } from "chai";
import { until } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { produced, warnedOf } from "./contract/shared/check.mjs";
import { bundle, page, servePackage } from "./served.mjs";

const folder = fileURLToPath(new URL("contract/", import.meta.url));
const snapshotFiles = { 1: join(folder, "snapshot-v1.json"), 2: join(folder, "snapshot-v2.json") };
const snapshots = Object.fromEntries(
  Object.entries(snapshotFiles).map(([version, path]) => [version, JSON.parse(readFileSync(path, "utf8"))]),
);

/** Each file's name, path and tests. */
const files = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".mjs"))
    .sort()
    .map(async (name) => ({
      name: name.replace(".mjs", ""),
      path: join(folder, name),
      tests: (await import(pathToFileURL(join(folder, name)))).tests,
    })),
);

/** Runs every test and keeps what each one threw, or null. */
const pageProgram = `import * as rolecall from "rolecall";
import { assert } from ${JSON.stringify(fileURLToPath(import.meta.resolve("chai")))};
${Object.entries(snapshotFiles)
  .map(([version, path]) => `import snapshot${version} from ${JSON.stringify(path)};`)
  .join("\n")}
${files.map(({ path }, at) => `import { tests as tests${at} } from ${JSON.stringify(path)};`).join("\n")}
const snapshots = { ${Object.keys(snapshotFiles).map((version) => `${version}: snapshot${version}`)} };
const files = { ${files.map(({ name }, at) => `${JSON.stringify(name)}: tests${at}`).join(", ")} };
globalThis.results = {};
for (const [file, tests] of Object.entries(files)) {
  for (const [name, run] of Object.entries(tests)) {
    try {
      await run(rolecall, assert, snapshots);
      globalThis.results[file + ": " + name] = null;
    } catch (error) {
      globalThis.results[file + ": " + name] = error + "\\n" + error.stack;
    }
  }
}
document.title = "done";
`;

const served = servePackage(async (project, write) => {
  write("index.html", page("contract.js"));
  await bundle(project, pageProgram, "contract.js");
});

describe("the contract in Node", () => {
  let rolecall;
  before(async () => {
    const { folder, resolve } = served.project;
    rolecall = await import(pathToFileURL(join(folder, resolve("rolecall"))));
  });

  for (const { name, tests } of files) {
    describe(name, () => {
      assert.notEqual(Object.keys(tests).length, 0);
      for (const [about, run] of Object.entries(tests)) test(about, () => run(rolecall, chai, snapshots));
    });
  }
});

/** The words of a type in the declarations. */
function wordsOf(type) {
  const source = readFileSync(new URL("../../pkg-template/names.ts", import.meta.url), "utf8");
  const union = new RegExp(`export type ${type} =([^;]+);`).exec(source)[1];
  return [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code).sort();
}

/**
 * What no service throws: starting.test.mjs has how it may not start, tests/frameworks/ what stops following the SDK; and
 * JavaScript loads objects, so only Rust reads JSON.
 */
const ELSEWHERE = [
  ...["invalid-json", "not-ready", "webassembly-missing", "webassembly-blocked", "init-required", "stopped"],
];

test("each code of an error and of a warning is produced by a test", () => {
  assert.deepEqual([...produced, ...ELSEWHERE].sort(), wordsOf("ErrorCode"));
  assert.deepEqual([...warnedOf].sort(), wordsOf("WarningCode"));
});

describe("the contract in a page", () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      let results;
      before(async () => {
        browser = await open(engine);
        await browser.get(served.site.address);
        await browser.wait(until.titleIs("done"), 60_000);
        results = await browser.executeScript("return globalThis.results");
      });
      after(() => browser?.quit());

      for (const { name, tests } of files) {
        describe(name, () => {
          for (const about of Object.keys(tests)) test(about, () => assert.equal(results[`${name}: ${about}`], null));
        });
      }
    });
  }
});
