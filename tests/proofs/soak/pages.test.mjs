// What is bound to a page's elements, done over and over, keeps the memory flat, too: in Chromium, which tells how much of it
// is in use.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "selenium-webdriver";
import { engines, open } from "../../browser/engines.mjs";
import { serveModule } from "../../browser/serve.mjs";
import { forgotten } from "./operations.mjs";

const count = Number(process.env.SOAK ?? 10_000);

/** What the engine itself keeps, in bytes; and what one operation may leave. */
const noise = 512 * 1024;
const each = 4;

/** Of elements and listeners, what the engine itself holds for a while. */
const fewNodes = 100;

describe("in a page", { skip: !engines.includes("chromium") && "Chromium is not there" }, () => {
  const served = serveModule(new URL("page.mjs", import.meta.url));
  let browser;
  before(async () => {
    browser = await open("chromium");
    await browser.manage().setTimeouts({ script: 60_000 + count * 10 });
    await browser.get(served.site.address);
    await browser.wait(until.titleIs("ready"), 60_000);
  });
  after(() => browser?.quit());

  const tell = (command) => browser.sendAndGetDevToolsCommand(command, {});

  async function used() {
    // More than once: what a finalizer lets go of is collected after it.
    for (let round = 0; round < 4; round++) await tell("HeapProfiler.collectGarbage");
    const { usedSize } = await tell("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await tell("Memory.getDOMCounters");
    return { heap: usedSize, nodes, listeners: jsEventListeners };
  }

  async function repeat(name, from, to) {
    const wasm = await browser.executeAsyncScript(
      (name, from, to, done) => globalThis.soak.repeat(name, from, to).then(done),
      ...[name, from, to],
    );
    return { wasm, ...(await used()) };
  }

  test(`each operation, ${count} times, leaves no memory in use`, async (context) => {
    const names = await browser.executeScript("return soak.names");
    assert.ok(names.length > 0);
    for (const name of names) {
      await context.test(name, async (context) => {
        await browser.executeScript("soak.begin()");
        const middle = await repeat(name, 0, count / 2);
        const end = await repeat(name, count / 2, count);
        await browser.executeScript("soak.end()");
        const grown = Object.fromEntries(Object.keys(end).map((key) => [key, end[key] - middle[key]]));
        context.diagnostic(`${name}: ${JSON.stringify(grown)}`);
        assert.equal(grown.wasm, 0, "bytes of WebAssembly");
        assert.ok(grown.heap < noise + (count / 2) * each, `the heap grew by ${grown.heap} bytes`);
        assert.ok(grown.nodes < fewNodes, `${grown.nodes} nodes`);
        assert.ok(grown.listeners < fewNodes, `${grown.listeners} listeners of events`);
      });
    }
  });

  test("every function that the package exports is in an operation, in Node or here", async () => {
    const inPage = await browser.executeScript("return soak.forgotten()");
    assert.deepEqual(
      forgotten().filter((name) => inPage.includes(name)),
      [],
    );
  });
});
