// Puts the WebAssembly file into a JavaScript module, since the entry `rolecall` must work without loading a file.
//
// A module like this is bundled, minified and compressed by others, so what counts is its size after esbuild's default
// minifying and brotli, decoder included, and how long the first decoding takes, which a page waits for. Measured in Node 20
// with a WebAssembly file of 104,276 bytes (33,658 in brotli, 39,840 in gzip), November 2026:
//
//   encoding                                     minified    gzip   brotli   first decoding   later ones
//   base64, by `atob`                             139,119  53,446   46,472          19.6 ms      15.5 ms
//   simple-yenc 1.0.4, dynamic encoding           323,889  50,654   41,423           8.2 ms       1.6 ms
//   the same, esbuild with charset=utf8           178,334  46,375   38,478           7.8 ms       1.4 ms
//   this one, decoded by a loop in JavaScript     148,556  42,576   36,124           6.0 ms       1.1 ms
//   this one, decoded by WebAssembly              148,818  42,807   36,336           2.6 ms       1.1 ms
//
// yEnc uses all 256 characters, of which esbuild escapes half, by default. This encoding uses only ASCII that esbuild has no
// need to escape: no double quote, no backslash. A byte below 68, the most frequent in WebAssembly, is one character; any
// other is two, of which the first says which 68 values the second counts in. The decoder is WebAssembly of a hundred bytes,
// since an engine takes the steps of a loop in JavaScript one by one at first.

const run = 68;
const first = "#".charCodeAt(0);
const backslash = "\\".charCodeAt(0);

/** The character of a number from 0 to 70: from # to j, without the backslash. */
const character = (number) => String.fromCharCode(first + number + (first + number >= backslash ? 1 : 0));

function encode(bytes) {
  let encoded = "";
  for (const byte of bytes) {
    const which = Math.floor(byte / run);
    if (which > 0) encoded += character(run + which - 1);
    encoded += character(byte % run);
  }
  return encoded;
}

/** The decoder: it works in place, since there are never more bytes than characters, and returns how many there are. */
const decoder = (pages) => `
(module
  (memory (export "memory") ${pages})
  (func $number (param $at i32) (result i32) (local $character i32)
    (local.set $character (i32.load8_u (local.get $at)))
    (i32.sub
      (i32.sub (local.get $character) (i32.const ${first}))
      (i32.gt_u (local.get $character) (i32.const ${backslash}))))
  (func (export "decode") (param $end i32) (result i32) (local $at i32) (local $length i32) (local $number i32)
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $length))))
      (local.set $number (call $number (local.get $at)))
      (if (i32.ge_u (local.get $number) (i32.const ${run}))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $number
            (i32.add
              (i32.mul (i32.sub (local.get $number) (i32.const ${run - 1})) (i32.const ${run}))
              (call $number (local.get $at))))))
      (i32.store8 (local.get $length) (local.get $number))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $length (i32.add (local.get $length) (i32.const 1)))
      (br $next))
    (unreachable)))`;

/** Compiles WebAssembly text into a list of bytes. */
async function compiled(source) {
  // Here, since what npm installs is there only after set-up.
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.parseText(source);
  module.setFeatures(binaryen.Features.MVP);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  return Array.from(module.emitBinary()).join(", ");
}

/** Returns the source of a module whose function returns the bytes. */
export async function inlineModule(bytes) {
  const encoded = encode(bytes);
  const decode = await compiled(decoder(Math.ceil(encoded.length / 2 ** 16)));
  return `// Generated from rolecall.wasm. Numbers from 0 to ${run + 2} are one character each, without the backslash: a number
// below ${run} is a byte; a larger one adds ${run}, ${2 * run} or ${3 * run} to the next.
const encoded = "${encoded}";
// WebAssembly that makes bytes of them. As plain numbers, since not every engine has \`atob\`.
const decoder = [${decode}];
export function wasmBytes() {
  const module = new WebAssembly.Module(Uint8Array.from(decoder));
  const { memory, decode } = new WebAssembly.Instance(module).exports;
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(new TextEncoder().encode(encoded));
  return bytes.slice(0, decode(encoded.length));
}
`;
}

export const inlineDeclarations = `/** The bytes of the WebAssembly file, decoded anew at each call. */
export function wasmBytes(): Uint8Array<ArrayBuffer>;
`;
