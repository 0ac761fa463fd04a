// Real projects that install the packed package, and are type-checked, tested, built and run as their users would:
// projects.mjs is the table of them. `npm test` has the quick ones, `npm run test:installs` all. To run some:
// `INSTALLS=all node tests/installs/installs.test.mjs next parcel`.
//
// Every page shows a button to promote alice; another control is only there once she is promoted.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pack } from "../../scripts/pack.mjs";
import { npm } from "../../scripts/run.mjs";
import { engines, open } from "../browser/engines.mjs";
import { serve } from "../browser/serve.mjs";
import { install } from "./install.mjs";
import { edit, readVerdict, startServer, visit } from "./page.mjs";
import { projects } from "./projects.mjs";

const words = process.argv.slice(2);
const everything = process.env.INSTALLS === "all";
const chosen = projects
  .filter(({ quick }) => quick || everything)
  .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
assert.notEqual(chosen.length, 0, "No project was chosen.");

/** Runs one of the project's scripts as on a server that builds; shows what it printed if it fails. */
function runScript(folder, script) {
  const [program, first] = npm();
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...environment } = process.env;
  try {
    execFileSync(program, [...first, "run", script], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment, CI: "true", NEXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false" },
    });
  } catch ({ stdout, stderr }) {
    throw new Error(`\`npm run ${script}\` failed:\n${stdout}${stderr}`);
  }
}

const packed = mkdtempSync(join(tmpdir(), "rolecall-packed-"));
let tarball;
let browser;
before(async () => {
  tarball = pack(packed).path;
  browser = await open(engines[0]);
});
after(async () => {
  rmSync(packed, { recursive: true, force: true });
  await browser?.quit();
});

/** Does something with a project's server while it runs. */
async function whileServing(folder, script, use) {
  const server = await startServer(folder, script);
  try {
    await use(server.address);
  } catch (error) {
    throw new Error(`${error.message}\nThe server said:\n${server.said.join("\n")}`, { cause: error });
  } finally {
    // A page of Vite's that stays would look for its server again and again, and Chromium lets the WebSockets of later pages wait
    // after so many that fail: they would miss that a component was edited.
    await browser.get("about:blank").finally(server.stop);
  }
}

for (const project of chosen) {
  test(`${project.name}: ${project.why}`, async (t) => {
    const { folder, missing } = install(project, tarball);
    if (missing) {
      console.log(`Skipped: the installation ${project.name}, because npm has not what it needs: ${missing}`);
      t.skip(missing);
      return;
    }
    const look = (address) =>
      project.shows === "verdict" ? readVerdict(browser, address) : visit(browser, address, project.shows);

    let isBuilt = false;
    if (project.build) {
      await t.test("is built", () => {
        runScript(folder, "build");
        isBuilt = true;
      });
    }
    if (isBuilt && !project.start) {
      await t.test("has a page that follows the service", async () => {
        const headers = project.policy ? { "Content-Security-Policy": project.policy } : {};
        const site = await serve(join(folder, project.page ?? "dist"), { headers });
        try {
          await look(site.address);
        } finally {
          await site.close();
        }
      });
    }
    if (isBuilt && project.start) {
      await t.test("is served, and answers what it must", () =>
        whileServing(folder, "start", async (address) => {
          await look(address);
          for (const [path, status, part, headers] of project.asks) {
            const response = await fetch(`${address}${path}`, { headers });
            assert.equal(response.status, status, path);
            assert.ok((await response.text()).includes(part), path);
          }
        }),
      );
    }
    if (project.check) await t.test("is type-checked", () => runScript(folder, "check"));
    if (project.recheck && everything) {
      await t.test("is type-checked with skipLibCheck, too", () => runScript(folder, "recheck"));
    }
    if (project.test) await t.test("passes its tests", () => runScript(folder, "test"));
    if (project.dev) {
      await t.test("works in development too, and survives hot reload", () =>
        whileServing(folder, "dev", async (address) => {
          await look(address);
          await edit(browser, join(folder, project.component));
        }),
      );
    }
  });
}
