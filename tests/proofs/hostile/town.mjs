// What the proofs start from, in both dialects, and random choices that a seed repeats.

/** The town as its snapshot. Carl is invited, nobody is in CH2, and CH3 is closed. */
export const TOWN = {
  rolecall: "2",
  dialect: "chat",
  actions: [{ action: "pin", any: "pinAny", own: "pinOwn", member_only: true, when_closed: false }],
  roles: [
    {
      sid: "RLCA",
      friendly_name: "Channel Admin",
      type: "channel",
      permissions: ["sendMessage", "deleteAnyMessage", "removeMember", "leaveChannel", "pinAny"],
    },
    {
      sid: "RLCU",
      friendly_name: "Channel User",
      type: "channel",
      permissions: ["sendMessage", "deleteOwnMessage", "editOwnMessage", "pinOwn"],
    },
    {
      sid: "RLSA",
      friendly_name: "Service Admin",
      type: "deployment",
      permissions: ["createChannel", "joinChannel", "destroyChannel", "editAnyUserInfo", "deleteAnyMessage"],
    },
    {
      sid: "RLSU",
      friendly_name: "Service User",
      type: "deployment",
      permissions: ["createChannel", "joinChannel", "editOwnUserInfo"],
    },
  ],
  users: [
    { identity: "alice", role_sid: "RLSU" },
    { identity: "bob", role_sid: "RLSU" },
    { identity: "dora", role_sid: "RLGONE" },
    { identity: "root", role_sid: "RLSA" },
  ],
  channels: [
    { sid: "CH1", unique_name: "desk", type: "private", created_by: "alice", state: "active" },
    { sid: "CH2", type: "public", state: "inactive" },
    { sid: "CH3", type: "private", state: "closed" },
  ],
  members: [
    { channel_sid: "CH1", identity: "alice", role_sid: "RLCA" },
    { channel_sid: "CH1", identity: "bob", role_sid: "RLCU" },
    { channel_sid: "CH3", identity: "bob", role_sid: "RLCA" },
  ],
  invites: [{ channel_sid: "CH1", identity: "carl", role_sid: "RLCU" }],
  service: {
    default_service_role_sid: "RLSU",
    default_channel_role_sid: "RLCU",
    default_channel_creator_role_sid: "RLCA",
  },
};

/** What bob may do in CH1, and what of that only to what is his. */
const HIS_OWN = ["deleteMessage", "editMessage", "pin", "editUserInfo"];
const BOBS = ["createChannel", "createConversation", "viewChannel", "viewConversation", "sendMessage", ...HIS_OWN];

/** Whether bob may do that in CH1. An action that there is not, or an owner that is none, is no question that has an answer. */
export const bobMay = (action, owner) => BOBS.includes(action) && (!HIS_OWN.includes(action) || owner === "bob");

/** A string as a number of 32 bits (FNV-1a). */
function hash(text) {
  let found = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) found = Math.imul(found ^ text.charCodeAt(at), 0x01000193);
  return found >>> 0;
}

export class Random {
  #state;

  /** Each seed makes it another sequence. */
  constructor(...seeds) {
    this.#state = hash(seeds.join("\n"));
  }

  /** A number from 0 to `end`, without `end` (mulberry32). */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end) | 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
