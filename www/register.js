// @ts-check

/**
 * @typedef {import("rolecall").Service} Service
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ sid: string, type: "public" | "private", members: Map<string, string>, invites: Map<string, string> }} Room
 *   the role SIDs of members and of those who are invited, by identity
 */

/**
 * Who is where with which role, indexed for lists: a service tells all of its users at once, which with 100,000 of them
 * takes longer than a frame. It follows the edits; what it says never decides whether something is allowed.
 */
export class Register {
  /** The role SID of each user. @type {Map<string, string>} */ users = new Map();
  /** @type {Map<string, Room>} */ rooms = new Map();
  /** How many users and members refer to a role. @type {Map<string, { users: number, members: number }>} */
  holders = new Map();

  /** The channels of each identity. @type {Map<string, Set<string>>} */
  #places = new Map();
  /** The users in the order of their identities, and each in lower case. @type {[string, string][] | undefined} */
  #sorted;
  /** What was found last. @type {{ sought: string, users: string[] } | undefined} */ #found;

  /** @param {Service} service */
  constructor(service) {
    for (const { identity, roleSid } of service.users()) this.#setUser(identity, roleSid);
    for (const { sid, type } of service.channels()) this.#addRoom(service, sid, type);
  }

  /**
   * What became of the service through an edit that it has accepted.
   *
   * @param {Service} service
   * @param {Edit} edit any call but a load, with the roles that it gives by their SIDs
   */
  follow(service, [name, ...rest]) {
    if (name === "setUser") this.#setUser(rest[0], rest[1]);
    else if (name === "createChannel") this.#addRoom(service, rest[0].sid, rest[0].type ?? "private");
    else if (name === "removeChannel") this.#removeRoom(rest[0]);
    else if (name === "setMember") this.#setMember(rest[0], rest[1], rest[2]);
    else if (name === "removeMember") this.#removeMember(rest[0], rest[1]);
    else if (name === "invite") this.rooms.get(rest[0])?.invites.set(rest[1], rest[2]);
    else if (name === "acceptInvite") {
      const role = this.rooms.get(rest[0])?.invites.get(rest[1]);
      this.rooms.get(rest[0])?.invites.delete(rest[1]);
      this.#setMember(rest[0], rest[1], role ?? "");
    }
  }

  /**
   * The channels that somebody is a member of.
   *
   * @param {string} identity
   */
  placesOf(identity) {
    return [...(this.#places.get(identity) ?? [])];
  }

  /**
   * The users whose identity has this text in it, in order.
   *
   * @param {string} part
   * @returns {string[]}
   */
  find(part) {
    const sought = part.trim().toLowerCase();
    if (this.#found?.sought === sought) return this.#found.users;
    this.#sorted ??= [...this.users.keys()].sort().map((identity) => [identity, identity.toLowerCase()]);
    const users = [];
    for (const [identity, lower] of this.#sorted) if (lower.includes(sought)) users.push(identity);
    this.#found = { sought, users };
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
   * @param {string} sid
   * @param {"public" | "private"} type
   */
  #addRoom(service, sid, type) {
    this.rooms.set(sid, { sid, type, members: new Map(), invites: new Map() });
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
    const members = this.rooms.get(sid)?.members;
    this.#count("members", members?.get(identity), role);
    members?.set(identity, role);
    const places = this.#places.get(identity) ?? new Set();
    this.#places.set(identity, places.add(sid));
  }

  /**
   * @param {string} sid
   * @param {string} identity
   */
  #removeMember(sid, identity) {
    const members = this.rooms.get(sid)?.members;
    this.#count("members", members?.get(identity), undefined);
    members?.delete(identity);
    this.#places.get(identity)?.delete(sid);
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
