// Decides from a snapshot, as plainly as possible and from tables of its own: it shares nothing with the package.

/** By Chat's names: the permission that allows it, the one that allows it on one's own, and what else it takes. */
const ACTIONS = Object.entries({
  createChannel: "createChannel",
  viewChannel: "joinChannel - view",
  joinChannel: "joinChannel - join",
  leaveChannel: "leaveChannel - member",
  destroyChannel: "destroyChannel",
  editChannelName: "editChannelName",
  editChannelAttributes: "editChannelAttributes",
  inviteMember: "inviteMember",
  addMember: "addMember",
  addNonChatParticipant: "addNonChatParticipant",
  removeMember: "removeMember",
  editMemberAttributes: "editAnyMemberAttributes editOwnMemberAttributes",
  sendMessage: "sendMessage - member",
  sendMediaMessage: "sendMediaMessage - member",
  editMessage: "editAnyMessage editOwnMessage",
  deleteMessage: "deleteAnyMessage deleteOwnMessage",
  editMessageAttributes: "editAnyMessageAttributes editOwnMessageAttributes",
  editUserInfo: "editAnyUserInfo editOwnUserInfo",
  editNotificationLevel: "editNotificationLevel - member",
}).map(([action, rule]) => [action, ...rule.split(" ")]);

/** Permissions that count in one scope only. */
const ONLY_SERVICE = ["createChannel", "joinChannel"];
const ONLY_CHANNEL = ["leaveChannel", "sendMessage", "sendMediaMessage", "editNotificationLevel"];

/** Conversations' names that are not Chat's, of actions and of permissions. */
const IN_CHAT = new Map(
  Object.entries({
    viewConversation: "viewChannel",
    createConversation: "createChannel",
    joinConversation: "joinChannel",
    leaveConversation: "leaveChannel",
    deleteConversation: "destroyChannel",
    editConversationName: "editChannelName",
    editConversationAttributes: "editChannelAttributes",
    addParticipant: "addMember",
    removeParticipant: "removeMember",
    editParticipantAttributes: "editMemberAttributes",
    editAnyParticipantAttributes: "editAnyMemberAttributes",
    editOwnParticipantAttributes: "editOwnMemberAttributes",
  }),
);
const inChat = (name) => IN_CHAT.get(name) ?? name;
const IN_CONVERSATIONS = new Map([...IN_CHAT].map(([name, chats]) => [chats, name]));

/** What Conversations does not have. */
const ONLY_CHAT = ["inviteMember"];

/** A name of Chat's as a dialect says it. */
export const inDialect = (dialect, name) => (dialect === "conversations" ? (IN_CONVERSATIONS.get(name) ?? name) : name);

const SERVICE_TYPES = ["deployment", "service"];

/** A snapshot of Conversations as one of Chat would be. */
const asOfChat = ({ conversations, participants, ...others }) => ({
  ...others,
  channels: conversations,
  members: participants.map(({ conversation_sid, ...row }) => ({ channel_sid: conversation_sid, ...row })),
  invites: [],
});

/** What a snapshot says, in either dialect, ready to be asked. */
export class Naive {
  constructor(snapshot) {
    this.dialect = snapshot.dialect;
    this.snapshot = this.dialect === "conversations" ? asOfChat(snapshot) : snapshot;
  }

