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
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
const shared = ["access.json", "index.html", "main.js", "react.jsx", "view.js"];

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

/** Vite's development server; gives its address once it says it. */
async function startDevelopment(folder) {
  const [program, first] = npm();
  const child = spawn(program, [...first, "run", "dev"], { cwd: folder, detached: true });
  const stop = () => process.kill(-child.pid);
  for await (const text of child.stdout.setEncoding("utf8")) {
    // Vite prints its address in colours, and in pieces.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are control characters
    const address = /http:\/\/localhost:\d+\//.exec(text.replace(/\u001b\[\d+m/g, ""))?.[0];
    if (address) return { address, stop };
  }
  throw new Error("Vite ended before it said its address.");
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
        test("works in development too", async () => {
          const server = await startDevelopment(folder);
          try {
            await visit(browser, server.address);
          } finally {
            server.stop();
          }
        });
      }
    });
  }
});
