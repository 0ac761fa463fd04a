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
// 68 values the second counts in (72 was best for that file, and 68 is for today's of 46 kB). It uses only ASCII that esbuild has no need to escape: no double quote, no backslash.
//
// The first time, when nothing is compiled yet, is what a page waits for: 2.6 ms where each character is asked for,
// 2.0 ms where all are bytes at once, as below, and 1.2 ms in a WebAssembly module of 129 bytes, which was too much to
// have beside the other for that.

const run = 68;
const first = "#".charCodeAt(0);

/** The character of a number from 0 to 70: from # to i, and ~ for the backslash among them. */
const character = (number) => String.fromCharCode(first + number).replace("\\", "~");

function encode(bytes) {
  let text = "";
  for (const byte of bytes) {
    const which = Math.floor(byte / run);
    if (which > 0) text += character(run + which - 1);
    text += character(byte % run);
  }
  return text;
}

/** The source of a module whose function gives the bytes. */
export function inlineModule(bytes) {
  return `// Generated from rolecall.wasm. Numbers from 0 to ${run + 2} are one character each, from # on, with ~ for the backslash: a number
// below ${run} is a byte; a larger one adds ${run}, ${2 * run} or ${3 * run} to the next.
const text = "${encode(bytes)}";
export function wasmBytes() {
  const bytes = new TextEncoder().encode(text.replaceAll("~", "\\\\"));
  // In place: what comes out is never longer. As few steps as can be, since an engine takes them one by one the first time.
  let length = 0;
  for (let i = 0; i < text.length; ) {
    let byte = bytes[i++] - ${first};
    if (byte > ${run - 1}) byte = (byte - ${run - 1}) * ${run} + bytes[i++] - ${first};
    bytes[length++] = byte;
  }
  return bytes.slice(0, length);
}
`;
}

export const inlineDeclarations = `/** The bytes of the WebAssembly file, decoded anew at each call. */
export function wasmBytes(): Uint8Array<ArrayBuffer>;
`;
