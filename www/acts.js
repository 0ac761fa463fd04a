// @ts-check
import { newSid } from "./edits.js";
import { inWords, words } from "./vocabulary.js";

/**
 * The controls of the chat: the action of each, what it asks the person, and the edits that it makes.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./chat.js").Message} Message
 * @typedef {import("./workspace.js").Workspace} Workspace
 * @typedef {import("./views/parts.js").Icon} Icon
 * @typedef {Record<string, string>} Answers
 * @typedef {ReturnType<typeof words>} Words
 *
 * @typedef {object} Context
 * @property {Workspace} workspace
 * @property {string} identity who does it
 * @property {string} channel
 * @property {Message} [message] what it is done to
 * @property {string} [member] to whom it is done
 *
 * @typedef {object} Act
 * @property {string} action by its Chat name, or an application's own
 * @property {Icon} icon
 * @property {(words: Words) => string} label
 * @property {(context: Context) => string | null} [owner] the owner of the thing that it is done to
 * @property {boolean} [anywhere] it needs no channel
 * @property {boolean} [danger] it is confirmed first
 * @property {(context: Context) => { name: string, label: string, value?: string, kind?: "identity" | "role" | "type" }[]} [asks]
 * @property {(context: Context, answers: Answers) => Edit[]} edits
 * @property {(context: Context, answers: Answers) => string} news
 */

/** What the system says in a channel. @type {(context: Context, body: string) => Edit} */
const notice = ({ workspace, channel }, body) => {
  const { id, at } = workspace.stamp();
  return ["say", channel, id, null, at, body];
};

/** @type {(context: Context) => string | null} */
const author = ({ message }) => message?.author ?? null;
const called = (/** @type {Context} */ { workspace, channel }) => workspace.chat.name(channel);

/** @type {Act[]} */
export const ROOM_ACTS = [
  {
    action: "editChannelName",
    icon: "pen",
    label: ({ channel }) => `Rename ${channel}`,
    asks: (context) => [{ name: "name", label: "Name", value: called(context) }],
    edits: (context, { name = "" }) => [["rename", context.channel, name]],
    news: (context) => `${context.identity} renamed it to ${called(context)}.`,
  },
  {
    action: "editChannelAttributes",
    icon: "topic",
    label: () => "Edit topic",
    asks: ({ workspace, channel }) => [
      { name: "topic", label: "Topic", value: workspace.chat.talk(channel, []).topic },
    ],
    edits: ({ channel }, { topic = "" }) => [["describe", channel, topic]],
    news: (context) => `${context.identity} changed the topic of ${called(context)}.`,
  },
  {
    action: "inviteMember",
    icon: "invite",
    label: () => "Invite",
    asks: () => [{ name: "identity", label: "Who", kind: "identity" }],
    edits: ({ channel }, { identity = "" }) => [["invite", channel, identity]],
    news: (context, { identity }) => `${context.identity} invited ${identity} to ${called(context)}.`,
  },
  {
    action: "addMember",
    icon: "add",
    label: ({ member }) => `Add ${member}`,
    asks: () => [
      { name: "identity", label: "Who", kind: "identity" },
      { name: "role", label: "As", kind: "role" },
    ],
    edits: (context, { identity = "", role }) => [
      ["setMember", context.channel, identity, role],
      notice(context, `${context.identity} added ${identity}.`),
    ],
    news: (context, { identity }) => `${context.identity} added ${identity} to ${called(context)}.`,
  },
  {
    action: "addNonChatParticipant",
    icon: "phone",
    label: () => "Add by phone",
    asks: () => [{ name: "number", label: "Phone number", value: "+44 7700 900123" }],
    edits: (context, { number = "" }) => [
      ["phone", context.channel, number],
      notice(context, `${context.identity} added ${number}.`),
    ],
    news: (context, { number }) => `${context.identity} added ${number} to ${called(context)}.`,
  },
  {
    action: "editNotificationLevel",
    icon: "bell",
    label: () => "Mute or unmute",
    edits: ({ channel, identity }) => [["mute", channel, identity]],
    news: (context) => {
      const { muted } = context.workspace.chat.talk(context.channel, []);
      return `${context.identity} ${muted.has(context.identity) ? "muted" : "unmuted"} ${called(context)}.`;
    },
  },
  {
    action: "leaveChannel",
    icon: "leave",
    label: () => "Leave",
    edits: (context) => [
      ["removeMember", context.channel, context.identity],
      notice(context, `${context.identity} left.`),
    ],
    news: (context) => `${context.identity} left ${called(context)}.`,
  },
  {
    action: "destroyChannel",
    icon: "trash",
    label: ({ channel }) => `Delete ${channel}`,
    danger: true,
    edits: ({ channel }) => [["removeChannel", channel]],
    news: (context) => `${context.identity} deleted ${called(context)}.`,
  },
];