  #row(section, wanted) {
    return this.snapshot[section].find((row) => Object.entries(wanted).every(([field, value]) => row[field] === value));
  }

  /** What the role of a row grants in that scope. */
  #granted(row, inService) {
    const role = row && this.#row("roles", { sid: row.role_sid });
    if (!role || SERVICE_TYPES.includes(role.type) !== inService) return [];
    const elsewhere = [
      ...(inService ? ONLY_CHANNEL : ONLY_SERVICE),
      ...(this.dialect === "conversations" ? ONLY_CHAT : []),
    ];
    return role.permissions.map(inChat).filter((permission) => !elsewhere.includes(permission));
  }

  /** Everybody whom a row names. */
  people() {
    return [
      ...new Set(
        ["users", "members", "invites"].flatMap((section) => this.snapshot[section].map((row) => row.identity)),
      ),
    ];
  }

  channels() {
    const named = ["members", "invites"].flatMap((section) => this.snapshot[section].map((row) => row.channel_sid));
    return [...new Set([...named, ...this.snapshot.channels.map((row) => row.sid)])];
  }

  /** By Chat's names. */
  #held(identity, channel) {
    if (!this.people().includes(identity)) return [];
    if (channel !== undefined && !this.channels().includes(channel)) return [];
    const member = this.#row("members", { channel_sid: channel, identity });
    return [...this.#granted(this.#row("users", { identity }), true), ...this.#granted(member, false)];
  }

  /** By the dialect's names, each once. */
  permissions(identity, channel) {
    return [...new Set(this.#held(identity, channel))].map((name) => inDialect(this.dialect, name));
  }

  has(identity, channel, permission) {
    return this.#held(identity, channel).includes(inChat(permission));
  }

  /** The permission that allows it, the one that allows it on one's own, and what else it takes. */
  #rule(action) {
    const own = this.#row("actions", { action });
    if (own) return [own.any, own.own ?? "-", own.member_only && "member"];
    return ACTIONS.find(([name]) => name === inChat(action))?.slice(1);
  }

  /** How somebody stands to a channel. */
  #standing(identity, channel) {
    const known = this.people().includes(identity) && this.channels().includes(channel);
    return {
      held: this.#held(identity, channel),
      member: known && this.#row("members", { channel_sid: channel, identity }) !== undefined,
      invited: known && this.#row("invites", { channel_sid: channel, identity }) !== undefined,
      open: known && this.#row("channels", { sid: channel })?.type === "public",
    };
  }

  #allows({ held, member, invited, open }, [any, mine, also], isOwn) {
    if (also === "member" && !member) return false;
    if (also === "join" && (member || !(open || invited))) return false;
    if (also === "view") return member || invited || (open && held.includes(inChat(any)));
    return held.includes(inChat(any)) || (isOwn && held.includes(inChat(mine ?? "-")));
  }

  /** True or false, or undefined where there is no such action. */
  can(identity, channel, action, owner) {
    const rule = this.#rule(action);
    return rule && this.#allows(this.#standing(identity, channel), rule, identity === owner);
  }

  /** All there are, in the dialect's names. */
  #actions() {
    const names = ACTIONS.map(([name]) => inDialect(this.dialect, name));
    return [...names, ...this.snapshot.actions.map(({ action }) => action)];
  }

  actions(identity, channel, owner) {
    return this.#actions().filter((action) => this.can(identity, channel, action, owner));
  }

  whoCan(action, channel, owner) {
    return this.people()
      .filter((identity) => this.can(identity, channel, action, owner))
      .sort();
  }

  /** Every decision that is another one in `after`, a line each. */
  turnedOver(after) {
    const both = (list) => [...new Set([...list(this), ...list(after)])];
    const actions = both((one) => one.#actions()).map((action) => ({
      action,
      rules: [this, after].map((one) => one.#rule(action)),
    }));
    const turned = [];
    for (const identity of both((one) => one.people())) {
      for (const channel of [undefined, ...both((one) => one.channels())]) {
        const standings = [this, after].map((one) => one.#standing(identity, channel));
        for (const { action, rules } of actions) {
          const isOwned = !["-", undefined].includes((rules[1] ?? rules[0])[1]);
          for (const owner of isOwned ? ["self", "other"] : [null]) {
            const [was, is] = standings.map((standing, at) =>
              Boolean(rules[at] && this.#allows(standing, rules[at], owner === "self")),
            );
            if (was !== is) turned.push([identity, channel, action, owner, is].join());
          }
        }
      }
    }
    return turned.sort();
  }
}
