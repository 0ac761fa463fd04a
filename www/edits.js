// @ts-check

/**
 * Edits are what somebody did on the page, as plain values: a link and the browser's storage keep them, and the worker
 * (see shadow.js) repeats them on its own copy of the service.
 *
 * @typedef {import("rolecall").Service} Service
 * @typedef {[name: string, ...rest: any[]]} Edit a call of the service or of the chat, and its arguments
 */

/** The calls of a service that a link may ask for. */
const CALLS = /** @type {const} */ ([
  "load",
  "createRole",
  "grant",
  "revoke",
  "deleteRole",
  "setDefaultRole",
  "setUser",
  "createChannel",
  "setChannelState",
  "removeChannel",
  "joinChannel",
  "setMember",
  "removeMember",
  "invite",
  "defineAction",
]);

/** The calls that concern roles, default roles and actions, and nobody in particular. */
const RULES = ["load", "createRole", "grant", "revoke", "deleteRole", "setDefaultRole", "defineAction"];

/**
 * Whether the edit is one of the service's; else it is one of the chat's.
 *
 * @param {Edit} edit
 */
export const isCall = ([name]) => /** @type {readonly string[]} */ (CALLS).includes(name);

/**
 * Whether the edit changes the rules; see rules.js.
 *
 * @param {Edit} edit
 */
export const isRule = ([name]) => RULES.includes(name);

/**
 * @param {Service} service
 * @param {Edit} edit one for which {@link isCall} holds
 */
export function applyCall(service, [name, ...rest]) {
  return /** @type {any} */ (service)[name](...rest);
}

/** @param {string} prefix such as RL for a role */
export const newSid = (prefix) => prefix + crypto.randomUUID().replaceAll("-", "");
