// The commands of package.json start on a fresh clone: none needs an npm package before it has installed them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../../scripts/run.mjs";

/** Leaves alone what `import()` names: it is looked for only when that runs. */
const later = {
  name: "later",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^/ }, ({ kind }) => (kind === "dynamic-import" ? { external: true } : undefined)),
};

/** The npm packages that must be there for the first line of a program in the root to run. */
async function neededAtOnce(program) {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", write: false, metafile: true },
    plugins: [later],
    logLevel: "error",
  });
  return Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, kind, path }) => external && kind !== "dynamic-import" && !isBuiltin(path))
    .map(({ path }) => path);
}

describe("what must be installed before a script can start", () => {
  for (const [program, found] of [
    ['import { build } from "esbuild"', ["esbuild"]],
    ['export * from "@casl/ability"', ["@casl/ability"]],
    ['import "rolecall"', ["rolecall"]],
    ['import "./scripts/serve.mjs"', ["sirv"]],
    ['import { join } from "node:path"; import { once } from "events"', []],
    ['const load = () => import("esbuild")', []],
    ['const load = () => import("./scripts/serve.mjs")', []],
  ]) {
    test(`\`${program}\`: ${found.join() || "nothing"}`, async () => {
      assert.deepEqual(await neededAtOnce(program), found);
    });
  }

  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const started = Object.entries(scripts).flatMap(([name, command]) => {
    const file = /^node ((?:scripts|bench)\/\S+)/.exec(command)?.[1];
    return file === undefined ? [] : [{ name, file }];
  });

  test("there are scripts to look at", () => {
    assert.ok(started.length > 10, `${started.length} scripts`);
  });

  for (const { name, file } of started) {
    test(`npm run ${name}: nothing`, async () => {
      assert.deepEqual(await neededAtOnce(`import "./${file}"`), []);
    });
  }
});
