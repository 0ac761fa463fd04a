// Small real projects that install the packed package, and are built and run as their users would.
//
// Each folder here is one. `npm run build` leaves a page in `dist/`, and `npm test` a verdict. Every page shows a
// button to promote alice; another, to delete bob's message, is only there once she is promoted.
//
// The projects without dependencies of their own find esbuild in the node_modules of the repository; they are
// in `npm test`. `npm run test:consumers` runs all: it asks the registry for what they install. To run one of them:
// `CONSUMERS=all node tests/consumers/consumers.test.mjs next`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { By, until } from "selenium-webdriver";
import { pack } from "../../scripts/pack.mjs";
import { npm, root, runNpm } from "../../scripts/run.mjs";
import { engines, open } from "../browser/engines.mjs";
import { serve } from "../browser/serve.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const everything = process.env.CONSUMERS === "all";
const chosen = process.argv.slice(2);

const projects = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, ...JSON.parse(readFileSync(join(here, name, "package.json"), "utf8")) }))
  .filter(({ dependencies }) => everything || !dependencies)
  .filter(({ name }) => chosen.length === 0 || chosen.includes(name));
assert.notEqual(projects.length, 0, "No project was chosen.");

/** Beside each project's own files, which may take the place of one. */
const shared = ["access.json", "index.html", "main.js", "message.jsx", "react.jsx", "view.js"];

/** A copy of the project with everything installed: inside of the repository only if it relies on its node_modules. */
function install({ name, dependencies }, tarball) {
  const parent = dependencies ? tmpdir() : join(root, "target");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `consumer-${name}-`));
  for (const file of shared) cpSync(join(here, file), join(folder, file));
  cpSync(join(here, name), folder, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  runNpm(["install", ...quiet, dependencies ? "--prefer-offline" : "--offline", tarball], folder);
  return folder;
}

/** What a visitor sees in the page at `address`: no way to delete, until alice is promoted. */
async function visit(browser, address) {
  await browser.get(address);
  const promote = await browser.wait(until.elementLocated(By.id("promote")), 20_000);
  const shown = async () => {
    const buttons = await browser.findElements(By.id("delete"));
    return buttons.length > 0 && (await buttons[0].isDisplayed());
  };
  assert.equal(await shown(), false, "The button to delete is there too early.");
  await promote.click();
  await browser.wait(shown, 5000, "The button to delete did not come.");
}

/**
 * What comes of a component that is edited while the page is open: another one takes its place in the same page, and
 * follows the service as it did.
 */
async function edit(browser, file) {
  await browser.executeScript("window.isTheSamePage = true;");
  writeFileSync(file, readFileSync(file, "utf8").replace(/\bDelete(?=[<{])/, "Remove"));
  const isFollowed = `document.querySelector("#promote").click();
    return document.querySelector("#delete")?.textContent.trim() === "Remove";`;
  await browser.wait(() => browser.executeScript(isFollowed), 10_000, "The edited component does not follow.");
  assert.equal(await browser.executeScript("return window.isTheSamePage;"), true);
}

/** Vite's development server, once it has said its address. */
async function startDevelopment(folder) {
  const [program, first] = npm();
  const child = spawn(program, [...first, "run", "dev"], { cwd: folder, detached: true });
  const stop = () => process.kill(-child.pid);
  const address = await new Promise((resolve, reject) => {
    // Every line is read, also later, since Vite ends when nobody does.
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Vite prints its address in colours.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are control characters
      const found = /http:\/\/localhost:\d+\//.exec(line.replace(/\u001b\[\d+m/g, ""));
      if (found) resolve(found[0]);
    });
    child.once("exit", () => reject(new Error("Vite ended before it said its address.")));
  });
  return { address, stop };
}

describe("a project that installs the package", () => {
  let tarball;
  let browser;
  before(async () => {
    tarball = pack(mkdtempSync(join(tmpdir(), "rolecall-packed-"))).path;
    browser = await open(engines[0]);
  });
  after(() => browser?.quit());

  for (const project of projects) {
    describe(project.name, () => {
      let folder;
      before(() => {
        folder = install(project, tarball);
      });
      after(() => rmSync(folder, { recursive: true, force: true }));

      if (project.scripts.test) test("passes its tests", () => runNpm(["test"], folder));
      if (project.scripts.build) {
        test("is built, and its page follows the service", async () => {
          runNpm(["run", "build"], folder);
          const site = await serve(join(folder, "dist"));
          try {
            await visit(browser, site.address);
          } finally {
            await site.close();
          }
        });
      }
      if (project.scripts.dev) {
        test("works in development too, and survives hot reload", async () => {
          const server = await startDevelopment(folder);
          try {
            await visit(browser, server.address);
            await edit(browser, join(folder, project.component));
          } finally {
            server.stop();
          }
        });
      }
    });
  }
});
