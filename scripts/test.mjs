// Every check of the project: `npm test [-- WORD]`, where a word chooses the steps whose heading has it. It says first what
// it installs, and at the end how long each step took.
import { EventEmitter, once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { engineNames, findEngine } from "./browsers.mjs";
import { main, npmProgram, root, Stop, watch } from "./run.mjs";
import { setUpTests } from "./setup.mjs";

const wasmTarget = ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "js"];

/** A check without a count of its own: only its failure counts. */
const check = (program, ...args) => ({ program, args, counts: false });

/** A test runner, whose output says how many tests passed and failed. */
const tests = (program, ...args) => ({ program, args, counts: true });

function testFiles(folder) {
  const path = join(root, "tests", folder);
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => name.endsWith(".test.mjs")).map((name) => join("tests", folder, name));
}

const reporters = ["spec", "./scripts/count-reporter.mjs"].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  "--test-reporter-destination=stdout",
]);

/** Files one after the other, since each may start three browsers. */
const nodeTests =
  (folder, ...options) =>
  () => {
    const files = testFiles(folder);
    if (files.length === 0) throw new Stop(`There is no tests/${folder}/*.test.mjs.`);
    return tests(process.execPath, ...options, "--test", "--test-concurrency=1", ...reporters, ...files);
  };

/** tests/js.rs in a browser that wasm-bindgen's test runner can drive. */
const binding = (engine, option) => () => {
  const { driver } = findEngine(engine);
  const step = tests(
    ...["wasm-pack", "test", "--headless", option, "--mode", "no-install", "--"],
    ...["--features", "js", "--test", "js"],
  );
  // wasm-pack looks for the driver on the PATH only.
  return { ...step, env: { PATH: `${dirname(driver)}${delimiter}${process.env.PATH}` } };
};

/** A minute of the targets of libFuzzer, without libFuzzer. */
const fuzzMinute = ["cargo", "test", "--locked", "--package", "rolecall-fuzz", "--profile", "fuzz", "--test", "minute"];

/**
 * What runs cargo: one step after the other, since two of them would wait for each other. A step is its heading, what it
 * does, and the step that it waits for.
 */
const rustSteps = (engines) => [
  ["Rust format", () => check("cargo", "fmt", "--all", "--check")],
  ["Rust lint", () => check("cargo", "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings")],
  ["Rust tests", () => tests("cargo", "test", "--locked", "--no-fail-fast")],
  [
    "Rust lint for WebAssembly",
    () => check("cargo", "clippy", "--locked", "--all-targets", ...wasmTarget, "--", "-D", "warnings"),
  ],
  [
    "Rust documentation",
    () => ({ ...check("cargo", "doc", "--locked", "--no-deps"), env: { RUSTDOCFLAGS: "-D warnings" } }),
  ],
  ["Server", nodeTests("server"), "Package build"],
  ["Reproducible build", () => check(process.execPath, "scripts/reproduce.mjs", "--built"), "Package build"],
  ...[
    ["chromium", "--chrome"],
    ["firefox", "--firefox"],
  ]
    .filter(([engine]) => engines.includes(engine))
    .map(([engine, option]) => [`Binding in ${engine}`, binding(engine, option)]),
  ["Fuzzing", () => tests(...fuzzMinute)],
  // No cargo in these: they are here since this list is the shorter one.
  ["Hostile input", nodeTests("proofs/hostile"), "Package build"],
  // A compilation in the background holds the objects that it looks at, so one of them would seem to leak.
  ["Memory", nodeTests("proofs/soak", "--expose-gc", "--no-concurrent-recompilation"), "Package build"],
];

