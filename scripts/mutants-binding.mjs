// Asks of every small change to the binding, as it is compiled, whether a test in Node notices it, or one in Chromium where
// the code is for pages: what `npm run mutants -- binding` runs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { findEngine } from "./browsers.mjs";
import { build } from "./build.mjs";
import { twinOf } from "./commonjs.mjs";
import { root, Stop } from "./run.mjs";
import { copySources, listSources } from "./sources.mjs";

const { SyntaxKind } = ts;

/** A copy of the repository, whose pkg/ is changed. */
const folder = join(root, "target", "mutants-binding");

/** What each mutant came to the last time that all were asked about. */
const outcomes = join(root, "target", "mutants-binding.json");

/** Tables of the model, generated and tested with it, and what has no code. */
const tables = ["names.js", "rules.js", "operation.js", "model.js"];

/** What another operator takes the place of. */
const operators = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "+": "-",
  "-": "+",
  "+=": "-=",
  "-=": "+=",
  "++": "--",
  "--": "++",
};

const equality = [SyntaxKind.EqualsEqualsEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken];

/** Each change that there is to a node: what is done, the text in its place, and what shows where, if not the node itself. */
function* replacements(node) {
  const text = node.getText();
  const { parent } = node;
  const isCondition =
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && node === parent.expression) ||
    (ts.isConditionalExpression(parent) && node === parent.condition);
  // Another operator does the same to these.
  if (isCondition && !equality.includes(node.operatorToken?.kind)) yield ["negate", `!(${text})`];

  const operator = node.operatorToken?.getText() ?? ts.tokenToString(node.operator);
  const other = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (ts.isBinaryExpression(node) && other)
    // In brackets, since the other may bind less.
    yield [`${operator} → ${other} in`, `(${node.left.getText()} ${other} ${node.right.getText()})`];
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (operator === "!") yield ["drop ! of", node.operand.getText()];
    else if (other) yield [`${operator} → ${other} in`, text.replace(operator, other)];
  }
  if (node.kind === SyntaxKind.TrueKeyword) yield ["true → false in", "false", parent];
  if (node.kind === SyntaxKind.FalseKeyword) yield ["false → true in", "true", parent];
  if (ts.isReturnStatement(node) && node.expression) yield ["return nothing for", "return;"];
  else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node) || ts.isReturnStatement(node))
    yield ["drop", ";"];
}

/** What somebody who looks for the node looks for: the names of the functions and classes around it. */
function place(node) {
  const names = [];
  for (let each = node.parent; each; each = each.parent) {
    const name =
      ts.isVariableDeclaration(each) && each.initializer && ts.isArrowFunction(each.initializer)
        ? each.name
        : undefined;
    const named = ts.isFunctionLike(each) || ts.isClassLike(each) ? each : undefined;
    if (ts.isConstructorDeclaration(each)) names.unshift("constructor");
    else if (name ?? named?.name) names.unshift((name ?? named.name).getText());
  }
  return names.join(".");
}

