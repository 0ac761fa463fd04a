// @ts-check
import { PermissionDenied, RolecallError, Service } from "rolecall";
import { Chat } from "./chat.js";
import { applyCall, isCall, newSid } from "./edits.js";
import { EXAMPLES, isExample, openExample } from "./examples.js";
import { JsonSyntaxError, lineAndColumn, locate, parse } from "./json-source.js";
import { Register } from "./register.js";
import { Rules } from "./rules.js";
import { Shadow } from "./shadow.js";
import { inDialect, scopeOf, words } from "./vocabulary.js";

/**
 * @typedef {import("rolecall").Action} Action
 * @typedef {import("rolecall").LoadReport} LoadReport
 * @typedef {import("rolecall").Role} Role
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./examples.js").ExampleName} ExampleName
 * @typedef {import("./link.js").PageState} PageState
 * @typedef {"fresh" | "add" | "replace"} Manner a new service; or into the one on screen, by upsert or by section
 * @typedef {{ identity: string, channel: string | undefined, action: Action, owner: string | null | undefined }} Question
 *   one question; `owner` is `undefined` for an action that asks for none
 *
 * @typedef {object} LoadResult
 * @property {string} source the name of what was loaded
 * @property {Manner} manner
 * @property {LoadReport} report
 *
 * @typedef {object} Failure
 * @property {string} source
 * @property {string} message
 * @property {string | undefined} [code] of a `RolecallError`
 * @property {string | undefined} [path] of a `RolecallError`
 * @property {{ line: number, column: number } | undefined} [position] in the JSON
 * @property {{ start: number, end: number } | undefined} [range] in the JSON, as offsets
 */

/**
 * The state of the page: a service, a chat in it, and what is open. Views draw it; only the methods below change it.
 */
export class Workspace {
  service = new Service({ roles: "none" });
  rules = new Rules({}, this.service.dialect);
  register = new Register(this.service);
  chat = new Chat({});
  shadow = new Shadow();

  /** The example that the service was made of; none where it was somebody's own data. @type {ExampleName | undefined} */
  example;
  /** Its payload, as JSON; empty where that is too long to show. */ text = "";
  /** The name of the service on screen. */ source = "";
  /** The signed-in user, for loads; empty: none. */ identity = "";
  /** What was done since. @type {Edit[]} */ edits = [];

  /** The last load, if it succeeded. @type {LoadResult | undefined} */ loaded;
  /** The last load, if it failed. @type {Failure | undefined} */ failure;
  /** What happened last, for a status line. */ news = "";
  /** What was just refused, if the last thing was. @type {{ question: Question, error: PermissionDenied } | undefined} */ refused;
  /** Whether something is being loaded. */ busy = true;

  /** The channel that is open. @type {string | undefined} */ channel;
  /** Whose view of the chat is shown, side by side. @type {[string, string]} */ seats = ["", ""];
  /** The tab that is open, where its panel has one. */ tab = "chat";
  /** Whether what is denied is disabled rather than hidden. */ disabled = false;
  /** Whether pressing something asks why, rather than doing it. */ asking = false;

  /** @type {Set<() => void>} */ #listeners = new Set();
  #drawing = false;
  /** How many examples were requested. */ #starts = 0;

  /** @param {() => void} listener called after every change of what is shown */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Draws again soon: all of what happens at once is drawn once. */
  changed() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /**
   * @param {string} action its Chat name, or an application's own
   * @returns {Action | undefined} `undefined` where the service's dialect has no such action
   */
  inDialect(action) {
    return inDialect(this.service, action);
  }

  /** @param {Question} question */
  may({ identity, channel, action, owner }) {
    return this.service.ability(identity, channel).can(/** @type {any} */ (action), owner ?? null);
  }

  /** The channel that is open, as the register has it. */
  get room() {
    return this.channel === undefined ? undefined : this.register.rooms.get(this.channel);
  }

  /** The role of that SID, if it was not deleted. @param {string | undefined} sid */
  role(sid) {
    return sid ? this.roles.find((role) => role.sid === sid) : undefined;
  }

  /** The roles, read once after each change. */
  get roles() {
    this.#roles ??= this.service.roles();
    return this.#roles;
  }

  /** The roles of one scope. @param {import("rolecall").Scope} scope */
  rolesOf(scope) {
    return this.roles.filter(({ type }) => scopeOf(type) === scope);
  }

  /** @type {Role[] | undefined} */ #roles;
  /** Roles that were deleted here, as they were. @type {Map<string, Role>} */ deleted = new Map();