/** @type {Act} */
export const JOIN = {
  action: "joinChannel",
  icon: "join",
  label: () => "Join",
  edits: (context) => [
    ["joinChannel", context.channel, context.identity],
    notice(context, `${context.identity} joined.`),
  ],
  news: (context) => `${context.identity} joined ${called(context)}.`,
};

/** @type {Act} */
export const CREATE = {
  action: "createChannel",
  icon: "add",
  label: ({ channel }) => `New ${channel}`,
  anywhere: true,
  asks: ({ workspace }) => [
    { name: "name", label: "Name" },
    ...(workspace.service.dialect === "chat"
      ? [/** @type {const} */ ({ name: "type", label: "Who may join", kind: "type" })]
      : []),
  ],
  edits: ({ identity }, { name = "", type = "private" }) => {
    const sid = newSid("CH");
    return [
      ["createChannel", { sid, type, createdBy: identity }],
      ["joinChannel", sid, identity],
      ["rename", sid, name],
    ];
  },
  news: ({ identity }, { name }) => `${identity} created ${name}.`,
};

/** @type {Act} */
export const PROFILE = {
  action: "editUserInfo",
  icon: "person",
  label: () => "Edit profile",
  owner: ({ member }) => member ?? null,
  asks: ({ workspace, member = "" }) => [
    { name: "name", label: "Display name", value: workspace.chat.people.get(member) ?? member },
  ],
  edits: ({ member }, { name = "" }) => [["call", member, name]],
  news: ({ identity, member }, { name }) =>
    identity === member ? `${identity} goes by ${name} now.` : `${identity} changed the name of ${member} to ${name}.`,
};

/** @type {Act[]} */
export const MEMBER_ACTS = [
  {
    action: "editMemberAttributes",
    icon: "pen",
    label: () => "Edit",
    owner: ({ member }) => member ?? null,
    asks: () => [{ name: "note", label: "Status here", value: "away until Monday" }],
    edits: (context, { note }) => [notice(context, `${context.member}: ${note}`)],
    news: ({ identity, member }) => `${identity} changed how ${member} appears here.`,
  },
  {
    action: "removeMember",
    icon: "remove",
    label: () => "Remove",
    edits: (context) => [
      ["removeMember", context.channel, context.member],
      notice(context, `${context.identity} removed ${context.member}.`),
    ],
    news: (context) => `${context.identity} removed ${context.member} from ${called(context)}.`,
  },
];

/** @type {Act[]} */
export const MESSAGE_ACTS = [
  {
    action: "editMessageAttributes",
    icon: "react",
    label: () => "React",
    owner: author,
    edits: ({ channel, message, identity }) => [["react", channel, message?.id, identity]],
    news: ({ identity }) => `${identity} reacted.`,
  },
  {
    action: "editMessage",
    icon: "pen",
    label: () => "Edit",
    owner: author,
    asks: ({ message }) => [{ name: "body", label: "Message", value: message?.body ?? "" }],
    edits: ({ channel, message }, { body }) => [["rewrite", channel, message?.id, body]],
    news: ({ identity, message }) => `${identity} edited the message of ${message?.author ?? "the system"}.`,
  },
  {
    action: "deleteMessage",
    icon: "trash",
    label: () => "Delete",
    owner: author,
    edits: ({ channel, message }) => [["erase", channel, message?.id]],
    news: ({ identity, message }) => `${identity} deleted a message of ${message?.author ?? "the system"}.`,
  },
];

/**
 * A control for an action of the application's own, on each message.
 *
 * @param {string} action
 * @returns {Act}
 */
export const ownAct = (action) => ({
  action,
  icon: "pin",
  label: () => inWords(action).replace(/^./u, (letter) => letter.toUpperCase()),
  owner: author,
  edits: ({ channel, message }) => [["mark", channel, message?.id, action]],
  news: ({ identity }) => `${identity}: ${inWords(action)}.`,
});

/** @type {Act} */
export const SEND = {
  action: "sendMessage",
  icon: "send",
  label: () => "Send",
  edits: ({ workspace, channel, identity }, { body }) => {
    const { id, at } = workspace.stamp();
    return [["say", channel, id, identity, at, body]];
  },
  news: (context) => `${context.identity} wrote in ${called(context)}.`,
};

/** @type {Act} */
export const ATTACH = {
  action: "sendMediaMessage",
  icon: "attach",
  label: () => "Attach a photo",
  edits: ({ workspace, channel, identity }) => {
    const { id, at } = workspace.stamp();
    return [["say", channel, id, identity, at, "", "photo.jpg"]];
  },
  news: (context) => `${context.identity} sent a photo to ${called(context)}.`,
};
