// Blocks of code in the documentation that are compiled rather than run: what is for a page, or for a framework. Each is
// bundled with all it imports, so that an import that is not there fails; TypeScript is checked for its types as well.
// The blocks that are ```js and no more are run, by readme.test.mjs; those of files are run where the files are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build, transform } from "esbuild";
import { compile as compileSvelte } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { npmProgram, root } from "../../scripts/run.mjs";
import { blocksOf, check, manuals, withFiles } from "./pages.mjs";

/** Bundles a module as an application would be. What only a framework's own compiler or server has stays outside. */
const bundle = (contents, loader) =>
  build({
    stdin: { contents, loader, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    external: ["next/*", "twilio", "./*"],
    loader: { ".wasm": "file" },
    outdir: root,
    logLevel: "silent",
  });

const compilers = {
  "js bundled": (source) => bundle(source, "js"),
  jsx: (source) => bundle(source, "jsx"),
  ts: (source) => bundle(source, "ts"),
  tsx: (source) => bundle(source, "tsx"),
  vue: (source) => {
    const { descriptor, errors } = parse(source);
    assert.deepEqual(errors, []);
    const { content, lang } = compileScript(descriptor, { id: "block", inlineTemplate: true });
    return bundle(content, lang ?? "js");
  },
  svelte: (source) => {
    const { js, warnings } = compileSvelte(source, { generate: "client" });
    assert.deepEqual(
      warnings.map(({ message }) => message),
      [],
    );
    return bundle(js.code, "js");
  },
  css: (source) => transform(source, { loader: "css" }),
  html: async (source) => {
    const scripts = [...source.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)];
    for (const [, script] of scripts) await bundle(script, "js");
  },
  json: (source) => JSON.parse(source),
};

/** Run or compared elsewhere: by readme.test.mjs, by the doctests of the crate, and by tests/oracles/. */
const run = ["js", "rust", "cedar"];
const noCode = ["sh", "text"];

const blocks = manuals.flatMap(blocksOf).filter(({ included }) => included === undefined);

describe("the code of the documentation", () => {
  test("is all of a kind that is compiled or run", () => {
    const kinds = [...Object.keys(compilers), ...run, ...noCode];
    const others = blocks.filter(({ kind }) => !kinds.includes(kind));
    assert.deepEqual(
      others.map(({ name, kind }) => `${name}: ${kind}`),
      [],
    );
  });

  for (const { name, kind, source } of blocks.filter(({ kind }) => kind in compilers)) {
    test(`compiles: ${name}`, async () => {
      await compilers[kind](source);
    });
  }
});

describe("the files of the documentation", () => {
  for (const page of manuals) {
    test(`${page} shows them as they are`, () => check(page, withFiles(page)));
  }
});

describe("the TypeScript of the documentation", () => {
  // Below the repository's own node_modules, for the types of the frameworks.
  const folder = join(root, "target", "documentation");
  const typed = blocks.filter(({ kind }) => kind === "ts" || kind === "tsx");

  before(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const compilerOptions = {
      ...{ jsx: "react-jsx", experimentalDecorators: true, module: "esnext", moduleResolution: "bundler" },
      ...{ skipLibCheck: true, noUncheckedIndexedAccess: false },
    };
    const project = { extends: "../../tsconfig.json", compilerOptions, include: ["*"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
    writeFileSync(
      join(folder, "stand-ins.d.ts"),
      `declare const service: import("rolecall").Service;
      declare const alice: import("rolecall").Ability;
      declare const message: { author: string | null };
      declare const messages: (typeof message)[];`,
    );
    for (const { page, line, kind, source } of typed) {
      const file = `${page.replaceAll("/", "-")}-line-${line}.${kind}`;
      // A module, whatever is in it.
      writeFileSync(join(folder, file), `${source}\nexport {};\n`);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("has no wrong type", () => {
    assert.notEqual(typed.length, 0);
    try {
      execFileSync(npmProgram("tsc"), ["--project", folder], { encoding: "utf8" });
    } catch ({ stdout }) {
      assert.fail(stdout);
    }
  });
});
