// Measures which lines the tests reach, and writes the figures into docs/testing.md: `npm run coverage`, or
// `-- model` and `-- binding` for one part.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { findEngine } from "./browsers.mjs";
import { build } from "./build.mjs";
import { main, npmProgram, root, run, Stop } from "./run.mjs";
import { setUpTests } from "./setup.mjs";
import { percent, table, writeFigures } from "./testing-page.mjs";
import { ensureCargoTool } from "./tools.mjs";

const folder = join(root, "target", "coverage");

/** Covered and all, of lines and of functions or branches, by file. */
function measureModel() {
  ensureCargoTool("cargo-llvm-cov");
  run("rustup", ["component", "add", "llvm-tools"]);
  const report = join(folder, "model.json");
  run("cargo", [
    ...["llvm-cov", "--locked", "--json", "--summary-only", "--output-path", report],
    // What the model has for the binding is part of it; the binding itself is run by browsers only.
    ...["--features", "js", "--ignore-filename-regex", "src/js/"],
  ]);
  const [{ files }] = JSON.parse(readFileSync(report, "utf8")).data;
  return files.map(({ filename, summary: { lines, functions } }) => ({
    name: relative(root, filename),
    counts: [lines.covered, lines.count, functions.covered, functions.count],
  }));
}

const packageUrl = pathToFileURL(join(root, "pkg/")).href;

/** V8 names the files that were installed from the tarball, which are those of pkg/. */
function renameInstalled(coverage) {
  const installed = /file:\/\/[^"]*\/rolecall-[^/"]+\/node_modules\/rolecall\//g;
  let renamed = 0;
  for (const name of readdirSync(coverage)) {
    const file = join(coverage, name);
    const text = readFileSync(file, "utf8");
    renamed += text.match(installed)?.length ?? 0;
    writeFileSync(file, text.replaceAll(installed, packageUrl));
  }
  if (renamed === 0) throw new Stop("No test has run the package.");
}

/** What runs in pages only, as a page of modules that are not bundled: a test of the bindings, and what it imports. */
const dom = `<!doctype html>
<meta charset="utf-8">
<script type="importmap">
  ${JSON.stringify({
    imports: { rolecall: "/pkg/index.js", "rolecall/dom": "/pkg/dom.js", chai: "/node_modules/chai/index.js" },
  })}
</script>
<script type="module" src="/tests/bindings/pages/dom.js"></script>
<script type="module">document.title = "ready";</script>
<body></body>
`;

/** Adds what Chromium counts in the page to what Node has counted, in the same format. */
async function measurePage(coverage) {
  if (!findEngine("chromium")) {
    console.log("Skipped: what runs in pages only, because Chromium is not installed");
    return;
  }
  const { open } = await import("../tests/browser/engines.mjs");
  const { serve } = await import("./serve.mjs");
  writeFileSync(join(folder, "dom.html"), dom);
  const site = await serve(root);
  const browser = await open("chromium");
  try {
    await browser.sendDevToolsCommand("Profiler.enable");
    await browser.sendDevToolsCommand("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    await browser.get(`${site.address}${relative(root, folder)}/dom.html`);
    await browser.wait(async () => (await browser.getTitle()) === "ready", 10_000);
    const results = await browser.executeAsyncScript((done) => globalThis.runTests().then(done));
    const failed = results.filter(({ error }) => error !== undefined).map(({ name }) => name);
    if (failed.length > 0) throw new Stop(`Failed in a page: ${failed.join(", ")}.`);
    const { result } = await browser.sendAndGetDevToolsCommand("Profiler.takePreciseCoverage");
    const served = `${site.address}pkg/`;
    const ours = result.filter(({ url }) => url.startsWith(served));
    if (ours.length === 0) throw new Stop("No page has run the package.");
    const named = ours.map((script) => ({ ...script, url: script.url.replace(served, packageUrl) }));
    writeFileSync(join(coverage, "coverage-page.json"), JSON.stringify({ result: named }));
  } finally {
    await browser.quit();
    await site.close();
  }
}

/** The folders of tests that run the package in Node, and what each needs of it. */
const nodeTests = {
  package: [],
  bindings: [],
  oracles: [],
  hostile: [],
  soak: ["--expose-gc", "--no-concurrent-recompilation"],
};

async function measurePackage() {
  const coverage = join(folder, "v8");
  // The tests replay it.
  if (!existsSync(join(root, "target", "agreement.json"))) run("cargo", ["test", "--locked", "--test", "agreement"]);
  for (const [name, options] of Object.entries(nodeTests)) {
    const tests = readdirSync(join(root, "tests", name))
      .filter((file) => file.endsWith(".test.mjs"))
      .map((file) => join("tests", name, file));
    // Else Node would run the twins in CommonJS of some modules, which nothing maps to their sources.
    run(process.execPath, ["--conditions=module", ...options, "--test", "--test-concurrency=1", ...tests], {
      env: { ...process.env, NODE_V8_COVERAGE: coverage },
    });
  }
  renameInstalled(coverage);
  await measurePage(coverage);
  run(npmProgram("c8"), [
    ...["report", "--temp-directory", coverage, "--reports-dir", folder, "--reporter", "json-summary"],
    ...["--all", "--src", "pkg", "--include", "pkg/*.js"],
    ...["--include", "pkg/snippets/**/*.js", "--exclude", "pkg/*.node.js"],
  ]);
  const { total, ...files } = JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8"));
  return Object.entries(files).map(([file, { lines, branches }]) => ({
    name: sourceOf(relative(root, file)),
    counts: [lines.covered, lines.total, branches.covered, branches.total],
  }));
}

/** What has no source in pkg-template/. */
const generated = ["rolecall_bg", "texts", "wasm-inline"];

function sourceOf(module) {
  const [, snippet] = /^pkg\/snippets\/[^/]+\/(.+)$/.exec(module) ?? [];
  const [, name] = /^pkg\/([^/]+)\.js$/.exec(module) ?? [];
  return snippet ?? (generated.includes(name) ? module : `pkg-template/${name}.ts`);
}

function figures(files, second) {
  const add = (sums, { counts }) => sums.map((sum, at) => sum + counts[at]);
  const all = { name: "all", counts: files.reduce(add, [0, 0, 0, 0]) };
  const rows = [...files.sort((one, other) => (one.name < other.name ? -1 : 1)), all].map(({ name, counts }) => [
    name === "all" ? name : `\`${name}\``,
    percent(counts[0], counts[1]),
    percent(counts[2], counts[3]),
  ]);
  return table(["file", "lines", second], rows);
}

const parts = {
  model: () => figures(measureModel(), "functions"),
  binding: async () => {
    await build();
    return figures(await measurePackage(), "branches");
  },
};

await main(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
  const unknown = chosen.find((part) => !Object.hasOwn(parts, part));
  if (unknown) throw new Stop(`There is no ${unknown}, but ${Object.keys(parts).join(" and ")}.`);
  setUpTests();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of chosen) writeFigures(`\`npm run coverage -- ${part}\``, await parts[part]());
});