  /**
   * Does the edits, or none of them.
   *
   * @param {Edit[]} edits
   * @param {() => string} news the status line afterwards
   * @returns {boolean} whether they were done
   */
  perform(edits, news) {
    try {
      this.rules.follow(edits);
      for (const edit of edits) this.#apply(edit);
      this.news = news();
      this.refused = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof RolecallError)) throw error;
      this.news = `Not done: ${error.message}`;
      return false;
    } finally {
      this.changed();
    }
  }

  /**
   * Does what somebody in the chat pressed, if that is allowed; else keeps the refusal.
   *
   * @param {Question} question
   * @param {() => Edit[]} edits
   * @param {() => string} news
   * @returns {boolean} whether it was done
   */
  attempt(question, edits, news) {
    const { identity, channel, action, owner } = question;
    try {
      this.service.ability(identity, channel).require(action, owner ?? null);
    } catch (error) {
      if (!(error instanceof PermissionDenied)) throw error;
      this.refused = { question, error };
      this.changed();
      return false;
    }
    return this.perform(edits(), news);
  }

  /** @param {Edit} edit */
  #apply(edit) {
    if (isCall(edit)) {
      const answer = applyCall(this.service, edit);
      if (edit[0] === "deleteRole") this.deleted.set(answer.role.sid, answer.role);
      this.#roles = undefined;
      if (edit[0] === "load") this.#reread(edit[1]);
      else this.register.follow(this.service, edit, this.rules.defaults);
      this.shadow.follow(edit);
    } else this.chat.follow(edit);
    this.edits.push(edit);
  }

  /** @param {unknown} payload */
  #reread(payload) {
    this.chat.load(payload);
    this.register = new Register(this.service);
  }

  /**
   * Where somebody looks.
   *
   * @param {Partial<Pick<Workspace, "identity" | "channel" | "seats" | "tab" | "disabled" | "asking">>} where
   */
  look(where) {
    Object.assign(this, where);
    this.changed();
  }

  /**
   * Shows the chat as somebody else sees it.
   *
   * @param {0 | 1} seat
   * @param {string} identity
   */
  sit(seat, identity) {
    const [left, right] = this.seats;
    this.look({ seats: seat === 0 ? [identity, right] : [left, identity] });
  }

  /** @param {ExampleName} name */
  async start(name) {
    const { title, identity = "" } = /** @type {import("./examples.js").Example} */ (EXAMPLES[name]);
    this.#starts += 1;
    const started = this.#starts;
    try {
      await this.#wait(`Loading ${title} …`);
      const { payload, text } = await openExample(name);
      // Somebody has chosen another one meanwhile.
      if (started !== this.#starts) return;
      this.identity = identity;
      this.#begin(payload, { source: title, text, example: name });
    } catch (error) {
      this.cannotRead(title, error);
    }
  }

  /**
   * Loads a payload. When it has an error, the service on screen stays as it was and `failure` says why.
   *
   * @param {string} text JSON
   * @param {{ source: string, manner?: Manner }} how
   * @returns {boolean} whether it loaded
   */
  load(text, { source, manner = "fresh" }) {
    try {
      const payload = /** @type {any} */ (parse(text));
      if (manner === "fresh") this.#begin(payload, { source, text });
      else {
        const edit = /** @type {Edit} */ (["load", payload, { replace: manner === "replace", ...this.#options }]);
        this.rules.follow([edit]);
        this.#apply(edit);
        this.#settle(source, manner);
      }
    } catch (error) {
      this.failure = { source, ...failureOf(error, text) };
      this.news = `${source} was not loaded. ${this.source === "" ? "" : `${this.source} stays on screen.`}`;
    }
    this.changed();
    return this.failure === undefined;
  }

  /**
   * Notes a payload that could not even be read.
   *
   * @param {string} source
   * @param {unknown} error
   */
  cannotRead(source, error) {
    this.busy = false;
    this.failure = { source, message: error instanceof Error ? error.message : String(error) };
    this.news = `${source} was not loaded.`;
    this.changed();
  }

  /**
   * Takes up a state that was kept.
   *
   * @param {PageState} kept
   */
  async restore({ example, payload, identity, edits, tab, channel, seats, disabled }) {
    this.identity = identity;
    if (payload === undefined) await this.start(isExample(example) ? example : "community");
    else if (!this.load(payload, { source: "The JSON of this link" })) await this.#makeUpFor();
    if (this.failure) return;
    for (const edit of edits) {
      // What was kept is as untrusted as any link: an edit that fails is left out, like one that was never done.
      try {
        if (isCall(edit)) this.rules.follow([edit]);
        this.#apply(edit);
      } catch (error) {
        if (!(error instanceof RolecallError || error instanceof TypeError)) throw error;
      }
    }
    const [left = this.seats[0], right = this.seats[1]] = seats;
    const known = channel !== undefined && this.register.rooms.has(channel);
    this.look({ tab: tab ?? this.tab, disabled, seats: [left, right], ...(known && { channel }) });
  }

  /** Shows an example where nothing is on screen yet, and still says what was not loaded. */
  async #makeUpFor() {
    const { failure, news } = this;
    if (this.source === "") await this.start("community");
    Object.assign(this, { failure, news });
    this.changed();
  }

  /** @returns {PageState} */
  get pageState() {
    const { example, text, identity, edits, tab, channel, seats, disabled } = this;
    return { example, payload: example ? undefined : text, identity, edits, tab, channel, seats, disabled };
  }

  /** The options of a load. @returns {{ identity?: string }} */
  get #options() {
    return this.identity === "" ? {} : { identity: this.identity };
  }

  /**
   * @param {any} payload
   * @param {{ source: string, text: string, example?: ExampleName }} what
   */
  #begin(payload, { source, text, example }) {
    const service = Service.from(payload, this.#options);
    const previous = [this.service, this.rules];
    this.service = service;
    this.#roles = undefined;
    this.rules = new Rules(payload, service.dialect);
    this.register = new Register(service);
    this.chat = new Chat(payload);
    this.deleted.clear();
    this.shadow.start({ start: example === "festival" ? undefined : payload, options: this.#options });
    Object.assign(this, { source, text, example, refused: undefined });
    for (const each of previous) each.free();
    this.#settle(source, "fresh");
    // Actions that were defined for the payload's own permissions come with the payload.
    this.edits = [];
    this.#chooseSeats(example ? EXAMPLES[example].seats : undefined);
    this.changed();
  }

  /**
   * @param {string} source
   * @param {Manner} manner
   */
  #settle(source, manner) {
    for (const edit of this.rules.missingActions()) {
      try {
        this.rules.follow([edit]);
        this.#apply(edit);
      } catch (error) {
        // There is room for so many; the others are among the permissions all the same.
        if (!(error instanceof RolecallError)) throw error;
      }
    }
    const report = /** @type {LoadReport} */ (this.service.lastLoad);
    this.loaded = { source, manner, report };
    this.failure = undefined;
    this.busy = false;
    this.news = `${source} loaded: ${counted(report, words(this.service))}.`;
    if (!this.register.rooms.has(this.channel ?? "")) this.channel = undefined;
  }

  /**
   * Two people who have something to say to each other.
   *
   * @param {[string, string] | undefined} wanted
   */
  #chooseSeats(wanted) {
    const rooms = [...this.register.rooms.values()];
    const first = wanted?.flatMap((identity) => this.register.channelsOf(identity))[0];
    this.channel = first ?? rooms.find(({ members }) => members.size > 1)?.sid ?? rooms[0]?.sid;
    const [left = "", right = left] = [...(this.room?.members.keys() ?? []), ...this.register.users.keys()];
    // Whoever has just signed in looks first.
    this.seats = wanted ?? (this.identity ? [this.identity, left === this.identity ? right : left] : [left, right]);
  }

  /** Says what is being waited for, and lets the browser show it. @param {string} news */
  async #wait(news) {
    this.busy = true;
    this.news = news;
    this.changed();
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** A message's SID, and the time on the clock. */
  stamp() {
    return { id: newSid("IM"), at: new Date().toTimeString().slice(0, 5) };
  }
}

const SECTIONS = /** @type {const} */ (["roles", "users", "channels", "members", "invites"]);

/**
 * @param {LoadReport} report
 * @param {Partial<Record<keyof LoadReport, string>>} terms
 */
function counted(report, terms) {
  return SECTIONS.map((section) => {
    const { added, updated, unchanged } = report[section];
    const count = added + updated + unchanged;
    const noun = terms[section] ?? section;
    return `${count.toLocaleString("en")} ${count === 1 ? noun.slice(0, -1) : noun}`;
  }).join(", ");
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
  // Nothing else is expected of a load.
  reportError(error);
  return { message: error instanceof Error ? error.message : String(error) };
}