/** What is about the package and the page; beside the steps above. */
const packageSteps = [
  ["JavaScript and TypeScript lint", () => check(npmProgram("biome"), "ci", "--error-on-warnings", "--colors=off")],
  ["Package build", () => check(process.execPath, "scripts/build.mjs")],
  // After the build, since the sources import what it generates and the type tests import the package.
  ["Types", () => check(npmProgram("tsc"), "--project", "tsconfig.json")],
  ["Types of the demo page", () => check(npmProgram("tsc"), "--project", "tests/demo/tsconfig.json")],
  ["API pages", () => check(npmProgram("typedoc"), "--emit", "none")],
  ["Dependencies", () => check(process.execPath, "scripts/audit.mjs")],
  ["Frameworks", nodeTests("frameworks")],
  ["Contenders of the benchmark", () => check(process.execPath, "bench/bench.mjs", "--verify")],
  ["Supply chain", nodeTests("proofs/supply-chain")],
  ["Demo page build", () => check(process.execPath, "scripts/demo.mjs", "--no-serve")],
  ["Demo page", nodeTests("demo")],
  ["Installs", nodeTests("installs")],
  ["Oracles", nodeTests("proofs/oracles")],
  // They replay what the agreement of the Rust tests wrote down.
  ["Package", nodeTests("package"), "Rust tests"],
];

/** What a finished step adds to the count, and what it says it has skipped. */
function outcome({ counts }, { code, output }) {
  const results = counts ? [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)] : [];
  const sum = (group) => results.reduce((total, match) => total + Number(match[group]), 0);
  const passed = sum(1);
  const failed = sum(2);
  const skipped = [...output.matchAll(/^Skipped: (.+)$/gm)].map((match) => match[1]);
  const ranNothing = counts && passed + failed === 0;
  if (ranNothing) console.error("No test was run.");
  return { passed, failed: failed === 0 && (code !== 0 || ranNothing) ? 1 : failed, skipped };
}

const secondsSince = (start) => ((Date.now() - start) / 1000).toFixed(1);

async function runStep(name, prepare) {
  console.log(`=== ${name}`);
  const start = Date.now();
  let result;
  try {
    const step = prepare();
    result = outcome(step, await watch(name, step.program, step.args, { env: step.env }));
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    result = { passed: 0, failed: 1, skipped: [] };
  }
  const seconds = secondsSince(start);
  console.log(`=== ${name}: ${result.failed === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return { name, seconds, ...result };
}

async function test() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const words = positionals.map((word) => word.toLowerCase());
  const start = Date.now();
  const engines = setUpTests();
  const setUp = { name: "Set-up", seconds: secondsSince(start), passed: 0, failed: 0, skipped: [] };
  const skipped = engineNames.filter((name) => !engines.includes(name));
  const chosen = ([name]) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word));
  const lanes = [rustSteps(engines), packageSteps].map((steps) => steps.filter(chosen));
  if (lanes.flat().length === 0) throw new Stop(`No step has one of these in its heading: ${words.join(", ")}.`);

  const awaited = new Set(lanes.flat().map(([name]) => name));
  const ended = new EventEmitter();
  const runLane = async (steps) => {
    const done = [];
    for (const [name, prepare, after] of steps) {
      if (awaited.has(after)) await once(ended, after);
      done.push(await runStep(name, prepare));
      awaited.delete(name);
      ended.emit(name);
    }
    return done;
  };
  const results = [setUp, ...(await Promise.all(lanes.map(runLane))).flat()];

  console.log("");
  for (const { name, seconds, passed, failed } of results) {
    const counted = failed > 0 ? `${failed} FAILED` : passed > 0 ? `${passed} passed` : "ok";
    console.log(`${name.padEnd(32)} ${seconds.padStart(6)} s  ${counted}`);
  }
  console.log(`${"All, two steps at a time".padEnd(32)} ${secondsSince(start).padStart(6)} s\n`);
  if (skipped.length > 0) console.log(`Engines skipped, because they are not installed: ${skipped.join(", ")}`);
  for (const reason of results.flatMap((result) => result.skipped)) console.log(`Skipped: ${reason}`);
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  if (total("failed") > 0) process.exitCode = 1;
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
}

await main(test);
