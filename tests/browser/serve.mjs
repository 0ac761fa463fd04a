// For tests: a folder of files over HTTP, with the headers a test is about. See scripts/serve.mjs.
export { serve } from "../../scripts/serve.mjs";

/** The strictest policy under which a page can run WebAssembly. */
export const strictPolicy = {
  "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
};
