// The packed package in real pages, under a policy that allows WebAssembly and nothing else.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { firstProgram } from "./install.mjs";
import { bundle, page, servePackage } from "./served.mjs";

/** Puts what goes wrong where the test sees it, since a page that fails would only keep its title. */
const report = `addEventListener("error", (event) => { document.title = "error: " + event.message; });
addEventListener("unhandledrejection", (event) => { document.title = "error: " + event.reason; });
addEventListener("securitypolicyviolation", (event) => {
  document.title = "error: policy forbids " + event.violatedDirective + " " + event.blockedURI;
});
`;

const showing = (program) => `${program}document.title = \`done: \${allowed} \${denied}\`;\n`;

describe("the packed package in a page", () => {
  const served = servePackage(async (project, write) => {
    write("report.js", report);
    write("modules.html", page("report.js", "modules.js"));
    // Without an import map, which this policy forbids inline, a page names the file itself.
    write("modules.js", showing(firstProgram(`./${project.resolve("rolecall")}`)));
    write("bundle.html", page("report.js", "bundle.js"));
    await bundle(project, showing(firstProgram("rolecall")), "bundle.js", { minify: true });
  });

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      before(async () => {
        browser = await open(engine);
      });
      after(() => browser?.quit());

      for (const name of ["modules", "bundle"]) {
        test(`answers its first checks from ${name}.html`, async () => {
          await browser.get(`${served.site.address}${name}.html`);
          await browser.wait(until.titleMatches(/^(done|error): /), 20_000);
          assert.equal(await browser.getTitle(), "done: true false");
        });
      }
    });
  }
});
