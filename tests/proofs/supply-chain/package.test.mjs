// The packed package brings nothing along, runs nothing on installation, and its code makes no code, asks no network
// and keeps nothing. Each file that a bundler or a test runner is given parses as ES2019, with the parser of webpack 4.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "acorn6";
import { transform } from "esbuild";
import { installPackage } from "../../package/install.mjs";

/** Globals, by what they would do. */
const forbidden = {
  "make code": ["eval", "Function", "document.write", "importScripts", "Worker", "SharedWorker"],
  "ask the network": [
    ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "RTCPeerConnection"],
    ...["navigator.sendBeacon", "navigator.serviceWorker", "Image", "window.open", "open"],
    ...["WebAssembly.compileStreaming", "WebAssembly.instantiateStreaming"],
  ],
  "keep something": [
    ...["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore", "document.cookie"],
    ...["navigator.storage", "BroadcastChannel", "process.env"],
  ],
};

/** What one entry does after all: `rolecall/slim` fetches the WebAssembly file that its caller names. */
const expected = { "esm/slim.js": ["fetch"], "cjs/slim.js": ["fetch"] };

/** The forbidden globals that a module uses: esbuild puts a mark in place of each, and knows what is a global. */
async function usedGlobals(source) {
  const names = Object.values(forbidden).flat();
  const spellings = names.flatMap((name, at) => {
    const mark = `forbidden_${at}_`;
    return ["", "globalThis.", "window.", "self."].map((before) => [`${before}${name}`, mark]);
  });
  // A look at what functions inherit makes no code.
  const define = { ...Object.fromEntries(spellings), "Function.prototype": "inherited" };
  const { code } = await transform(source, { define, minify: false });
  const marks = new Set([...code.matchAll(/\bforbidden_(\d+)_/g)].map(([, at]) => Number(at)));
  return names.filter((_, at) => marks.has(at));
}

const parseAs = (source, sourceType) => parse(source, { ecmaVersion: 2019, sourceType });

describe("the packed package", () => {
  let project;
  let files;
  let manifest;
  before(() => {
    project = installPackage();
    const folder = join(project.folder, "node_modules", "rolecall");
    const read = (name) => readFileSync(join(folder, name), "utf8");
    files = project.files.filter((name) => /\.c?js$/.test(name)).map((name) => ({ name, source: read(name) }));
    manifest = JSON.parse(read("package.json"));
  });
  after(() => project.remove());

  test("brings nothing along", () => {
    for (const key of ["dependencies", "optionalDependencies", "bundleDependencies", "bundledDependencies"]) {
      assert.equal(manifest[key], undefined, key);
    }
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    for (const name of Object.keys(peerDependencies)) assert.equal(peerDependenciesMeta[name]?.optional, true, name);
  });

  test("runs nothing when it is installed", () => {
    assert.equal(manifest.scripts, undefined);
    assert.equal(manifest.bin, undefined);
    // npm runs node-gyp where it finds one.
    assert.ok(!project.files.some((name) => name.endsWith(".gyp")));
  });

  for (const [program, found] of [
    ['eval("1")', ["eval"]],
    ["globalThis.fetch('/')", ["fetch"]],
    ["new Function('return this')()", ["Function"]],
    ["[Object.prototype, Function.prototype].includes(value)", []],
    ["document.cookie = 'a=b'", ["document.cookie"]],
    ["const fetch = (name) => name; fetch('/'); const service = { open() {} }; service.open()", []],
  ]) {
    test(`would be caught with \`${program}\``, async () => {
      assert.deepEqual(await usedGlobals(program), found);
    });
  }

  test("uses no global that makes code, asks the network or keeps something", async () => {
    assert.ok(files.length > 3, `${files.length} files`);
    for (const { name, source } of files) {
      assert.deepEqual(await usedGlobals(source), expected[name] ?? [], name);
      // An import that is not written out could name anything.
      assert.doesNotMatch(source, /\bimport\(\s*[^"'\s]/, name);
    }
  });

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
