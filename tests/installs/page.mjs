// What a visitor of a project's page sees.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { By, until } from "selenium-webdriver";
import { npm } from "../../scripts/run.mjs";

/** The page has a verdict of its own, which must be that it passed. */
export async function readVerdict(browser, address) {
  await browser.get(address);
  const verdict = await browser.wait(until.elementLocated(By.id("verdict")), 20_000);
  assert.equal(await verdict.getText(), "passed");
}

/** The control `id` is not there until alice is promoted; one whose answer stays is not rendered again. */
export async function visit(browser, address, id = "delete") {
  await browser.get(address);
  const promote = await browser.wait(until.elementLocated(By.id("promote")), 20_000);
  const shown = async () => {
    const controls = await browser.findElements(By.id(id));
    return controls.length > 0 && (await controls[0].isDisplayed());
  };
  const renders = () => browser.executeScript("return document.querySelector('[data-renders]')?.dataset.renders;");
  assert.equal(await shown(), false, "The control is there too early.");
  const before = await renders();
  await promote.click();
  await browser.wait(shown, 5000, "The control did not come.");
  assert.equal(await renders(), before, "A control was rendered again though its answer is as it was.");
}

/**
 * A component is edited while the page is open: another one takes its place in the same page, and follows the service as
 * it did.
 */
export async function edit(browser, file) {
  await browser.executeScript("window.isTheSamePage = true;");
  writeFileSync(file, readFileSync(file, "utf8").replace(/\bDelete(?=[<{])/, "Remove"));
  const isFollowed = `document.querySelector("#promote").click();
    return document.querySelector("#delete")?.textContent.trim() === "Remove";`;
  await browser.wait(() => browser.executeScript(isFollowed), 10_000, "The edited component does not follow.");
  assert.equal(await browser.executeScript("return window.isTheSamePage;"), true);
}

/** Runs one of a project's scripts that serves it: gives its address, once it has said it, what it `said`, and what ends it. */
export async function startServer(folder, script) {
  const [program, first] = npm();
  const child = spawn(program, [...first, "run", script], { cwd: folder, detached: true });
  const stop = () => process.kill(-child.pid);
  const said = [];
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    // Every line is read, also later, since Vite ends when nobody does.
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      // The address is printed in colours.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are control characters
      const found = /http:\/\/localhost:\d+/.exec(line.replace(/\u001b\[\d+m/g, ""));
      if (found) resolve(`${found[0]}/`);
    });
    child.once("exit", () => reject(new Error(`\`npm run ${script}\` ended before it said its address.`)));
  });
  return { address, said, stop };
}
