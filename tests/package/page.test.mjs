// The packed package in real pages, under a policy that allows WebAssembly and nothing else.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { until } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { serve, strictPolicy } from "../browser/serve.mjs";
import { firstProgram, installPackage } from "./install.mjs";

const page = (script) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>waiting</title>
<script type="module" src="./report.js"></script>
<script type="module" src="${script}"></script>
</html>
`;

/** Puts what goes wrong where the test sees it, since a page that fails would only keep its title. */
const report = `addEventListener("error", (event) => { document.title = "error: " + event.message; });
addEventListener("unhandledrejection", (event) => { document.title = "error: " + event.reason; });
addEventListener("securitypolicyviolation", (event) => {
  document.title = "error: policy forbids " + event.violatedDirective + " " + event.blockedURI;
});
`;

const showing = (program) => `${program}document.title = \`done: \${allowed} \${denied}\`;\n`;

describe("the packed package in a page", () => {
  let project;
  let site;
  before(async () => {
    project = installPackage();
    const write = (name, text) => writeFileSync(join(project.folder, name), text);
    write("report.js", report);
    write("modules.html", page("./modules.js"));
    // Without an import map, which this policy forbids inline, a page names the file itself.
    write("modules.js", showing(firstProgram(`./${project.resolve("rolecall")}`)));
    write("bundle.html", page("./bundle.js"));
    write("program.js", showing(firstProgram("rolecall")));
    await build({
      entryPoints: [join(project.folder, "program.js")],
      outfile: join(project.folder, "bundle.js"),
      bundle: true,
      minify: true,
      format: "esm",
    });
    site = await serve(project.folder, { headers: strictPolicy });
  });
  after(async () => {
    await site?.close();
    project?.remove();
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
          await browser.get(`${site.address}${name}.html`);
          await browser.wait(until.titleMatches(/^(done|error): /), 20_000);
          assert.equal(await browser.getTitle(), "done: true false");
        });
      }
    });
  }
});
