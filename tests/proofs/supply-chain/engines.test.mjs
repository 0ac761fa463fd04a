// What the packed package may ask of an engine: each file that a bundler or a test runner is given parses as ES2019, with the
// parser of webpack 4, and makes no slow stand-ins for what ES2019 lacks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "acorn6";
import { installPackage } from "../../package/install.mjs";

const parseAs = (source, sourceType) => parse(source, { ecmaVersion: 2019, sourceType });

describe("a file of the packed package", () => {
  let project;
  let files;
  let manifest;
  before(() => {
    project = installPackage();
    const folder = join(project.folder, "node_modules", "rolecall");
    const read = (name) => readFileSync(join(folder, name), "utf8");
    files = project.files.filter((name) => /\.[cm]?js$/.test(name)).map((name) => ({ name, source: read(name) }));
    manifest = JSON.parse(read("package.json"));
  });
  after(() => project.remove());

  for (const [program, message] of [
    ["a?.b", /Unexpected token/],
    ["a ?? b", /Unexpected token/],
    ["class A { b = 1 }", /Unexpected token/],
    ["class A { #b() {} }", /Unexpected character/],
    ["import.meta.url", /Unexpected token/],
    ["import('a')", /Unexpected token/],
  ]) {
    test(`would be refused with \`${program}\``, () => assert.throws(() => parseAs(program, "module"), message));
  }

  test("parses as ES2019, in the form that its name and folder say", () => {
    assert.ok(files.length > 20, `${files.length} files`);
    // webpack 4 and Jest 26 treat `.mjs` and `.cjs` in ways of their own.
    for (const { name, source } of files) {
      assert.match(name, /^(esm|cjs)\/.+\.js$/);
      assert.doesNotThrow(() => parseAs(source, name.startsWith("esm/") ? "module" : "script"), name);
    }
  });

  test("has no stand-in for private names, which would be a WeakMap at each access", () => {
    for (const { name, source } of files) assert.doesNotMatch(source, /__private|__classPrivate/, name);
  });

  test("is found without `exports`, as modules, as CommonJS and by its types", () => {
    const packed = new Set(project.files);
    for (const [entry, conditions] of Object.entries(manifest.exports)) {
      if (!conditions.require) continue;
      const folder = join(project.folder, "node_modules", "rolecall", entry);
      const { main, module, types } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.equal(join(entry, main), join(conditions.require.default), entry);
      assert.equal(join(entry, module), join(conditions.import.default), entry);
      assert.equal(join(entry, types), join(conditions.import.types), entry);
      for (const file of [main, module, types]) assert.ok(packed.has(join(entry, file)), `${entry}: ${file}`);
    }
  });
});
