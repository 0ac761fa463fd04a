// @ts-check

/**
 * The parts of a chat that roles do not concern: names, topics, messages. They are the page's own, and the edits of a
 * link change them too.
 *
 * @typedef {import("./edits.js").Edit} Edit
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {string | null} author `null`: the system
 * @property {string} body
 * @property {string} at when, as a clock shows it
 * @property {string | undefined} file the name of what is attached
 * @property {boolean} edited
 * @property {Set<string>} reactions who has reacted
 * @property {string[]} marks the application's own actions that were done to it
 *
 * @typedef {{ name: string, topic: string, messages: Message[], muted: Set<string>, phones: string[] }} Talk
 */

/** What people say where a payload brings no messages. */
const SMALL_TALK = [
  ["09:02", "Morning! Is everything set for today?"],
  ["09:05", "Nearly. I’ll post the list before noon."],
  ["09:11", "Great, then I can take the late shift."],
  ["09:14", "Could somebody look over the second paragraph?"],
];

export class Chat {
  /** What people call themselves, by identity. @type {Map<string, string>} */ people = new Map();

  /** @type {Map<string, Talk>} */ #talks = new Map();
  /** Channels that have been looked at: an empty one stays empty. @type {Set<string>} */ #begun = new Set();

  /** @param {unknown} payload what the service was made of */
  constructor(payload) {
    this.#read(/** @type {Record<string, any>} */ (payload));
  }

  /**
   * What people call a channel: the name its payload gave it, or else its SID.
   *
   * @param {string} sid
   */
  name(sid) {
    return this.#talks.get(sid)?.name || sid;
  }

  /**
   * A channel's messages and the like. Where a payload brought none, the members start with small talk.
   *
   * @param {string} sid
   * @param {Iterable<string>} members
   */
  talk(sid, members) {
    const talk = this.#talk(sid);
    if (talk.messages.length === 0 && !this.#begun.has(sid)) {
      /** @type {string[]} */
      const authors = [];
      for (const identity of members) if (authors.push(identity) === 3) break;
      if (authors.length > 0)
        talk.messages = SMALL_TALK.map(([at = "", body = ""], index) =>
          message({ id: `${sid}-${index}`, author: authors[index % authors.length] ?? null, at, body }),
        );
    }
    this.#begun.add(sid);
    return talk;
  }

  /**
   * @param {Edit} edit any but a call of the service's
   * @throws {TypeError} for one that the page itself never makes: edits come from links too
   */
  follow([name, ...rest]) {
    const does = Object.hasOwn(this.#does, name) ? this.#does[name] : undefined;
    const sound = rest.every((value) => value === null || value === undefined || typeof value === "string");
    if (!does || !sound) throw new TypeError(`there is no such edit: ${name}`);
    does(...rest);
  }

  /**
   * More of the payload's names and messages.
   *
   * @param {unknown} payload
   */
  load(payload) {
    this.#read(/** @type {Record<string, any>} */ (payload));
  }

  /** @type {Record<string, (...rest: any[]) => void>} */
  #does = {
    say: (sid, id, author, at, body, file) => {
      this.#begun.add(sid);
      this.#talk(sid).messages.push(message({ id, author, at, body, file }));
    },
    rewrite: (sid, id, body) => {
      const found = this.#message(sid, id);
      if (found) Object.assign(found, { body, edited: true });
    },
    erase: (sid, id) => {
      const talk = this.#talk(sid);
      talk.messages = talk.messages.filter((each) => each.id !== id);
    },
    react: (sid, id, identity) => toggle(this.#message(sid, id)?.reactions, identity),
    mark: (sid, id, action) => this.#message(sid, id)?.marks.push(action),
    rename: (sid, called) => (this.#talk(sid).name = called),
    describe: (sid, topic) => (this.#talk(sid).topic = topic),
    mute: (sid, identity) => toggle(this.#talk(sid).muted, identity),
    phone: (sid, number) => this.#talk(sid).phones.push(number),
    call: (identity, called) => this.people.set(identity, called),
  };

  /** @param {string} sid */
  #talk(sid) {
    const known = this.#talks.get(sid) ?? { name: "", topic: "", messages: [], muted: new Set(), phones: [] };
    this.#talks.set(sid, known);
    return known;
  }

  /**
   * @param {string} sid
   * @param {string} id
   */
  #message(sid, id) {
    return this.#talk(sid).messages.find((each) => each.id === id);
  }

  /** @param {Record<string, any>} payload */
  #read(payload) {
    for (const row of [...rowsOf(payload, "channels"), ...rowsOf(payload, "conversations")]) {
      const name = row.friendly_name ?? row.friendlyName ?? row.unique_name ?? row.uniqueName;
      if (typeof row.sid === "string" && typeof name === "string") this.#talk(row.sid).name = name;
    }
    for (const row of rowsOf(payload, "users")) {
      const name = row.friendly_name ?? row.friendlyName;
      if (typeof row.identity === "string" && typeof name === "string") this.people.set(row.identity, name);
    }
    for (const row of rowsOf(payload, "participants")) {
      const address = row.messaging_binding?.address;
      if (row.identity === null && typeof address === "string") this.#talk(row.conversation_sid).phones.push(address);
    }
    for (const row of rowsOf(payload, "messages")) {
      const sid = row.channel_sid ?? row.channelSid ?? row.conversation_sid ?? row.conversationSid;
      const author = row.from ?? row.author;
      if (typeof sid !== "string" || typeof row.sid !== "string" || typeof row.body !== "string") continue;
      this.#talk(sid).messages.push(
        message({
          id: row.sid,
          author: typeof author === "string" && author !== "system" ? author : null,
          at: String(row.date_created ?? row.dateCreated ?? "").slice(11, 16),
          body: row.body,
        }),
      );
    }
  }
}

/**
 * @param {{ id: string, author: string | null, at: string, body: string, file?: string }} what
 * @returns {Message}
 */
const message = ({ id, author, at, body, file }) => ({
  ...{ id, author, at, body, file },
  ...{ edited: false, reactions: new Set(), marks: [] },
});

/**
 * @param {Set<string> | undefined} set
 * @param {string} member
 */
function toggle(set, member) {
  if (set && !set.delete(member)) set.add(member);
}

/**
 * The rows of a section: a list page, an array or a single resource.
 *
 * @param {Record<string, any>} payload
 * @param {string} section
 * @returns {any[]}
 */
function rowsOf(payload, section) {
  const found = payload?.[section];
  const rows = found?.[section] ?? found ?? [];
  return (Array.isArray(rows) ? rows : [rows]).filter((row) => typeof row === "object" && row !== null);
}
