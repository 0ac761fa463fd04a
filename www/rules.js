// @ts-check
import { Service } from "rolecall";
import { applyCall, isRule } from "./edits.js";
import { withoutAction } from "./vocabulary.js";

/**
 * @typedef {import("./vocabulary.js").OwnAction} OwnAction
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {"user" | "member" | "creator"} Which
 * @typedef {Partial<Record<Which, string>>} Defaults the SIDs of the default roles
 */

/** The sections of a payload that may be very long. */
const PEOPLE = ["users", "channels", "conversations", "members", "participants", "invites"];

/** The fields of a snapshot that name the default roles, in both dialects. @type {Record<string, Which>} */
const DEFAULTS = {
  default_service_role_sid: "user",
  default_chat_service_role_sid: "user",
  default_channel_role_sid: "member",
  default_conversation_role_sid: "member",
  default_channel_creator_role_sid: "creator",
  default_conversation_creator_role_sid: "creator",
};

/**
 * A copy of the service without anybody in it: roles, default roles and the application's own actions. Its snapshot takes
 * no time, however many people the service has.
 */
export class Rules {
  #service;
  /** @type {OwnAction[] | undefined} */ #ownActions;
  /** @type {Defaults | undefined} */ #defaults;

  /**
   * @param {any} payload what the service was made of
   * @param {import("rolecall").Dialect} dialect
   */
  constructor(payload, dialect) {
    this.#service = Service.from(withoutPeople(payload), { dialect });
  }

  /** The actions that the application has defined. */
  get ownActions() {
    this.#ownActions ??= /** @type {OwnAction[]} */ (this.#service.toJSON().actions ?? []);
    return this.#ownActions;
  }

  /** The default roles. */
  get defaults() {
    if (!this.#defaults) {
      const { service, configuration } = /** @type {any} */ (this.#service.toJSON());
      const fields = Object.entries(service ?? configuration ?? {});
      this.#defaults = Object.fromEntries(
        fields.flatMap(([field, sid]) => (DEFAULTS[field] ? [[DEFAULTS[field], sid]] : [])),
      );
    }
    return this.#defaults;
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
    this.#ownActions = undefined;
    this.#defaults = undefined;
    try {
      for (const [name, ...rest] of rules)
        applyCall(this.#service, name === "load" ? [name, withoutPeople(rest[0]), rest[1]] : [name, ...rest]);
    } catch (error) {
      this.#service.free();
      this.#service = Service.from(before);
      throw error;
    }
  }

  /** An action for each permission of the application's own that no action requires. @returns {Edit[]} */
  missingActions() {
    return withoutAction(this.#service, this.ownActions).map((name) => ["defineAction", name, { any: name }]);
  }

  free() {
    this.#service.free();
  }
}

/** Keeps each section, since a payload without any is an error. @param {Record<string, unknown> | null} payload */
function withoutPeople(payload) {
  return Object.fromEntries(
    Object.entries(payload ?? {}).map(([section, rows]) => [
      section,
      PEOPLE.includes(section.toLowerCase()) ? [] : rows,
    ]),
  );
}
