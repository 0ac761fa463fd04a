// What each action takes, written once more by hand for the peers, so that a wrong table in src/ is seen here. In Chat's names.
import { PERMISSIONS } from "rolecall";

/** Permissions that count in roles of one scope only; every other counts in both. */
const serviceOnly = ["createChannel", "joinChannel"];
const channelOnly = ["leaveChannel", "sendMessage", "sendMediaMessage", "editNotificationLevel"];

/** What a dialect has not. */
const lostIn = { chat: [], conversations: ["inviteMember"] };

/** Allowed by the permission of the same name, to anybody who holds it. */
const plain = [
  ...["createChannel", "destroyChannel", "editChannelName", "editChannelAttributes"],
  ...["inviteMember", "addMember", "addNonChatParticipant", "removeMember"],
];
const forMembers = ["leaveChannel", "sendMessage", "sendMediaMessage", "editNotificationLevel"];
const owned = [
  ["editMemberAttributes", "editAnyMemberAttributes", "editOwnMemberAttributes"],
  ["editMessage", "editAnyMessage", "editOwnMessage"],
  ["deleteMessage", "deleteAnyMessage", "deleteOwnMessage"],
  ["editMessageAttributes", "editAnyMessageAttributes", "editOwnMessageAttributes"],
  ["editUserInfo", "editAnyUserInfo", "editOwnUserInfo"],
];

/** What stays possible in a channel that is closed, or in any state but these two. */
const whenClosed = ["createChannel", "destroyChannel", "editUserInfo"];
export const isOpen = ({ state }) => ["active", "inactive"].includes(state);

/** Whether somebody created a channel; the services write "system" where nobody did. */
export const isCreator = ({ createdBy }, identity) => createdBy === identity && identity !== "system";

/** Everybody whom a row of a user, a member or an invite names. A channel's creator alone is nobody. */
export function knownUsers(service) {
  const seats = service.channels().flatMap(({ sid }) => [...service.members(sid), ...service.invites(sid)]);
  return new Set([...service.users(), ...seats].map(({ identity }) => identity));
}

/** The name in Chat of a permission that has two. */
const inChat = (name) => PERMISSIONS.find((row) => row.conversations === name)?.name ?? name;

/** All but viewChannel and joinChannel, which have rules of their own; with the application's own actions. */
export function rulesOf(service, ownActions) {
  const rules = [
    ...plain.map((action) => ({ action, any: action, member: false })),
    ...forMembers.map((action) => ({ action, any: action, member: true })),
    ...owned.map(([action, any, own]) => ({ action, any, own, member: false })),
    ...ownActions.map(({ action, any, own, member_only, when_closed }) => {
      return { action, any: inChat(any), own: inChat(own), member: member_only, whenClosed: when_closed };
    }),
  ];
  const inDialect = rules.filter(({ action }) => !lostIn[service.dialect].includes(action));
  return inDialect.map((rule) => ({ whenClosed: whenClosed.includes(rule.action), ...rule }));
}

/** What the roles of a scope grant, by SID: no permission that does not count there. */
export function rolesOf(service, scope) {
  const lost = [...(scope === "service" ? channelOnly : serviceOnly), ...lostIn[service.dialect]];
  return new Map(
    service.roles(scope).map(({ sid, permissions }) => {
      const names = permissions.map(inChat);
      return [sid, names.filter((name) => !lost.includes(name))];
    }),
  );
}
