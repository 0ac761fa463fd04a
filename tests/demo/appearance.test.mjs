// How the demo page stands to people and their devices: accessibility, colour schemes, widths, what it loads.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { By } from "selenium-webdriver";
import { engines, servePage, visit } from "./visitor.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = new URL("../../target/screenshots/", import.meta.url);

/** What the page can look like, and how a person gets there. */
const states = [
  ["roles", "tab=roles", () => {}],
  [
    "a change not saved",
    "tab=roles",
    async (visitor) => {
      await visitor.tick("deleteAnyMessage", "channel user");
      await visitor.tick("sendMessage", "channel admin");
      await visitor.until("#changes", /gain/);
    },
  ],
  [
    "deleting a role",
    "tab=roles",
    async (visitor) => {
      await visitor.press("channel user default");
      await visitor.press("Delete …");
      await visitor.until("dialog[open] form", /loses/);
    },
  ],
  ["a role", "tab=roles", (visitor) => visitor.press("channel user default")],
  ["users", "tab=users", () => {}],
  ["a user", "tab=users", (visitor) => visitor.press("bob")],
  ["the chat", "tab=chat", (visitor) => visitor.press("4 members")],
  [
    "a closed conversation",
    "example=flex&tab=chat&denied=disabled",
    async (visitor) => {
      await visitor.press("Task 1038 private closed", visitor.seat("agent_ren"));
      await visitor.press("Send", visitor.seat("agent_ren"));
    },
  ],
  ["a newcomer", "example=newcomer&tab=chat", () => {}],
  ["somebody who sees nothing", "tab=chat&as=mallory&as=frank", () => {}],
  [
    "a refusal",
    "tab=chat&denied=disabled&as=bob&as=alice",
    async (visitor) => {
      await visitor.press("Delete: the message of alice", visitor.seat("bob"));
      await visitor.press("Try it anyway");
      await visitor.until("#why figcaption", /403/);
    },
  ],
  [
    "why a box is ticked",
    "tab=roles",
    async (visitor) => {
      await visitor.press("Why?", "#start");
      await visitor.tick("editOwnMessage", "channel user");
    },
  ],
  ["code", "tab=code", () => {}],
  ["your data", "tab=payload", () => {}],
  ["what was not loaded", "tab=payload", (visitor) => visitor.paste('{"roles": [{"sid": 1}]}')],
];

/** The states that an engine, a scheme or a width might get wrong; the rest looks as in these. */
const telling = ["a change not saved", "the chat", "a closed conversation", "a refusal", "your data"];
const linkTo = (link) => (link.startsWith("example=") ? link : `example=community&${link}`);
const looks = [
  ...states.map(([name]) => ["dark", 1280, name]),
  // The others are looked at in each engine.
  ...states.filter(([name]) => !telling.includes(name)).map(([name]) => ["light", 1280, name]),
  ...["light", "dark"].flatMap((scheme) => telling.map((name) => [scheme, 360, name])),
  ["light", 360, "a role"],
  ...[800, 1920].flatMap((width) => [
    ["light", width, "a change not saved"],
    ["dark", width, "the chat"],
  ]),
];

/** What axe finds, each with the elements it is about. */
async function findings(browser) {
  await browser.executeScript(axe);
  const { violations, passes } = await browser.executeAsyncScript(
    "const done = arguments[0]; axe.run().then(done, (error) => done({ error: String(error) }));",
  );
  assert(passes.length > 10, "axe has looked at the page");
  return violations.map(({ id, help, nodes }) => ({ id, help, targets: nodes.map(({ target }) => target.join(" ")) }));
}

