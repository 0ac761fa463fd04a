// @ts-check
import { RolecallError, Service } from "rolecall";
import { applyCall, isRule } from "./edits.js";
import { unasked } from "./vocabulary.js";

/**
 * @typedef {import("./vocabulary.js").OwnAction} OwnAction
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {"user" | "member" | "creator"} Which
 * @typedef {Partial<Record<Which, string>>} Defaults the SIDs of the default roles
 */

/** Where people are in a payload, which can be very many. */
const PEOPLE = ["users", "channels", "conversations", "members", "participants", "invites"];

/**
 * The same service without anybody in it: roles, default roles and the application's own actions. What a service tells
 * in a snapshot or does in a draft is told and done at once by this one, however many people the other has.
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

  /** The roles that newcomers get: what the service gives to some. */
  get defaults() {
    this.#defaults ??= defaultsOf(this.#service);
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

  /** An action for each permission that an application put into roles and that nothing asks for. @returns {Edit[]} */
  missingActions() {
    return unasked(this.#service, this.ownActions).map((name) => ["defineAction", name, { any: name }]);
  }

  free() {
    this.#service.free();
  }
}

/**
 * @param {Service} service without anybody in it
 * @returns {Defaults}
 */
function defaultsOf(service) {
  const [someone, somewhere] = ["someone", "somewhere"];
  /** @type {Record<Which, (draft: Service) => string | undefined>} */
  const given = {
    user(draft) {
      draft.setUser(someone);
      return draft.users()[0]?.roleSid;
    },
    member(draft) {
      draft.createChannel({ sid: somewhere });
      draft.setMember(somewhere, someone);
      return draft.members(somewhere)[0]?.roleSid;
    },
    creator(draft) {
      draft.createChannel({ sid: somewhere, createdBy: someone });
      return draft.members(somewhere)[0]?.roleSid;
    },
  };
  /** @type {Defaults} */
  const defaults = {};
  for (const which of /** @type {Which[]} */ (Object.keys(given))) {
    try {
      service.preview((draft) => {
        const sid = given[which](draft);
        if (sid) defaults[which] = sid;
      });
    } catch (error) {
      // There is no such default.
      if (!(error instanceof RolecallError)) throw error;
    }
  }
  return defaults;
}

/** @param {Record<string, unknown> | null} payload JSON can be `null` */
function withoutPeople(payload) {
  return Object.fromEntries(Object.entries(payload ?? {}).filter(([section]) => !PEOPLE.includes(section)));
}
