// The packed package answers as the naive model of tests/naive does, in Node and in every browser.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { By, until } from "selenium-webdriver";
import { root, run } from "../../scripts/run.mjs";
import { engines, open } from "../browser/engines.mjs";
import { replay } from "./replay.mjs";
import { page, servePackage } from "./served.mjs";

/** What the Rust tests wrote; where they have not run, the one that writes it is run here. */
const recorded = join(root, "target", "agreement.json");
const record = () =>
  run("cargo", ["test", "--locked", "--test", "agreement"], { stdio: ["ignore", "ignore", "inherit"] });

function assertAgreement({ decisions, rows, notices, versions, explained, closed, flips, snapshots, failures }) {
  assert.deepEqual(failures, []);
  // What compares nothing agrees, too.
  assert.ok(decisions > 4_000_000, `${decisions} decisions`);
  assert.ok(rows > 50_000, `${rows} rows`);
  assert.ok(notices > 500, `${notices} notices`);
  assert.ok(versions > 10_000, `${versions} versions`);
  assert.ok(explained > 20_000, `${explained} explanations`);
  assert.ok(closed > 500, `${closed} explanations by being closed`);
  assert.ok(flips > 2000, `${flips} decisions flipped`);
  assert.ok(snapshots > 100, `${snapshots} snapshots`);
}

describe("the packed package, after every operation that was written down,", () => {
  const served = servePackage((project, write) => {
    if (!existsSync(recorded)) record();
    write("agreement.json", readFileSync(recorded));
    write("replay.mjs", readFileSync(new URL("replay.mjs", import.meta.url)));
    write("index.html", page("page.mjs"));
    write(
      "page.mjs",
      `import { Service } from "./${project.resolve("rolecall")}";
import { replay } from "./replay.mjs";
try {
  const sequences = await (await fetch("./agreement.json")).json();
  document.body.textContent = JSON.stringify(replay(Service, sequences));
} catch (error) {
  document.body.textContent = JSON.stringify({ failures: [String(error)] });
}
document.title = "done";
`,
    );
  });

  test("answers as the naive model does in Node", async () => {
    const { Service } = await import(pathToFileURL(join(served.project.folder, served.project.resolve("rolecall"))));
    assertAgreement(replay(Service, JSON.parse(readFileSync(recorded, "utf8"))));
  });

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      before(async () => {
        browser = await open(engine);
      });
      after(() => browser?.quit());

      test("answers as the naive model does", async () => {
        await browser.get(served.site.address);
        await browser.wait(until.titleIs("done"), 60_000);
        assertAgreement(JSON.parse(await browser.findElement(By.css("body")).getText()));
      });
    });
  }
});
