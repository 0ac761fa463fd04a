/**
 * The roles and permissions of Twilio Programmable Chat and Conversations, for deciding which controls to show.
 *
 * The browser's answer decides what is shown; the server still enforces.
 *
 * @module rolecall
 */
import { compile, startingFrom } from "./instance.js";
import { Service as SharedService } from "./service.js";
import { wasmBytes } from "./wasm-inline.js";

export type { Ability } from "./ability.js";
export { PermissionDenied, RolecallError } from "./errors.js";
export * from "./model.js";
export * from "./names.js";

/**
 * A service instance: roles, users, channels, members and invites, and the answers they give. Needs nothing awaited: the
 * first one starts the WebAssembly, in a few milliseconds.
 *
 * @class
 */
export const Service: typeof SharedService = /* @__PURE__ */ startingFrom(wasmBytes, SharedService);
export type Service = SharedService;

/**
 * Compiles the WebAssembly off the critical path. Never needed: the first `new Service()` does it on the spot, in a few
 * milliseconds. Concurrent calls share one promise; after a failure it can be called again.
 *
 * @throws RolecallError `not-ready` where the page's policy forbids WebAssembly.
 */
export function init(): Promise<void> {
  return compile(wasmBytes);
}
