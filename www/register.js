// @ts-check

/**
 * @typedef {import("rolecall").Service} Service
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("rolecall").Channel} Channel
 * @typedef {Omit<Channel, "uniqueName">} Facts
 * @typedef {Facts & { members: Map<string, string>, invites: Map<string, string> }} Room
 *   `members` and `invites`: role SIDs, by identity
 */

/**
 * An index of users and members for the lists of the page: `service.users()` of 100,000 people takes longer than a
 * frame. It follows the edits, and decides nothing.
 */
export class Register {
  /** The role SID of each user. @type {Map<string, string>} */ users = new Map();
  /** @type {Map<string, Room>} */ rooms = new Map();
  /** How many users and members refer to a role. @type {Map<string, { users: number, members: number }>} */
  holders = new Map();

  /** The channels of each identity. @type {Map<string, Set<string>>} */
  #channelsOf = new Map();
  /** The users in the order of their identities, and each in lower case. @type {[string, string][] | undefined} */
  #sorted;
  /** The last query and its users. @type {{ query: string, users: string[] } | undefined} */ #found;

  /** @param {Service} service */
  constructor(service) {
    for (const { identity, roleSid } of service.users()) this.#setUser(identity, roleSid);
    for (const channel of service.channels()) this.#addRoom(service, channel);
  }

  /**
   * Follows an edit that the service has accepted.
   *
   * @param {Service} service
   * @param {Edit} edit any call but a load, with roles by their SIDs
   * @param {import("./rules.js").Defaults} defaults
   */
  follow(service, [name, ...rest], defaults) {
    if (name === "setUser") this.#setUser(rest[0], rest[1]);
    else if (name === "createChannel")
      this.#addRoom(service, { type: "private", state: "active", createdBy: null, ...rest[0] });
    else if (name === "setChannelState") Object.assign(this.rooms.get(rest[0]) ?? {}, { state: rest[1] });
    else if (name === "removeChannel") this.#removeRoom(rest[0]);
    else if (name === "removeMember") this.#removeMember(rest[0], rest[1]);
    else if (name === "invite") this.rooms.get(rest[0])?.invites.set(rest[1], rest[2] ?? "");
    else if (name === "setMember" || name === "joinChannel") {
      // The rule of the service: reading its answer back takes too long where there are 50,000 members.
      const { members, invites, createdBy } = this.rooms.get(rest[0]) ?? {};
      const first = invites?.get(rest[1]) || (createdBy === rest[1] && defaults.creator) || defaults.member;
      this.#setMember(rest[0], rest[1], rest[2] ?? members?.get(rest[1]) ?? first ?? "");
    }
  }

  /**
   * The channels that somebody is a member of.
   *
   * @param {string} identity
   */
  channelsOf(identity) {
    return [...(this.#channelsOf.get(identity) ?? [])];
  }

  /**
   * The users whose identity contains this string, in order.
   *
   * @param {string} part
   * @returns {string[]}
   */
  find(part) {
    const query = part.trim().toLowerCase();
    if (this.#found?.query === query) return this.#found.users;
    this.#sorted ??= [...this.users.keys()].sort().map((identity) => [identity, identity.toLowerCase()]);
    const users = [];
    for (const [identity, lower] of this.#sorted) if (lower.includes(query)) users.push(identity);
    this.#found = { query, users };
    return users;
  }

  /**
   * Some of those who refer to a role.
   *
   * @param {string} sid
   * @param {number} most
   */
  someHolders(sid, most) {
    const found = new Set();
    const look = (/** @type {Map<string, string>} */ roles) => {
      for (const [identity, role] of roles) {
        if (found.size === most) return;
        if (role === sid) found.add(identity);
      }
    };
    look(this.users);
    for (const { members } of this.rooms.values()) look(members);
    return [...found];
  }

  /**
   * @param {string} identity
   * @param {string} role
   */
  #setUser(identity, role) {
    const before = this.users.get(identity);
    if (before === undefined) this.#sorted = this.#found = undefined;
    this.users.set(identity, role);
    this.#count("users", before, role);
  }

  /**
   * @param {Service} service
   * @param {Facts} channel
   */
  #addRoom(service, { sid, type, state, createdBy }) {
    this.rooms.set(sid, { sid, type, state, createdBy, members: new Map(), invites: new Map() });
    for (const { identity, roleSid } of service.members(sid)) this.#setMember(sid, identity, roleSid);
    for (const { identity, roleSid } of service.invites(sid)) this.rooms.get(sid)?.invites.set(identity, roleSid);
  }

  /** @param {string} sid */
  #removeRoom(sid) {
    for (const identity of this.rooms.get(sid)?.members.keys() ?? []) this.#removeMember(sid, identity);
    this.rooms.delete(sid);
  }

  /**
   * @param {string} sid
   * @param {string} identity
   * @param {string} role
   */
  #setMember(sid, identity, role) {
    const { members, invites } = this.rooms.get(sid) ?? {};
    this.#count("members", members?.get(identity), role);
    members?.set(identity, role);
    invites?.delete(identity);
    const channels = this.#channelsOf.get(identity) ?? new Set();
    this.#channelsOf.set(identity, channels.add(sid));
  }

  /**
   * @param {string} sid
   * @param {string} identity
   */
  #removeMember(sid, identity) {
    const members = this.rooms.get(sid)?.members;
    this.#count("members", members?.get(identity), undefined);
    members?.delete(identity);
    this.#channelsOf.get(identity)?.delete(sid);
  }

  /**
   * @param {"users" | "members"} what
   * @param {string | undefined} before
   * @param {string | undefined} after
   */
  #count(what, before, after) {
    for (const [sid, step] of /** @type {const} */ ([
      [before, -1],
      [after, 1],
    ])) {
      if (sid === undefined) continue;
      const counted = this.holders.get(sid) ?? { users: 0, members: 0 };
      counted[what] += step;
      this.holders.set(sid, counted);
    }
  }
}
