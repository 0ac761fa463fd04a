// Measures which lines the tests reach, and writes the figures into docs/testing.md: `npm run coverage`, or
// `-- model` and `-- binding` for one part.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
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
  run("cargo", ["llvm-cov", "--locked", "--json", "--summary-only", "--output-path", report]);
  const [{ files }] = JSON.parse(readFileSync(report, "utf8")).data;
  return files.map(({ filename, summary: { lines, functions } }) => ({
    name: relative(root, filename),
    counts: [lines.covered, lines.count, functions.covered, functions.count],
  }));
}

/** V8 names the files that were installed from the tarball, which are those of pkg/. */
function renameInstalled(coverage) {
  const installed = /file:\/\/[^"]*\/rolecall-[^/"]+\/node_modules\/rolecall\//g;
  let renamed = 0;
  for (const name of readdirSync(coverage)) {
    const file = join(coverage, name);
    const text = readFileSync(file, "utf8");
    renamed += text.match(installed)?.length ?? 0;
    writeFileSync(file, text.replaceAll(installed, pathToFileURL(join(root, "pkg/")).href));
  }
  if (renamed === 0) throw new Stop("No test has run the package.");
}

function measurePackage() {
  const coverage = join(folder, "v8");
  const folders = ["package", "bindings", "oracles"].map((name) => join("tests", name));
  const tests = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".test.mjs"))
      .map((name) => join(folder, name)),
  );
  run(process.execPath, ["--test", "--test-concurrency=1", ...tests], {
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  });
  renameInstalled(coverage);
  run(npmProgram("c8"), [
    ...["report", "--temp-directory", coverage, "--reports-dir", folder, "--reporter", "json-summary"],
    ...["--all", "--src", "pkg", "--include", "pkg/*.js", "--exclude", "pkg/*.node.js"],
  ]);
  const { total, ...files } = JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8"));
  return Object.entries(files).map(([file, { lines, branches }]) => ({
    name: relative(root, file).replace(/^pkg\/(.+)\.js$/, (path, name) =>
      generated.has(name) ? path : `pkg-template/${name}.ts`,
    ),
    counts: [lines.covered, lines.total, branches.covered, branches.total],
  }));
}

/** What has no source in pkg-template/. */
const generated = new Set(["rolecall_bg", "wasm-inline"]);

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
    return figures(measurePackage(), "branches");
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
