// The packed package in Node, with nothing set up.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { firstProgram, installPackage } from "./install.mjs";

describe("the packed package in Node", () => {
  let project;
  before(() => {
    project = installPackage();
  });
  after(() => project.remove());

  const runProgram = (source) =>
    execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
      cwd: project.folder,
      encoding: "utf8",
    });

  test("answers its first checks", () => {
    assert.equal(runProgram(`${firstProgram("rolecall")}console.log(allowed, denied);`), "true false\n");
  });

  test("is imported without a warning on stderr or a side effect on globals", () => {
    const program = `const known = new Set(Reflect.ownKeys(globalThis));
      await import("rolecall");
      console.log(Reflect.ownKeys(globalThis).filter((key) => !known.has(key)).length);`;
    assert.equal(runProgram(program), "0\n");
  });

  test("has every file that its exports name", () => {
    const { exports } = JSON.parse(readFileSync(join(project.folder, "node_modules/rolecall/package.json"), "utf8"));
    const paths = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(paths));
    for (const path of paths(exports)) {
      assert.ok(existsSync(join(project.folder, "node_modules/rolecall", path)), path);
    }
  });

  test("holds no sources, no tests and no dependency", () => {
    const odd = project.files.filter(
      (path) => !/\.(c?js|d\.c?ts|wasm)$|^(package\.json|README|LICENSE|CHANGELOG)/.test(path),
    );
    assert.deepEqual(odd, []);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(project.folder, "node_modules/rolecall/package.json"), "utf8"),
    );
    assert.deepEqual(dependencies, {});
  });
});
