// How the demo page stands to people and their devices: accessibility, colour schemes, widths, what it loads.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { By } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { servePage, Visitor } from "./visitor.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = new URL("../../target/screenshots/", import.meta.url);

/** What a page can look like: each is a state in which every panel has something to show. */
const states = [
  ["the first example", () => {}],
  ["outlined controls", (visitor) => visitor.choose("Outline what is hidden")],
  ["a person who isn't loaded", (visitor) => visitor.typeIdentity("mallory")],
  ["no channel", (visitor) => visitor.ask({ where: "no channel" })],
  ["warnings", (visitor) => visitor.startFrom("Announcements")],
  ["a refusal", (visitor) => visitor.paste('{"roles": [{"sid": 1}]}')],
];

/** What axe finds, each with the elements it is about. */
async function findings(browser) {
  await browser.executeScript(axe);
  const { violations, passes } = await browser.executeAsyncScript(
    "const done = arguments[0]; axe.run().then(done, (error) => done({ error: String(error) }));",
  );
  assert(passes.length > 20, "axe has looked at the page");
  return violations.map(({ id, help, nodes }) => ({ id, help, targets: nodes.map(({ target }) => target.join(" ")) }));
}

describe("the demo page's appearance", () => {
  let site;
  before(async () => {
    site = await servePage();
  });
  after(() => site?.close());

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      /** @type {Visitor} */ let visitor;
      before(async () => {
        browser = await open(engine);
        visitor = new Visitor(browser, site.address);
      });
      after(() => browser?.quit());

      for (const [name, reach] of states) {
        test(`axe finds nothing in ${name}`, async () => {
          await visitor.arrive();
          await reach(visitor);
          assert.deepEqual(await findings(browser), []);
        });
      }

      test("loads from its own host only", async () => {
        await visitor.arrive();
        const hosts = await browser.executeScript(
          'return performance.getEntriesByType("resource").map(({ name }) => new URL(name).host)',
        );
        assert.deepEqual([...new Set(hosts)], [new URL(site.address).host]);
      });

      test("has one first heading, no level left out, and named regions", async () => {
        await visitor.arrive();
        const headings = await browser.findElements(By.css("h1, h2, h3, h4"));
        const levels = await Promise.all(
          headings.map(async (heading) => Number((await heading.getTagName()).slice(1))),
        );
        assert.deepEqual(levels.slice(0, 2), [1, 2]);
        assert.equal(levels.filter((level) => level === 1).length, 1);
        assert.deepEqual(
          levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1),
          [],
        );
        const regions = await browser.findElements(By.css("main section[aria-labelledby]"));
        const names = await Promise.all(regions.map((region) => region.getAccessibleName()));
        assert.deepEqual(names, [
          ...["The question", "What bob sees", "Effective permissions", "The JavaScript for this"],
          ...["Every decision", "The service’s JSON"],
        ]);
      });
    });
  }

  // Only Chromium's driver can choose a colour scheme and a width below that of a window.
  describe("in every scheme and width", { skip: !engines.includes("chromium") }, () => {
    let browser;
    /** @type {Visitor} */ let visitor;
    before(async () => {
      browser = await open("chromium");
      visitor = new Visitor(browser, site.address);
      mkdirSync(screenshots, { recursive: true });
    });
    after(() => browser?.quit());

    async function become({ scheme, width }) {
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await browser.sendDevToolsCommand("Emulation.setEmulatedMedia", { features });
      await resize(width, 900);
    }

    const resize = (width, height) =>
      browser.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
        ...{ width, height },
        ...{ deviceScaleFactor: 1, mobile: false },
      });

    async function keepScreenshot(name, width) {
      await resize(width, await browser.executeScript("return document.documentElement.scrollHeight"));
      writeFileSync(new URL(`${name}.png`, screenshots), await browser.takeScreenshot(), "base64");
    }

    for (const scheme of ["light", "dark"]) {
      for (const [width, reachable] of [
        [360, states],
        [800, states.slice(0, 1)],
        [1280, states],
        [1920, states.slice(0, 1)],
      ]) {
        for (const [name, reach] of reachable) {
          test(`${scheme}, ${width} pixels wide, ${name}: axe finds nothing, nothing is cut off`, async () => {
            await become({ scheme, width });
            await visitor.arrive();
            await reach(visitor);
            const { shown, whole } = await browser.executeScript(
              "const { clientWidth, scrollWidth } = document.documentElement; return { shown: clientWidth, whole: scrollWidth };",
            );
            assert(shown > width - 20);
            assert.equal(whole, shown);
            assert.deepEqual(await findings(browser), []);
            await keepScreenshot(`${name.replaceAll(/\W+/g, "-")}-${scheme}-${width}`, width);
          });
        }
      }
    }

    test("the colour schemes differ", async () => {
      const backgrounds = [];
      for (const scheme of ["light", "dark"]) {
        await become({ scheme, width: 1280 });
        await visitor.arrive();
        backgrounds.push(
          await browser.executeScript("return getComputedStyle(document.documentElement).backgroundColor"),
        );
      }
      assert.equal(new Set(backgrounds).size, 2);
    });

    for (const width of [360, 1280]) {
      test(`nothing jumps while the page starts, ${width} pixels wide`, async () => {
        await become({ scheme: "light", width });
        await visitor.arrive();
        const { supported, moved } = await browser.executeAsyncScript(
          `const done = arguments[0];
           const observer = new PerformanceObserver(() => {});
           observer.observe({ type: "layout-shift", buffered: true });
           requestAnimationFrame(() => requestAnimationFrame(() => done({
             supported: PerformanceObserver.supportedEntryTypes.includes("layout-shift"),
             moved: observer.takeRecords().reduce((sum, { value }) => sum + value, 0),
           })));`,
        );
        assert(supported);
        assert(moved < 0.02, `layout shift ${moved}`);
      });
    }

    test("the console stays empty", async () => {
      await visitor.arrive();
      const before = await browser.manage().logs().get("browser");
      assert.deepEqual(
        before.map(({ message }) => message),
        [],
      );
      await browser.executeScript("console.error('heard')");
      assert.equal((await browser.manage().logs().get("browser")).length, 1);
    });
  });
});