/** Every change to a module: what it is, and the whole module with it. */
function changes(file, source) {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    for (const [what, replacement, shown = node] of node.parent ? replacements(node) : []) {
      found.push({
        function: place(node),
        mutant: `${what} ${shown.getText().replaceAll(/\s+/g, " ").slice(0, 100)}`,
        module: source.slice(0, node.getStart()) + replacement + source.slice(node.getEnd()),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** The modules of the package that say more than a table, by their names: the source of each, and where the copy has it. */
function findModules() {
  const sources = readdirSync(join(root, "pkg-template"));
  const modules = new Map();
  for (const name of readdirSync(join(root, "pkg"))) {
    const source = name.replace(/\.js$/, ".ts");
    if (!name.endsWith(".js") || !sources.includes(source) || tables.includes(name)) continue;
    modules.set(name, { file: `pkg-template/${source}`, path: join(folder, "pkg", name) });
  }
  // Where wasm-bindgen has put it.
  const file = "src/js/texts.js";
  const [snippet] = readdirSync(join(root, "pkg", "snippets"));
  return modules.set("texts.js", { file, path: join(folder, "pkg", "snippets", snippet, file) });
}

/** The tables of tests/package/contract, up to the first test that fails. */
function writeContract() {
  const contract = "tests/package/contract";
  const files = readdirSync(join(root, contract)).filter((name) => name.endsWith(".mjs"));
  const program = `import { readFileSync } from "node:fs";
import { assert } from "chai";
import * as rolecall from "rolecall";
${files.map((name, at) => `import { tests as tests${at} } from "./${contract}/${name}";`).join("\n")}
const snapshots = JSON.parse(readFileSync("${contract}/snapshot-v1.json", "utf8"));
for (const tests of [${files.map((_, at) => `tests${at}`)}])
  for (const run of Object.values(tests)) await run(rolecall, assert, snapshots);
`;
  writeFileSync(join(folder, "contract.mjs"), program);
  return ["contract.mjs"];
}

/** What Node is given to ask about a module, quickest first. */
function suites() {
  const test = (...files) => ["--test", ...files.map((file) => `tests/${file}.test.mjs`)];
  const inPages = findEngine("chromium") ? [test("bindings/pages")] : [];
  const drawing = [test("bindings/server"), ...inPages];
  const contract = writeContract();
  // The rest of that file is the contract once more.
  const fresh = ["--test-name-pattern=fresh process|wasm-unsafe-eval", ...test("package/contract")];
  const starting = [contract, test("package/entries"), fresh];
  const own = {
    cedar: [test("oracles/cedar")],
    twilio: [test("bindings/twilio")],
    ...{ react: drawing, vue: drawing, svelte: drawing, angular: drawing, answer: drawing, dom: inPages },
    ...{ index: starting, slim: starting, instance: starting, report: [...starting, ...inPages] },
  };
  const leaks = ["--expose-gc", "--no-concurrent-recompilation", ...test("soak/soak")];
  const everything = [contract, test("package/texts", "bindings/server", "bindings/twilio"), leaks, ...inPages];
  return (file) => own[file.replace(/\.js$/, "")] ?? everything;
}

/** Runs one suite; gives whether it passed, or undefined where it did not end. */
function passes(suite, timeout) {
  const { status, error } = spawnSync(process.execPath, suite, {
    cwd: folder,
    stdio: "ignore",
    timeout,
    env: { ...process.env, ENGINES: "chromium", ORACLE_WORLDS: "100", ORACLE_SEED: "1" },
  });
  return error?.code === "ETIMEDOUT" ? undefined : status === 0;
}

/**
 * A function that gives what a mutant came to the last time, one after the other where more are called the same: `undefined` for
 * what is to be asked again, since a test may have come that notices it.
 */
function recall(excuses) {
  const same = (one) => (other) => ["file", "function", "mutant"].every((key) => one[key] === other[key]);
  const left = JSON.parse(readFileSync(outcomes, "utf8"));
  return (mutant) => {
    const at = left.findIndex(same(mutant));
    const summary = at < 0 ? undefined : left.splice(at, 1)[0].summary;
    return summary === "MissedMutant" && !excuses.some(same(mutant)) ? undefined : summary;
  };
}

/**
 * Each mutant of these modules of pkg/, or of all: its file, its function, what it changes, what it came to. With `excuses`,
 * the reasons that there are, what was noticed the last time or has a reason is not asked about.
 */
export async function mutateBinding(chosen, excuses) {
  const before = excuses ? recall(excuses) : () => undefined;
  await build();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copySources(listSources(), folder);
  cpSync(join(root, "pkg"), join(folder, "pkg"), { recursive: true });
  symlinkSync(join("..", "pkg"), join(folder, "node_modules", "rolecall"), "dir");

  const modules = findModules();
  const unknown = chosen.find((name) => !modules.has(name));
  if (unknown) throw new Stop(`There is no ${unknown}, but ${[...modules.keys()].join(", ")}.`);

  const suitesOf = suites();
  /** How long a suite takes with the modules as they are; it fails where it does not pass then. */
  const durations = new Map();
  const duration = (suite) => {
    const key = suite.join(" ");
    if (!durations.has(key)) {
      const start = Date.now();
      if (passes(suite) !== true) throw new Stop(`\`node ${key}\` fails in ${folder}, where nothing was changed.`);
      durations.set(key, Date.now() - start);
    }
    return durations.get(key);
  };

  const mutants = [];
  for (const name of chosen.length > 0 ? chosen : modules.keys()) {
    const { file, path } = modules.get(name);
    const source = readFileSync(path, "utf8");
    const asked = suitesOf(name);
    if (asked.length === 0) {
      console.log(`Skipped: ${name}, because Chromium is not installed`);
      continue;
    }
    const write = async (module) => {
      writeFileSync(path, module);
      writeFileSync(path.replace(/\.js$/, ".cjs"), await twinOf(module));
    };
    let timeouts;
    const ask = async (module) => {
      // Before the first change, and only if there is one to ask about.
      timeouts ??= asked.map((suite) => 10 * duration(suite));
      await write(module);
      for (const [at, suite] of asked.entries()) {
        const passed = passes(suite, timeouts[at]);
        if (passed !== true) return passed === false ? "CaughtMutant" : "Timeout";
      }
      return "MissedMutant";
    };
    for (const { module, ...what } of changes(name, source)) {
      const mutant = { file, ...what };
      mutant.summary = before(mutant) ?? (await ask(module));
      mutants.push(mutant);
      if (mutant.summary === "MissedMutant") console.log(`Missed in ${file}, ${what.function}: ${what.mutant}`);
    }
    await write(source);
    console.log(`${file}: ${mutants.filter((mutant) => mutant.file === file).length} mutants`);
  }
  if (chosen.length === 0) writeFileSync(outcomes, JSON.stringify(mutants));
  return mutants;
}
