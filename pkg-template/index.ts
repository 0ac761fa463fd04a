/**
 * The roles and permissions of Twilio Programmable Chat and Conversations, for deciding which controls to show.
 *
 * The browser's answer decides what is shown; the server still enforces.
 *
 * @module rolecall
 */
import { Service as SharedService } from "./service.js";
import { compile, startingFrom } from "./start.js";
import { wasmBytes } from "./wasm-inline.js";

export type { Ability, SubscribeToAbility } from "./ability.js";
export { PermissionDenied, RolecallError } from "./errors.js";
export * from "./names.js";
export * from "./types.js";

/**
 * A service instance: roles, users, channels, members and invites, and the answers they give. Needs nothing awaited: the
 * first one starts the WebAssembly, in a few milliseconds.
 *
 * @class
 */
export const Service: typeof SharedService = /* @__PURE__ */ startingFrom(wasmBytes, SharedService);
export type Service = SharedService;

/**
 * Compiles the WebAssembly and runs it once, before it is needed, so that the first service waits for nothing. Needed only where
 * the engine refuses to compile so much at once, which a service says by `init-required`: else the first service does it on the
 * spot, in some milliseconds. Concurrent calls share one promise; after a failure it can be called again.
 *
 * @throws RolecallError `webassembly-missing` where the engine has none; `webassembly-blocked` where a policy forbids it;
 *   `not-ready` for anything else
 */
export function init(): Promise<void> {
  return compile(wasmBytes);
}
