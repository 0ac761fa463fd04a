// @ts-check
import { Service } from "rolecall";
import { applyCall, isRule } from "./edits.js";
import { unasked } from "./vocabulary.js";

/**
 * @typedef {import("./vocabulary.js").OwnAction} OwnAction
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {"user" | "member" | "creator"} Which
 * @typedef {{ service: Record<string, string>, actions: OwnAction[] }} Told
 */

/** The fields of a snapshot that name the default roles, by what `setDefaultRole` calls them. */
const DEFAULTS = /** @type {const} */ ({
  user: ["default_service_role_sid", "default_chat_service_role_sid"],
  member: ["default_channel_role_sid", "default_conversation_role_sid"],
  creator: ["default_channel_creator_role_sid", "default_conversation_creator_role_sid"],
});

/** Where people are in a payload, which can be very many. */
const PEOPLE = ["users", "channels", "conversations", "members", "participants", "invites"];

/**
 * The same service without anybody in it: roles, default roles and the application's own actions. A service tells its
 * default roles and its own actions in a snapshot only, and the snapshot of this one is small.
 */
export class Rules {
  #service = new Service({ roles: "none" });
  /** @type {Told | undefined} */ #told;

  /** @param {any} payload what the service was made of */
  constructor(payload) {
    this.#service = Service.from(withoutPeople(payload));
  }

  /** The actions that the application has defined. */
  get ownActions() {
    return this.#snapshot.actions;
  }

  /** Every role that a default points to, also one that was deleted: by what it is the default for. */
  get defaults() {
    const { service } = this.#snapshot;
    const sids = /** @type {Record<Which, string | undefined>} */ ({});
    for (const which of /** @type {Which[]} */ (Object.keys(DEFAULTS))) {
      const field = DEFAULTS[which].find((name) => service[name]);
      sids[which] = field && service[field];
    }
    return sids;
  }

  /**
   * Does the edits that concern rules, or none of them: what is refused here would be refused there.
   *
   * @param {Edit[]} edits
   */
  follow(edits) {
    const rules = edits.filter(isRule);
    if (rules.length === 0) return;
    const before = this.#service.toJSON();
    this.#told = undefined;
    try {
      for (const [name, ...rest] of rules)
        applyCall(this.#service, name === "load" ? [name, withoutPeople(rest[0]), rest[1]] : [name, ...rest]);
    } catch (error) {
      this.#service.free();
      this.#service = Service.from(before);
      throw error;
    }
  }

  /** An action for each permission that an application put into roles and that nothing asks for. @returns {Edit[]} */
  missingActions() {
    return unasked(this.#service, this.ownActions).map((name) => ["defineAction", name, { any: name }]);
  }

  free() {
    this.#service.free();
  }

  get #snapshot() {
    this.#told ??= /** @type {Told} */ ({ service: {}, actions: [], ...this.#service.toJSON() });
    return this.#told;
  }
}

/** @param {Record<string, unknown>} payload */
function withoutPeople(payload) {
  return Object.fromEntries(Object.entries(payload).filter(([section]) => !PEOPLE.includes(section)));
}
