// The packed package in pages that may load their own scripts, compile WebAssembly, and nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { until } from "selenium-webdriver";
import { engines, open } from "../../browser/engines.mjs";
import { bundle, page, servePackage } from "../../package/served.mjs";

/** Trusted Types make Chromium refuse any text that becomes code or markup, also where a policy would not look. */
const policy = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'",
};

/** What went wrong, from before the package is loaded. The icon that a browser asks for by itself is nobody's fault. */
const watch = `globalThis.wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => {
  if (!event.blockedURI.endsWith("/favicon.ico")) wrong.push(event.violatedDirective + " " + event.blockedURI);
});
`;

/** Every part of the package that does something, then what it has left behind in the page. */
const program = `
import { init, Service } from "rolecall";
ENTRIES
try {
  await init();
  const service = Service.from({
    roles: [{ sid: "RL1", type: "channel", permissions: ["sendMessage", "editOwnMessage"] }],
    members: [{ channel_sid: "CH1", identity: "alice", role_sid: "RL1" }],
  });
  const alice = service.ability("alice", "CH1");
  alice.subscribe(() => {});
  service.defineAction("pinMessage", { any: "pinMessage" });
  service.grant("RL1", "pinMessage");
  const answers = [alice.can("pinMessage"), alice.can("editMessage", "bob"), alice.explain("sendMessage").allowed];
  service.preview((draft) => draft.deleteRole("RL1"));
  service.whoCan("sendMessage", { channel: "CH1" });
  const copy = Service.from(JSON.parse(JSON.stringify(service)));
  copy.free();
  globalThis.left = {
    answers,
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    requested: performance
      .getEntriesByType("resource")
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path !== "/favicon.ico")
      .sort(),
  };
} catch (error) {
  wrong.push(String(error));
}
document.title = "done";
`;

/** Whether a module can be loaded without the framework it is for. */
async function needsNothing(file) {
  const options = {
    bundle: true,
    packages: "external",
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "error",
  };
  const { metafile } = await build({ ...options, entryPoints: [file] });
  return Object.values(metafile.outputs).every(({ imports }) => imports.length === 0);
}

describe("the packed package in a page that may do nothing", () => {
  const prepare = async (project, write) => {
    const { exports } = JSON.parse(readFileSync(join(project.folder, "node_modules/rolecall/package.json"), "utf8"));
    const names = Object.keys(exports).filter((name) => !/\.(wasm|json)$/.test(name));
    const imports = [];
    for (const specifier of names.map((name) => join("rolecall", name))) {
      if (await needsNothing(join(project.folder, project.resolve(specifier)))) imports.push(specifier);
    }
    assert.ok(imports.includes("rolecall"));
    const entries = imports
      .map((specifier, at) => `import * as entry${at} from ${JSON.stringify(specifier)};\n`)
      .join("");
    const list = `globalThis.entries = [${imports.map((_, at) => `entry${at}`)}];`;
    write("index.html", page("watch.js", "program.js"));
    write("watch.js", watch);
    await bundle(project, program.replace("ENTRIES", entries + list), "program.js");
  };
  const served = servePackage(prepare, policy);

  for (const engine of engines) {
    test(`asks for nothing and leaves nothing in ${engine}`, async () => {
      const browser = await open(engine);
      try {
        await browser.get(served.site.address);
        await browser.wait(until.titleIs("done"), 20_000);
        assert.deepEqual(await browser.executeScript("return wrong"), []);
        assert.deepEqual(await browser.executeScript("return left"), {
          answers: [true, false, true],
          cookies: "",
          local: 0,
          session: 0,
          databases: 0,
          requested: ["/program.js", "/watch.js"],
        });
      } finally {
        await browser.quit();
      }
    });
  }
});
