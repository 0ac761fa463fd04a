// Stands in for TextDecoder and TextEncoder where an engine has neither: jsdom 16, in which Jest 27 and Create React App 5
// run their tests. scripts/published.mjs has esbuild inject it into generated code, so that no global is touched.

class Utf8Decoder {
  decode(bytes = []) {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return decodeURIComponent(escape(binary));
  }
}

class Utf8Encoder {
  encode(string) {
    return Uint8Array.from(unescape(encodeURIComponent(string)), (unit) => unit.charCodeAt(0));
  }
}

const Decoder = typeof TextDecoder === "undefined" ? Utf8Decoder : TextDecoder;
const Encoder = typeof TextEncoder === "undefined" ? Utf8Encoder : TextEncoder;

export { Decoder as TextDecoder, Encoder as TextEncoder };