describe("the demo page's appearance", () => {
  let site;
  before(async () => {
    site = await servePage();
    mkdirSync(screenshots, { recursive: true });
  });
  after(() => site?.close());

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      /** @type {import("./visitor.mjs").Visitor} */ let visitor;
      before(async () => {
        visitor = await visit(engine, site);
      });
      after(() => visitor?.leave());

      for (const [name, link, reach] of states.filter(([name]) => telling.includes(name))) {
        test(`axe finds nothing in ${name}`, async () => {
          await visitor.arrive(linkTo(link));
          await reach(visitor);
          assert.deepEqual(await findings(visitor.browser), []);
          const screenshot = await visitor.browser.takeScreenshot();
          writeFileSync(new URL(`${name.replaceAll(" ", "-")}-${engine}.png`, screenshots), screenshot, "base64");
        });
      }

      test("loads from its own host only", async () => {
        await visitor.arrive();
        const hosts = await visitor.browser.executeScript(
          'return performance.getEntriesByType("resource").map(({ name }) => new URL(name).host)',
        );
        assert.deepEqual([...new Set(hosts)], [new URL(site.address).host]);
      });

      test("has one first heading, no level left out, and named regions", async () => {
        await visitor.arrive();
        const headings = await visitor.browser.findElements(By.css("h1, h2, h3, h4"));
        const levels = await Promise.all(
          headings.map(async (heading) => Number((await heading.getTagName()).slice(1))),
        );
        assert.deepEqual(levels, [1, 2, 2, 3, 3]);
        const regions = await visitor.browser.findElements(By.css("[role=tabpanel], main section"));
        const names = await Promise.all(regions.map((region) => region.getAccessibleName()));
        assert.deepEqual(names, ["Roles", "Chat", "The chat as alice sees it", "The chat as bob sees it"]);
      });

      // After all that was done above.
      test("throws nothing, breaks no policy, and keeps its own state only", () => visitor.findsNothingWrong());
    });
  }

  // Only Chromium's driver can choose a colour scheme and a width below that of a window.
  describe("in every scheme and width", { skip: !engines.includes("chromium") }, () => {
    /** @type {import("./visitor.mjs").Visitor} */ let visitor;
    let browser;
    before(async () => {
      visitor = await visit("chromium", site);
      browser = visitor.browser;
    });
    after(() => visitor?.leave());

    async function become({ scheme, width }) {
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await browser.sendDevToolsCommand("Emulation.setEmulatedMedia", { features });
      await browser.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
        ...{ width, height: 900 },
        ...{ deviceScaleFactor: 1, mobile: false },
      });
    }

    for (const [scheme, width, name] of looks) {
      test(`${scheme}, ${width} pixels wide, ${name}: axe finds nothing, nothing is cut off`, async () => {
        const [, link, reach] = states.find(([each]) => each === name);
        await become({ scheme, width });
        await visitor.arrive(linkTo(link));
        await reach(visitor);
        const { shown, beyond } = await browser.executeScript(
          `const parts = [document.documentElement, ...document.querySelectorAll("dialog[open]")];
           const beyond = parts.filter(({ clientWidth, scrollWidth }) => scrollWidth !== clientWidth);
           return { shown: parts[0].clientWidth, beyond: beyond.map(({ localName }) => localName) };`,
        );
        assert(shown > width - 20);
        assert.deepEqual(beyond, []);
        assert.deepEqual(await findings(browser), []);
        const file = `${name.replaceAll(" ", "-")}-${scheme}-${width}.png`;
        writeFileSync(new URL(file, screenshots), await browser.takeScreenshot(), "base64");
      });
    }

    test("which panels stand beside the tabs depends on the room for them", async () => {
      const tabs = {};
      for (const width of [360, 1280, 1920]) {
        await become({ scheme: "light", width });
        await visitor.arrive();
        tabs[width] = await visitor.texts("[role=tab]");
      }
      assert.deepEqual(tabs, {
        360: ["Roles", "Users", "Chat", "Code", "Your data"],
        1280: ["Roles", "Users", "Code", "Your data"],
        1920: ["Roles", "Code", "Your data"],
      });
    });

    for (const [width, example, denied] of [360, 1280, 1920].flatMap((each) => [
      ...["community", "flex", "festival"].map((example) => [each, example, "hidden"]),
      [each, "flex", "disabled"],
    ])) {
      test(`every channel of ${example} and the button for a new one are whole, ${width} pixels wide, ${denied}`, async () => {
        await become({ scheme: "light", width });
        await visitor.arrive(`example=${example}&tab=chat&denied=${denied}`);
        const { seen, cut } = await browser.executeScript(
          `const parts = [...document.querySelectorAll(".channels")].flatMap((list) => {
             const edges = list.getBoundingClientRect();
             return [...list.querySelectorAll("button")].filter((each) => each.checkVisibility()).map((each) => {
               const { left, right, top, bottom } = each.getBoundingClientRect();
               const whole = left >= edges.left && right <= edges.right && top >= edges.top && bottom <= edges.bottom;
               return [each.innerText.trim(), whole];
             });
           });
           return { seen: parts.length, cut: parts.filter(([, whole]) => !whole).map(([name]) => name) };`,
        );
        assert(seen > 5);
        assert.deepEqual(cut, []);
      });
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

    for (const width of [360, 1280, 1920]) {
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

    test("throws nothing, breaks no policy, and keeps its own state only", () => visitor.findsNothingWrong());
  });
});
