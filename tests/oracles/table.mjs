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

/** The name in Chat of a permission that has two. */
const inChat = (name) => PERMISSIONS.find((row) => row.conversations === name)?.name ?? name;

/** All but viewChannel and joinChannel, which have rules of their own; with the application's own actions. */
export function rulesOf(service, ownActions) {
  const rules = [
    ...plain.map((action) => ({ action, any: action, member: false })),
    ...forMembers.map((action) => ({ action, any: action, member: true })),
    ...owned.map(([action, any, own]) => ({ action, any, own, member: false })),
    ...ownActions.map(({ action, any, own, member_only }) => {
      return { action, any: inChat(any), own: inChat(own), member: member_only };
    }),
  ];
  return rules.filter(({ action }) => !lostIn[service.dialect].includes(action));
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
