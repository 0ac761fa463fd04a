// @ts-check
import { newSid } from "./edits.js";
import { inWords, words } from "./vocabulary.js";

/**
 * What can be done in the chat: what each control asks `rolecall`, asks the person, and does to the page's own state.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./chat.js").Message} Message
 * @typedef {import("./workspace.js").Workspace} Workspace
 * @typedef {import("./views/parts.js").Icon} Icon
 * @typedef {Record<string, string>} Answers
 * @typedef {ReturnType<typeof words>} Words
 *
 * @typedef {object} Place
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
 * @property {(place: Place) => string | null} [owner] whose the thing is that it is done to
 * @property {boolean} [anywhere] it is done outside of any channel
 * @property {boolean} [danger] it is better asked twice
 * @property {(place: Place) => { name: string, label: string, value?: string, kind?: "identity" | "type" }[]} [asks]
 * @property {(place: Place, answers: Answers) => Edit[]} edits
 * @property {(place: Place, answers: Answers) => string} news
 */

/** What the system says in a channel. @type {(place: Place, body: string) => Edit} */
const notice = ({ workspace, channel }, body) => {
  const { id, at } = workspace.stamp();
  return ["say", channel, id, null, at, body];
};

/** @type {(place: Place) => string | null} */
const author = ({ message }) => message?.author ?? null;
const called = (/** @type {Place} */ { workspace, channel }) => workspace.chat.name(channel);

/** @type {Act[]} */
export const ROOM_ACTS = [
  {
    action: "editChannelName",
    icon: "pen",
    label: ({ channel }) => `Rename ${channel}`,
    asks: (place) => [{ name: "name", label: "Name", value: called(place) }],
    edits: (place, { name = "" }) => [["rename", place.channel, name]],
    news: (place) => `${place.identity} renamed it to ${called(place)}.`,
  },
  {
    action: "editChannelAttributes",
    icon: "topic",
    label: () => "Edit topic",
    asks: ({ workspace, channel }) => [
      { name: "topic", label: "Topic", value: workspace.chat.talk(channel, []).topic },
    ],
    edits: ({ channel }, { topic = "" }) => [["describe", channel, topic]],
    news: (place) => `${place.identity} changed the topic of ${called(place)}.`,
  },
  {
    action: "inviteMember",
    icon: "invite",
    label: () => "Invite",
    asks: () => [{ name: "identity", label: "Who", kind: "identity" }],
    edits: ({ workspace, channel }, { identity = "" }) => [
      ["invite", channel, identity, workspace.rules.defaults.member],
    ],
    news: (place, { identity }) => `${place.identity} invited ${identity} to ${called(place)}.`,
  },
  {
    action: "addMember",
    icon: "add",
    label: ({ member }) => `Add ${member}`,
    asks: () => [{ name: "identity", label: "Who", kind: "identity" }],
    edits: (place, { identity = "" }) => [
      ["setMember", place.channel, identity, place.workspace.rules.defaults.member],
      notice(place, `${place.identity} added ${identity}.`),
    ],
    news: (place, { identity }) => `${place.identity} added ${identity} to ${called(place)}.`,
  },
  {
    action: "addNonChatParticipant",
    icon: "phone",
    label: () => "Add by phone",
    asks: () => [{ name: "number", label: "Phone number", value: "+44 7700 900123" }],
    edits: (place, { number = "" }) => [
      ["phone", place.channel, number],
      notice(place, `${place.identity} added ${number}.`),
    ],
    news: (place, { number }) => `${place.identity} added ${number} to ${called(place)}.`,
  },
  {
    action: "editNotificationLevel",
    icon: "bell",
    label: () => "Mute or unmute",
    edits: ({ channel, identity }) => [["mute", channel, identity]],
    news: (place) => {
      const { muted } = place.workspace.chat.talk(place.channel, []);
      return `${place.identity} ${muted.has(place.identity) ? "muted" : "unmuted"} ${called(place)}.`;
    },
  },
  {
    action: "leaveChannel",
    icon: "leave",
    label: () => "Leave",
    edits: (place) => [["removeMember", place.channel, place.identity], notice(place, `${place.identity} left.`)],
    news: (place) => `${place.identity} left ${called(place)}.`,
  },
  {
    action: "destroyChannel",
    icon: "trash",
    label: ({ channel }) => `Delete ${channel}`,
    danger: true,
    edits: ({ channel }) => [["removeChannel", channel]],
    news: (place) => `${place.identity} deleted ${called(place)}.`,
  },
];

/** @type {Act} */
export const JOIN = {
  action: "joinChannel",
  icon: "join",
  label: () => "Join",
  edits: (place) => {
    const { workspace, channel, identity } = place;
    const invited = workspace.register.rooms.get(channel)?.invites.get(identity);
    return [
      // An invite that names no role is accepted as any other who joins is taken in.
      invited ? ["acceptInvite", channel, identity] : ["setMember", channel, identity, workspace.rules.defaults.member],
      notice(place, `${identity} joined.`),
    ];
  },
  news: (place) => `${place.identity} joined ${called(place)}.`,
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
    edits: (place, { note }) => [notice(place, `${place.member}: ${note}`)],
    news: ({ identity, member }) => `${identity} changed how ${member} appears here.`,
  },
  {
    action: "removeMember",
    icon: "remove",
    label: () => "Remove",
    edits: (place) => [
      ["removeMember", place.channel, place.member],
      notice(place, `${place.identity} removed ${place.member}.`),
    ],
    news: (place) => `${place.identity} removed ${place.member} from ${called(place)}.`,
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
  news: (place) => `${place.identity} wrote in ${called(place)}.`,
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
  news: (place) => `${place.identity} sent a photo to ${called(place)}.`,
};
