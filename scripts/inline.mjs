// Puts the WebAssembly file into a JavaScript module, since the entry `rolecall` must work without loading a file.

/** The source of a module whose default export gives the bytes. */
export function inlineModule(bytes) {
  return `const text = "${Buffer.from(bytes).toString("base64")}";
export default function wasmBytes() {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
`;
}

export const inlineDeclarations = `/** The bytes of the WebAssembly file. */
export default function wasmBytes(): Uint8Array<ArrayBuffer>;
`;
