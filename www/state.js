// @ts-check
import { RolecallError, Service } from "rolecall";
import { channelNames } from "./channel-names.js";
import { JsonSyntaxError, lineAndColumn, locate, parse } from "./json-source.js";
import { listActions, ownPermissions } from "./vocabulary.js";

/**
 * @typedef {import("rolecall").Ability} Ability
 * @typedef {import("rolecall").LoadReport} LoadReport
 * @typedef {"self" | "other" | "nobody"} Whose whose the thing is that an owned action acts on
 * @typedef {"fresh" | "add" | "replace"} Manner a new service; or into the one on screen, by upsert or by section
 *
 * @typedef {object} Loaded
 * @property {string} source what was loaded, for people
 * @property {Manner} manner
 * @property {LoadReport} report
 *
 * @typedef {object} Failure
 * @property {string} source
 * @property {string} message
 * @property {string | undefined} [code] of a `RolecallError`
 * @property {string | undefined} [path] of a `RolecallError`
 * @property {{ line: number, column: number } | undefined} [position] where in the text
 * @property {{ start: number, end: number } | undefined} [range] the same, as offsets
 */

/** An owner who is neither the asking user nor anybody, when the service knows nobody else. */
const SOMEBODY = "somebody-else";

/**
 * What the page shows: a service, and one question put to it. Panels read it and subscribe; only the
 * methods below change it.
 */
export class State {
  /** @type {Service} */ service = new Service({ roles: "none" });
  /** @type {Ability} */ ability = this.service.ability("");
  /** @type {Whose} */ whose = "other";
  /** What the service on screen is called. */ source = "";
  /** Actions the application defined beside the built-in ones. @type {string[]} */ ownActions = [];
  /** @type {Loaded | undefined} */ loaded;
  /** The last load, if it failed. @type {Failure | undefined} */ failure;

  /** @type {Map<string, string>} */ #names = new Map();
  /** @type {Set<() => void>} */ #listeners = new Set();
  #drawing = false;
  #stopAbility = () => {};
  #stopService = () => {};

  /**
   * @param {() => void} listener called after every change of what is shown
   */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  get identity() {
    return this.ability.identity;
  }

  get channel() {
    return this.ability.channel;
  }

  /** The owner to ask owned actions about; `null` for a system message. */
  get owner() {
    return { self: this.identity, other: this.somebodyElse, nobody: null }[this.whose];
  }

  /** Somebody else, as near to the question as the service knows one: a fellow member before any user. */
  get somebodyElse() {
    const members = this.channel === undefined ? [] : this.service.members(this.channel);
    const other = [...members, ...this.service.users()].find(({ identity }) => identity !== this.identity);
    return other?.identity ?? SOMEBODY;
  }

  get actions() {
    return listActions(this.service, this.ownActions);
  }

  /**
   * What people call a channel: the name its payload gave it, or else its SID.
   *
   * @param {string} sid
   */
  channelName(sid) {
    return this.#names.get(sid) ?? sid;
  }

  /**
   * Puts another question.
   *
   * @param {{ identity?: string, channel?: string | undefined, whose?: Whose }} question what stays as it is can be left out
   */
  ask(question) {
    const { identity, channel, whose } = {
      identity: this.identity,
      channel: this.channel,
      whose: this.whose,
      ...question,
    };
    this.whose = whose;
    this.#hold(this.service.ability(identity, channel));
    this.#changed();
  }

  /**
   * Loads a payload. When it has an error, the service on screen stays as it was and `failure` says why.
   *
   * @param {string} text JSON
   * @param {{ source: string, manner?: Manner, identity?: string }} how `identity`: who to ask about at first
   * @returns {boolean} whether it loaded
   */
  load(text, { source, manner = "fresh", identity }) {
    try {
      const payload = /** @type {any} */ (parse(text));
      if (manner === "fresh") this.#start(Service.from(payload), source, identity);
      else this.service.load(payload, { replace: manner === "replace" });
      for (const [sid, name] of channelNames(payload)) this.#names.set(sid, name);
      this.#defineOwnActions();
      this.loaded = { source, manner, report: /** @type {LoadReport} */ (this.service.lastLoad) };
      this.failure = undefined;
    } catch (error) {
      this.failure = { source, ...failureOf(error, text) };
    }
    this.#changed();
    return this.failure === undefined;
  }

  /**
   * Notes a payload that could not even be read.
   *
   * @param {string} source
   * @param {unknown} error
   */
  cannotRead(source, error) {
    this.failure = { source, message: error instanceof Error ? error.message : String(error) };
    this.#changed();
  }

  /**
   * @param {Service} service
   * @param {string} source
   * @param {string} [identity]
   */
  #start(service, source, identity) {
    const previous = this.service;
    const users = service.users();
    const who = identity ?? users[0]?.identity ?? "";
    const channels = service.channels();
    const joined = channels.find(({ sid }) => service.members(sid).some((member) => member.identity === who));
    this.service = service;
    this.source = source;
    this.ownActions = [];
    this.#names.clear();
    this.#hold(service.ability(who, (joined ?? channels[0])?.sid));
    this.#stopService();
    this.#stopService = service.subscribe(() => this.#changed());
    previous.free();
  }

  /** @param {Ability} ability */
  #hold(ability) {
    this.#stopAbility();
    this.ability = ability;
    this.#stopAbility = ability.subscribe(() => this.#changed());
  }

  #defineOwnActions() {
    for (const permission of ownPermissions(this.service)) {
      if (this.ownActions.includes(permission)) continue;
      try {
        this.service.defineAction(permission, { any: permission });
        this.ownActions.push(permission);
      } catch (error) {
        // There is room for so many; the others are among the permissions all the same.
        if (!(error instanceof RolecallError)) throw error;
      }
    }
  }

  /** One load changes the service, the ability and the page's own part: the panels draw once, after all of it. */
  #changed() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/**
 * @param {unknown} error
 * @param {string} text
 * @returns {Omit<Failure, "source">}
 */
function failureOf(error, text) {
  if (error instanceof JsonSyntaxError) {
    const { message, line, column, offset } = error;
    return { message, position: { line, column }, range: { start: offset, end: Math.min(offset + 1, text.length) } };
  }
  if (error instanceof RolecallError) {
    const { message, code, path } = error;
    const range = path === undefined ? undefined : locate(text, path);
    return { message, code, path, range, position: range && lineAndColumn(text, range.start) };
  }
  // Nothing else is expected of a load; whoever sees it should see it in both places.
  reportError(error);
  return { message: error instanceof Error ? error.message : String(error) };
}
