// Decides from a snapshot, as plainly as possible and from tables of its own: it shares nothing with the package.

/** Of Chat: the permission that allows it, the one that allows it on one's own, and what else it takes. */
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

const SERVICE_TYPES = ["deployment", "service"];

/** What a snapshot of Chat's dialect says, ready to be asked. */
export class Naive {
  constructor(snapshot) {
    this.snapshot = snapshot;
  }

  #row(section, wanted) {
    return this.snapshot[section].find((row) => Object.entries(wanted).every(([field, value]) => row[field] === value));
  }

  /** What the role of a row grants in that scope. */
  #granted(row, inService) {
    const role = row && this.#row("roles", { sid: row.role_sid });
    if (!role || SERVICE_TYPES.includes(role.type) !== inService) return [];
    const elsewhere = inService ? ONLY_CHANNEL : ONLY_SERVICE;
    return role.permissions.map(inChat).filter((permission) => !elsewhere.includes(permission));
  }

  #people() {
    return ["users", "members", "invites"].flatMap((section) => this.snapshot[section].map((row) => row.identity));
  }

  #channels() {
    const named = ["members", "invites"].flatMap((section) => this.snapshot[section].map((row) => row.channel_sid));
    return [...named, ...this.snapshot.channels.map((row) => row.sid)];
  }

  permissions(identity, channel) {
    if (!this.#people().includes(identity)) return [];
    if (channel !== undefined && !this.#channels().includes(channel)) return [];
    const member = this.#row("members", { channel_sid: channel, identity });
    return [...this.#granted(this.#row("users", { identity }), true), ...this.#granted(member, false)];
  }

  has(identity, channel, permission) {
    return this.permissions(identity, channel).includes(inChat(permission));
  }

  /** True or false, or undefined where there is no such action. */
  can(identity, channel, action, owner) {
    const own = this.#row("actions", { action });
    const [, any, mine, also] = own
      ? [action, own.any, own.own ?? "-", own.member_only && "member"]
      : (ACTIONS.find(([name]) => name === inChat(action)) ?? []);
    if (any === undefined) return undefined;

    const held = this.permissions(identity, channel);
    const known = this.#people().includes(identity) && this.#channels().includes(channel);
    const member = known && this.#row("members", { channel_sid: channel, identity }) !== undefined;
    const invited = known && this.#row("invites", { channel_sid: channel, identity }) !== undefined;
    const open = known && this.#row("channels", { sid: channel })?.type === "public";
    if (also === "member" && !member) return false;
    if (also === "join" && (member || !(open || invited))) return false;
    if (also === "view") return member || invited || (open && held.includes(inChat(any)));
    return held.includes(inChat(any)) || (identity === owner && held.includes(inChat(mine ?? "-")));
  }

  actions(identity, channel, owner) {
    const names = [...ACTIONS.map(([name]) => name), ...this.snapshot.actions.map(({ action }) => action)];
    return names.filter((action) => this.can(identity, channel, action, owner));
  }

  whoCan(action, channel, owner) {
    return [...new Set(this.#people())].filter((identity) => this.can(identity, channel, action, owner)).sort();
  }
}
