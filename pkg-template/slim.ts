/**
 * `rolecall` for those who serve the WebAssembly as a file: the same API and the same classes, without the WebAssembly
 * inside. Everything waits for {@link init}. Where `rolecall` itself is imported too, nothing does.
 *
 * @module rolecall/slim
 */
import { type Compilable, compile } from "./start.js";

export type { Ability, SubscribeToAbility } from "./ability.js";
export { PermissionDenied, RolecallError } from "./errors.js";
export * from "./names.js";
export { Service } from "./service.js";
export * from "./types.js";

/**
 * Where the WebAssembly comes from: the address of `rolecall/rolecall.wasm`, its response, its bytes, or the module that they
 * compile to, as edge runtimes have it.
 */
export type WasmSource = string | URL | Response | Compilable;

/**
 * Starts the WebAssembly. Concurrent calls share one promise, that of the first source; once it is started a call does
 * nothing; after a failure it can be called again.
 *
 * @param source where `rolecall/rolecall.wasm` is; see {@link WasmSource}. A promise of it will do
 * @throws RolecallError `webassembly-missing` where the engine has none; `webassembly-blocked` where a policy forbids to
 *   compile it, as in edge runtimes, which take a module; `not-ready` where it could not be fetched or is no WebAssembly
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void> {
  return compile(async () => {
    const known = await source;
    const found = typeof known === "string" || known instanceof URL ? await fetch(known) : known;
    // Where there is no fetch there may be no Response either.
    if (!("arrayBuffer" in found)) return found as Compilable;
    // Compiled from the bytes and not from the stream, which would ask the server for one Content-Type and gain nothing
    // with a file this small.
    const { ok, url, status } = found as Response;
    if (!ok) throw new Error(`${url} was answered with ${status}`);
    return (found as Response).arrayBuffer();
  });
}
