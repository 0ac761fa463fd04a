// Puts the WebAssembly file into a JavaScript module, since the entry `rolecall` must work without loading a file.
//
// A module like this is bundled, minified and compressed by others, so what counts is the size after esbuild's
// default minifying and brotli, decoder included. Measured with a WebAssembly file of 90 155 bytes (34 474 in
// brotli, 41 026 in gzip), and the time to decode it in Node that has done so before:
//
//   encoding                                           minified     gzip   brotli   decoding
//   base64                                              120 295   52 585   46 338     6.2 ms
//   base 85                                             112 956   65 179   62 189     0.5 ms
//   hexadecimal                                         180 403   44 942   36 984    12.6 ms
//   one character a byte, as esbuild's \xNN             131 819   44 644   38 166     6.0 ms
//   one character a byte, esbuild with charset=utf8     116 323   44 362   37 439     6.0 ms
//   frequent bytes as one character, with a table        96 791   41 656   35 812     2.1 ms
//   the lowest 72 values as one character, no table     108 912   41 932   35 581     0.4 ms   <- this one
//
// Encodings that pack bits across bytes hide from the compressor what repeats. This one keeps a byte a byte: values
// below 68, the most frequent in WebAssembly, are one character; the others are two, of which the first tells which
// 68 values the second counts in (72 was best for that file, and 68 is for today's of 46 kB). It uses only ASCII that
// esbuild has no need to escape: no double quote, no backslash.
//
// The first time, when nothing is compiled yet, is what a page waits for. A loop in JavaScript takes 2 to 3 ms then, since
// an engine takes its steps one by one: so the loop is WebAssembly, too, of a hundred bytes, and takes 1 ms with all that is
// around it.

const run = 68;
const first = "#".charCodeAt(0);
const backslash = "\\".charCodeAt(0);

/** The character of a number from 0 to 70: from # to j, without the backslash. */
const character = (number) => String.fromCharCode(first + number + (first + number >= backslash ? 1 : 0));

function encode(bytes) {
  let text = "";
  for (const byte of bytes) {
    const which = Math.floor(byte / run);
    if (which > 0) text += character(run + which - 1);
    text += character(byte % run);
  }
  return text;
}

/** What makes bytes of characters: in place, since what comes out is never longer. Gives how many. */
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

/** WebAssembly from its text, in base 64. */
async function compiled(source) {
  // Here, since what npm installs is there only after set-up.
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.parseText(source);
  module.setFeatures(binaryen.Features.MVP);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  return Buffer.from(module.emitBinary()).toString("base64");
}

/** The source of a module whose function gives the bytes. */
export async function inlineModule(bytes) {
  const text = encode(bytes);
  const decode = await compiled(decoder(Math.ceil(text.length / 2 ** 16)));
  return `// Generated from rolecall.wasm. Numbers from 0 to ${run + 2} are one character each, without the backslash: a number
// below ${run} is a byte; a larger one adds ${run}, ${2 * run} or ${3 * run} to the next.
const text = "${text}";
// WebAssembly that makes bytes of them, in base 64.
const decoder = "${decode}";
export function wasmBytes() {
  const module = new WebAssembly.Module(Uint8Array.from(atob(decoder), (letter) => letter.charCodeAt(0)));
  const { memory, decode } = new WebAssembly.Instance(module).exports;
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(new TextEncoder().encode(text));
  return bytes.slice(0, decode(text.length));
}
`;
}

export const inlineDeclarations = `/** The bytes of the WebAssembly file, decoded anew at each call. */
export function wasmBytes(): Uint8Array<ArrayBuffer>;
`;
