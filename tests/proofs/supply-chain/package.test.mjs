// The packed package brings nothing along, runs nothing on installation, and its code makes no code, asks no network
// and keeps nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
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
});
