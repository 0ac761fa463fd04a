// Puts the WebAssembly file into a JavaScript module, since the entry `rolecall` must work without loading a file.
//
// A module like this is bundled, minified and compressed by others, so what counts is the size after esbuild's
// default minifying and brotli, decoder included. Measured with a WebAssembly file of 90 155 bytes (34 474 in
// brotli, 41 026 in gzip), and the time to decode it in Node:
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
// below 72, the most frequent in WebAssembly, are one character; the others are two, of which the first tells which
// 72 values the second counts in. It uses only ASCII that esbuild has no need to escape: no double quote, no backslash.

const run = 72;
const first = "#".charCodeAt(0);
const backslash = "\\".charCodeAt(0);

/** The character of a number from 0 to 74: from # to n. */
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

/**
 * Turns characters into bytes, in place: what comes out is never longer. WebAssembly too, since where nothing has run yet,
 * an engine takes 2.3 ms for this loop in JavaScript and 0.9 ms to compile it and run it.
 *
 * @param pages how much memory the text needs, in pages of 64 KiB
 */
const decoder = (pages) => `(module
  (memory (export "memory") ${pages})
  (func (export "decode") (param $length i32) (result i32)
    (local $from i32) (local $to i32) (local $number i32) (local $added i32)
    (loop $next
      (local.set $number (i32.load8_u (local.get $from)))
      (local.set $number (i32.sub
        (i32.sub (local.get $number) (i32.const ${first}))
        (i32.gt_u (local.get $number) (i32.const ${backslash}))))
      (if (i32.lt_u (local.get $number) (i32.const ${run}))
        (then
          (i32.store8 (local.get $to) (i32.add (local.get $number) (local.get $added)))
          (local.set $to (i32.add (local.get $to) (i32.const 1)))
          (local.set $added (i32.const 0)))
        (else
          (local.set $added (i32.mul (i32.sub (local.get $number) (i32.const ${run - 1})) (i32.const ${run})))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $length))))
    (local.get $to)))`;

/** Not imported at the top: what stands there is loaded before the npm packages are installed. */
async function assemble(source) {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.parseText(source);
  binaryen.setShrinkLevel(2);
  module.optimize();
  return Buffer.from(module.emitBinary());
}

/** The source of a module whose function gives the bytes. */
export async function inlineModule(bytes) {
  const text = encode(bytes);
  const small = await assemble(decoder(Math.ceil(text.length / 2 ** 16)));
  return `// Generated from rolecall.wasm. Numbers from 0 to ${run + 2} are one character each, without the backslash: a number
// below ${run} is a byte; a larger one adds ${run}, ${2 * run} or ${3 * run} to the next. A small WebAssembly module turns them into bytes.
const text = "${text}";
const decoder = "${small.toString("base64")}";
export function wasmBytes() {
  const bytes = Uint8Array.from(atob(decoder), (byte) => byte.charCodeAt(0));
  const { memory, decode } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const all = new Uint8Array(memory.buffer);
  new TextEncoder().encodeInto(text, all);
  return all.slice(0, decode(text.length));
}
`;
}

export const inlineDeclarations = `/** The bytes of the WebAssembly file, decoded anew at each call. */
export function wasmBytes(): Uint8Array<ArrayBuffer>;
`;
