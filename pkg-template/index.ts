/**
 * The roles and permissions of Twilio Programmable Chat and Conversations, for deciding which controls to show.
 *
 * The browser's answer decides what is shown; the server still enforces.
 *
 * @module rolecall
 */
export type { Ability } from "./ability.js";
export { PermissionDenied, RolecallError } from "./errors.js";
export { init } from "./instance.js";
export * from "./model.js";
export * from "./names.js";
export { Service } from "./service.js";
