/**
 * `rolecall` for those who serve the WebAssembly as a file: the same API and the same classes, without the WebAssembly
 * inside. Everything waits for {@link init}. Where `rolecall` itself is imported too, nothing does.
 *
 * @module rolecall/slim
 */
import { type Compilable, compile } from "./instance.js";

export type { Ability } from "./ability.js";
export { PermissionDenied, RolecallError } from "./errors.js";
export * from "./model.js";
export * from "./names.js";
export { Service } from "./service.js";

/** Where the WebAssembly comes from: the address of `rolecall/rolecall.wasm`, its answer, its bytes, or what they compile to. */
export type WasmSource = string | URL | Response | Compilable;

/**
 * Starts the WebAssembly. Concurrent calls share one promise, that of the first source; once it is ready a call does
 * nothing; after a failure it can be called again.
 *
 * @param source what `rolecall/rolecall.wasm` is served as; see {@link WasmSource}. A promise of it will do.
 * @throws RolecallError `not-ready` where it could not be had, is no WebAssembly, or the page's policy forbids it
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void> {
  return compile(async () => {
    const given = await source;
    const found = typeof given === "string" || given instanceof URL ? await fetch(given) : given;
    // Where there is no fetch there may be no Response either.
    if (!("arrayBuffer" in found)) return found as Compilable;
    // Compiled from the bytes and not from the stream, which would ask the server for one Content-Type and gain nothing
    // with a file this small.
    const { ok, url, status } = found as Response;
    if (!ok) throw new Error(`${url} was answered with ${status}`);
    return (found as Response).arrayBuffer();
  });
}
