// A person at the demo page: what they do, and what they see.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { By } from "selenium-webdriver";
import { Select } from "selenium-webdriver/lib/select.js";
import { engines, open } from "../browser/engines.mjs";
import { serve, strictPolicy } from "../browser/serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** How long the page may take for anything, in milliseconds. */
const PATIENCE = 30_000;

/** As wide as the page needs to show the chat beside the rest. */
const WINDOW = { width: 1280, height: 900 };

export { engines };

/** Writes down what goes wrong, from before anything of the page runs. */
const WATCH = `globalThis.wrong = [];
for (const type of ["error", "unhandledrejection", "securitypolicyviolation"])
  addEventListener(type, ({ message, reason, violatedDirective, blockedURI }) => {
    wrong.push([type, message ?? violatedDirective ?? String(reason), blockedURI ?? ""].join(" ").trim());
  });
`;

/** One of each. */
const GO_WRONG = `setTimeout(() => { throw new Error("thrown"); });
Promise.reject(new Error("rejected"));
document.head.append(Object.assign(document.createElement("script"), { textContent: "1" }));
`;

/**
 * Serves the built page below a path of its own, as a host with other pages would, under the strictest policy. Before
 * its own script comes one that watches.
 */
export async function servePage() {
  const built = join(root, "dist");
  if (!existsSync(join(built, "index.html"))) throw new Error("There is no dist/: npm run demo -- --no-serve");
  const folder = mkdtempSync(join(tmpdir(), "rolecall-page-"));
  cpSync(built, join(folder, "dist"), { recursive: true });
  const index = readFileSync(join(built, "index.html"), "utf8");
  const watched = index.replace("<head>", '<head>\n    <script src="./watch.js"></script>');
  assert.notEqual(watched, index);
  writeFileSync(join(folder, "dist", "index.html"), watched);
  writeFileSync(join(folder, "dist", "watch.js"), WATCH);
  writeFileSync(join(folder, "dist", "go-wrong.js"), GO_WRONG);
  const { address, close } = await serve(folder, { headers: strictPolicy });
  return {
    address: `${address}dist/`,
    async close() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A person with a browser of that engine. */
export async function visit(engine, { address }) {
  const browser = await open(engine);
  await browser.manage().window().setRect(WINDOW);
  return new Visitor(browser, address);
}

/** What a button, a link or a tab is called: its label, or else its text. */
const CALLED = `
  const textsIn = (node) =>
    node.nodeType === 3 ? [node.nodeValue] : node.ariaHidden === "true" ? [] : [...node.childNodes].flatMap(textsIn);
  const called = (element) => (element.ariaLabel ?? textsIn(element).join("")).replace(/\\s+/g, " ").trim();
`;

export class Visitor {
  /**
   * @param {import("selenium-webdriver").WebDriver} browser
   * @param {string} address
   */
  constructor(browser, address) {
    this.browser = browser;
    this.address = address;
    /** What went wrong in the pages that were left. */
    this.wrong = [];
  }

  leave() {
    return this.browser.quit();
  }

  /** Opens the page anew, by a link or without one. */
  async arrive(link = "example=community") {
    this.wrong.push(...(await this.#wrongHere()));
    // Another fragment of the same address would be no new visit.
    await this.browser.get("about:blank");
    await this.browser.get(`${this.address}${link && `#${link}`}`);
    return this.news(/loaded|damaged/);
  }

  // What a person does.

  /** @param {string} tab */
  async openTab(tab) {
    await this.press(tab, "[role=tablist]");
  }

  /** Presses what is called that: a button, a tab, the summary of details. */
  async press(label, within = "body") {
    await (await this.control(label, within)).click();
  }

  /** What is called that; the first of several. */
  async control(label, within = "body") {
    // Scrolled to, as a person does: the drivers only just bring it to the edge.
    const found = await this.browser.executeScript(
      `${CALLED}
       const [within, label] = arguments;
       const found = [...document.querySelectorAll(within)]
         .flatMap((part) => [...part.querySelectorAll("button, summary")])
         .find((element) => element.checkVisibility() && called(element) === label);
       found?.scrollIntoView({ block: "center", inline: "center" });
       return found;`,
      within,
      label,
    );
    if (!found) throw new Error(`There is no “${label}” in ${within}.`);
    return found;
  }

  /** Clicks a radio button by its label. */
  async choose(label) {
    const found = await this.browser.findElement(By.xpath(`//label[.//input and normalize-space(.)="${label}"]`));
    await this.#click(found);
  }

  /** Ticks or unticks a box of the matrix. */
  async tick(permission, role) {
    await this.#click(await this.box(permission, role));
  }

  /** Saves what was ticked, once it says whom that concerns. */
  async save() {
    await this.until("#changes", /something|anything/);
    await this.press("Save");
    await this.news(/^Saved/);
  }

  box(permission, role) {
    return this.browser.findElement(By.css(`[aria-label="${permission}, ${role}"]`));
  }

  /** Chooses from a list by its accessible name. */
  async select(label, option) {
    await (await this.#list(label)).selectByVisibleText(option);
  }

  /** Types into a field, in place of what is there. */
  async type(label, text) {
    const field = await this.field(label);
    await field.clear();
    await field.sendKeys(text);
  }

  /** Replaces the text in the text area, as pasting does, and loads it. */
  async paste(text, manner = "starts a new service") {
    await this.openTab("Your data");
    await this.choose(manner);
    await this.browser.executeScript(
      `const [area, text] = arguments;
       area.value = text;
       area.dispatchEvent(new InputEvent("input", { bubbles: true }));`,
      await this.textArea(),
      text,
    );
    await this.press("Load");
  }

  /** WebDriver can't drag a file in from outside the browser: the events are those a browser sends then. */
  async drop(name, text) {
    await this.browser.executeScript(
      `const carried = new DataTransfer();
       carried.items.add(new File([arguments[1]], arguments[0], { type: "application/json" }));
       for (const type of ["dragenter", "dragover", "drop"])
         document.body.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));`,
      name,
      text,
    );
  }

  /** Answers the open dialog: fields by their labels, then its last button. */
  async answer(fields = {}) {
    for (const [label, text] of Object.entries(fields)) {
      const field = await this.field(label);
      if ((await field.getTagName()) === "select") await new Select(field).selectByVisibleText(text);
      else await this.type(label, text);
    }
    await this.browser.findElement(By.css("dialog[open] [type=submit]")).click();
  }

  async keys(...keys) {
    await this.browser
      .actions()
      .sendKeys(...keys)
      .perform();
  }

  // What a person sees.

  /** Waits until the status line says so; gives the line. */
  news(pattern) {
    return this.until("#news", pattern);
  }

  /** Waits until the text of an element is like that; gives it. */
  async until(selector, pattern) {
    let text = "";
    const seen = async () => {
      text = await this.text(selector);
      return pattern.test(text);
    };
    await this.browser.wait(seen, PATIENCE).catch((error) => {
      throw new Error(`${selector} says ${JSON.stringify(text)}, not ${pattern}.`, { cause: error });
    });
    return text;
  }

  /** The text on screen of the first such element; nothing where there is none. @param {string} selector */
  async text(selector) {
    return (await this.texts(selector))[0] ?? "";
  }

  /** The texts on screen, without those that are hidden. @param {string} selector */
  texts(selector) {
    return this.browser.executeScript(
      `return [...document.querySelectorAll(arguments[0])]
         .filter((element) => element.checkVisibility())
         .map((element) => element.innerText.replace(/\\s+/g, " ").trim());`,
      selector,
    );
  }

  /** The lines of a text, without the space around each. @param {string} selector */
  lines(selector) {
    return this.browser.executeScript(
      `return document.querySelector(arguments[0]).innerText.split("\\n").map((line) => line.trim());`,
      selector,
    );
  }

  /** What the buttons in a part of the page are called; those that are disabled in brackets. */
  controls(within) {
    return this.browser.executeScript(
      `${CALLED}
       return [...document.querySelectorAll(arguments[0] + " .control")]
         .filter((element) => element.checkVisibility())
         .map((element) => (element.ariaDisabled === "true" ? "[" + called(element) + "]" : called(element)));`,
      within,
    );
  }

  /** The selector of what one of the two people sees. */
  seat(who) {
    return `.seat[aria-label="The chat as ${who} sees it"]`;
  }

  /** The matrix: a line of marks for each permission, a mark for each role; a space where it can't be held. */
  async matrix() {
    const { roles, rows } = await this.browser.executeScript(
      `return {
         roles: [...document.querySelectorAll(".matrix button.role bdi")].map((role) => role.innerText),
         rows: [...document.querySelectorAll(".matrix tbody tr:not(.group)")].map((row) => [
           row.querySelector("th").innerText,
           [...row.querySelectorAll("td")].map((cell) => {
             const box = cell.querySelector("input");
             return box ? (box.checked ? "x" : ".") : " ";
           }).join(""),
         ]),
       };`,
    );
    // A driver may put the keys of an object into another order.
    return { roles, rows: Object.fromEntries(rows) };
  }

  /** The explanation on screen, by its parts. */
  why() {
    return this.browser.executeScript(
      `const why = document.querySelector("#why:popover-open");
       const texts = (selector) => [...why.querySelectorAll(selector)].map((part) => part.innerText.replace(/\\s+/g, " ").trim());
       return why && {
         verdict: texts(".verdict")[0],
         subject: texts("h2 code")[0],
         said: texts(":scope > p").join(" "),
         offers: texts(".offers button"),
       };`,
    );
  }

  /** What the endpoint would answer, as it is on screen. */
  async response() {
    const line = await this.until("#why figcaption", /./);
    return { line, body: JSON.parse(await this.text("#why pre")) };
  }

  /** The open dialog's text, without its buttons. */
  dialog() {
    return this.text("dialog[open] form");
  }

  async options(label) {
    const options = await (await this.#list(label)).getOptions();
    return Promise.all(options.map((option) => option.getText()));
  }

  async selected(label) {
    return (await (await this.#list(label)).getFirstSelectedOption()).getText();
  }

  textArea() {
    return this.browser.findElement(By.id("payload-text"));
  }

  /** The selected part of the text area, and whether the keyboard is there. */
  async selection() {
    return this.browser.executeScript(
      `const area = arguments[0];
       return {
         text: area.value.slice(area.selectionStart, area.selectionEnd),
         focused: document.activeElement === area,
       };`,
      await this.textArea(),
    );
  }

  /** The load report: the counts that are not zero, by section. */
  async report() {
    return this.browser.executeScript(
      `const names = [...document.querySelectorAll(".counts thead th")].map((cell) => cell.innerText);
       return Object.fromEntries([...document.querySelectorAll(".counts tbody tr")].map((row) => {
         const counts = [...row.querySelectorAll("td")].map((cell, at) => [names[at], Number(cell.innerText)]);
         return [row.querySelector("th").innerText, Object.fromEntries(counts.filter(([, count]) => count > 0))];
       }));`,
    );
  }

  /** The error's card: its heading, sentence and facts. */
  async failure() {
    return this.browser.executeScript(
      `const card = document.querySelector(".failure");
       return card && {
         title: card.querySelector("h3").innerText,
         message: card.querySelector("p").innerText,
         ...Object.fromEntries([...card.querySelectorAll("dl div")].map((fact) =>
           [fact.querySelector("dt").innerText, fact.querySelector("dd").innerText])),
       };`,
    );
  }

  /** What has the keyboard, by what it is called. */
  focused() {
    return this.browser.executeScript(`${CALLED} return called(document.activeElement);`);
  }

  /** A field by its label. */
  async field(label) {
    const found = await this.browser.findElements(By.css(`[aria-label="${label}"]`));
    if (found[0]) return found[0];
    const named = await this.browser.findElement(By.xpath(`//label[normalize-space(.)="${label}"]`));
    return this.browser.findElement(By.id(await named.getAttribute("for")));
  }

  /** Nothing has gone wrong in any page of this visitor, and what the page keeps is its own state. */
  async findsNothingWrong() {
    await this.arrive();
    await this.browser.wait(() => this.browser.executeScript("return localStorage.length > 0"), PATIENCE);
    const kept = await this.browser.executeAsyncScript(
      `const done = arguments[0];
       Promise.all([indexedDB.databases(), globalThis.caches?.keys() ?? []]).then(([databases, caches]) => done({
         local: Object.keys(localStorage),
         session: Object.keys(sessionStorage),
         cookies: document.cookie,
         databases: databases.map(({ name }) => name),
         caches,
       }));`,
    );
    assert.deepEqual(kept, { local: ["rolecall"], session: [], cookies: "", databases: [], caches: [] });
    assert.deepEqual([...this.wrong, ...(await this.#wrongHere())], []);

    // It would have been heard, of a script of the page's own.
    await this.browser.executeScript(
      'document.head.append(Object.assign(document.createElement("script"), { src: "./go-wrong.js" }));',
    );
    const kinds = ["error", "securitypolicyviolation", "unhandledrejection"];
    const heard = async () => new Set((await this.#wrongHere()).map((line) => line.split(" ")[0])).size;
    await this.browser.wait(async () => (await heard()) === kinds.length, PATIENCE, `not all of ${kinds}`);
  }

  /** What has gone wrong in this page; nothing in one that is not watched. */
  #wrongHere() {
    return this.browser.executeScript("return globalThis.wrong ?? []");
  }

  async #click(element) {
    await this.browser.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
    await element.click();
  }

  async #list(label) {
    return new Select(await this.field(label));
  }
}
