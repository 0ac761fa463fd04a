// The module that holds the WebAssembly file as text gives back exactly its bytes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { inlineModule } from "../../scripts/inline.mjs";
import { root } from "../../scripts/run.mjs";

const imported = (source) => import(`data:text/javascript,${encodeURIComponent(source)}`);

/** As applications ship it. */
const minified = async (contents) => {
  const { outputFiles } = await build({ stdin: { contents }, bundle: true, minify: true, write: false, format: "esm" });
  return outputFiles[0].text;
};

const table = {
  "no bytes": new Uint8Array(),
  "each byte": Uint8Array.from({ length: 256 }, (_, byte) => byte),
  "each pair of bytes": Uint8Array.from({ length: 2 ** 17 }, (_, at) => (at % 2 === 0 ? at >> 9 : (at >> 1) % 256)),
  "two characters for each": new Uint8Array(1000).fill(255),
  "the package's file": readFileSync(`${root}/pkg/rolecall.wasm`),
};

describe("bytes in a module", () => {
  for (const [name, bytes] of Object.entries(table)) {
    test(`come out as they went in: ${name}`, async () => {
      const source = await inlineModule(bytes);
      for (const text of [source, await minified(source)]) {
        const { wasmBytes } = await imported(text);
        const [first, second] = [wasmBytes(), wasmBytes()];
        assert.ok(Buffer.from(bytes).equals(first));
        assert.deepEqual(second, first);
        // Its own memory, as long as what it holds.
        assert.equal(first.buffer.byteLength, bytes.length);
        assert.notEqual(second.buffer, first.buffer);
      }
    });
  }

  test("are those of the package's file in the package", async () => {
    const { wasmBytes } = await import(`${root}/pkg/wasm-inline.js`);
    assert.ok(Buffer.from(table["the package's file"]).equals(wasmBytes()));
  });
});
