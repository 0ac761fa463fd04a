// A person at the demo page: what they do, and what they see.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { By, Key, until } from "selenium-webdriver";
import { Select } from "selenium-webdriver/lib/select.js";
import { serve, strictPolicy } from "../browser/serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Serves the built page below a path of its own, as a host with other pages would, under the strictest policy. */
export async function servePage() {
  if (!existsSync(join(root, "dist/index.html"))) throw new Error("There is no dist/: npm run demo -- --no-serve");
  const { address, close } = await serve(root, { headers: strictPolicy });
  return { address: `${address}dist/`, close };
}

/** How long a page may take, in milliseconds. */
const PATIENCE = 10_000;

export class Visitor {
  /**
   * @param {import("selenium-webdriver").WebDriver} browser
   * @param {string} address
   */
  constructor(browser, address) {
    this.browser = browser;
    this.address = address;
  }

  /** Opens the page anew. */
  async arrive() {
    await this.browser.get(this.address);
    await this.#news(/^Community loaded/);
  }

  // What a person does.

  async startFrom(example) {
    await this.choose(example);
    await this.#news(new RegExp(`^${example} loaded`));
  }

  /** Clicks the label of a radio button or a checkbox. */
  async choose(label) {
    await (await this.#find(`//label[normalize-space()="${label}"]`)).click();
  }

  async press(button) {
    await (await this.#find(`//button[normalize-space()="${button}"]`)).click();
  }

  /** @param {{ who?: string, where?: string, whose?: string }} question each as the page words it */
  async ask({ who, where, whose }) {
    if (who !== undefined) await new Select(await this.#field("Who is looking")).selectByVisibleText(who);
    if (where !== undefined) await new Select(await this.#field("In which")).selectByVisibleText(where);
    if (whose !== undefined) await this.choose(whose);
  }

  async typeIdentity(identity) {
    const field = await this.#field("or any identity");
    await field.clear();
    await field.sendKeys(identity);
  }

  /** Replaces the text in the text area, as pasting does, and loads it. */
  async paste(text, manner = "starts a new service") {
    await this.choose(manner);
    const area = await this.textArea();
    await this.browser.executeScript("arguments[0].value = arguments[1]", area, text);
    await this.press("Load");
  }

  async pick(path) {
    await (await this.browser.findElement(By.css("input[type=file]"))).sendKeys(path);
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

  async keys(...keys) {
    await this.browser
      .switchTo()
      .activeElement()
      .sendKeys(...keys);
  }

  async tab(times = 1) {
    for (let pressed = 0; pressed < times; pressed += 1) await this.browser.actions().sendKeys(Key.TAB).perform();
  }

  // What a person sees.

  /** @param {string} selector */
  async text(selector) {
    return (await this.browser.findElement(By.css(selector))).getText();
  }

  /** @param {string} selector */
  async texts(selector) {
    const found = await this.browser.findElements(By.css(selector));
    const shown = await Promise.all(found.map((each) => each.getText()));
    return shown.filter((text) => text !== "");
  }

  /** The row of an action: its answer, and the lines below it. */
  async decision(action) {
    const row = await this.browser.findElement(By.css(`#ledger [data-action="${action}"]`));
    const part = async (selector) => (await row.findElement(By.css(selector))).getText();
    const facts = await row.findElements(By.css(".facts li"));
    return {
      answer: await part(".verdict-answer"),
      message: await part(".message"),
      facts: await Promise.all(facts.map((fact) => fact.getText())),
    };
  }

  /** The labels of the controls on screen in a part of the chat. */
  async controls(part) {
    return this.texts(`#chat ${part} button[data-action]`);
  }

  async options(label) {
    const options = await new Select(await this.#field(label)).getOptions();
    return Promise.all(options.map((option) => option.getText()));
  }

  async selectedOption(label) {
    return (await new Select(await this.#field(label)).getFirstSelectedOption()).getText();
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

  /** The load report: a row of the counts that are not zero for each section. */
  async report() {
    return this.browser.executeScript(
      `const names = [...document.querySelectorAll("#report thead th")].map((cell) => cell.innerText);
       return Object.fromEntries([...document.querySelectorAll("#report tbody tr")].map((row) => {
         const counts = [...row.querySelectorAll("td")].map((cell, at) => [names[at], Number(cell.innerText)]);
         return [row.querySelector("th").innerText, Object.fromEntries(counts.filter(([, count]) => count > 0))];
       }));`,
    );
  }

  /** The error's card: its heading, sentence and facts. */
  async failure() {
    return this.browser.executeScript(
      `const card = document.querySelector("#failure .card");
       return card && {
         title: card.querySelector("h3").innerText,
         message: card.querySelector("p").innerText,
         ...Object.fromEntries([...card.querySelectorAll("dl div")].map((fact) =>
           [fact.querySelector("dt").innerText, fact.querySelector("dd").innerText])),
       };`,
    );
  }

  /** Waits until the line of news says so; gives the line. */
  async sees(pattern) {
    return this.#news(pattern);
  }

  async #news(pattern) {
    const line = await this.browser.findElement(By.id("news"));
    await this.browser.wait(until.elementTextMatches(line, pattern), PATIENCE).catch(async (error) => {
      throw new Error(`The page says ${JSON.stringify(await line.getText())}, not ${pattern}.`, { cause: error });
    });
    return line.getText();
  }

  #find(xpath) {
    return this.browser.findElement(By.xpath(xpath));
  }

  async #field(label) {
    const found = await this.#find(`//label[starts-with(normalize-space(), "${label}")]`);
    return this.browser.findElement(By.id(await found.getAttribute("for")));
  }
}
