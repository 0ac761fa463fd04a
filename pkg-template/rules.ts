// Generated from the tables in src/ by `UPDATE=1 cargo test --test generated`.
import type { BuiltInPermission } from "./names.js";

/** What an action needs beside a permission. */
export type Place = "anywhere" | "member" | "view" | "join";

/** What makes each built-in action allowed; the permissions are named as Chat does. */
export const RULES: readonly {
  name: string;
  conversations: string | null;
  any: BuiltInPermission;
  own: BuiltInPermission | null;
  place: Place;
}[] = [
  { name: "createChannel", conversations: "createConversation", any: "createChannel", own: null, place: "anywhere" },
  { name: "viewChannel", conversations: "viewConversation", any: "joinChannel", own: null, place: "view" },
  { name: "joinChannel", conversations: "joinConversation", any: "joinChannel", own: null, place: "join" },
  { name: "leaveChannel", conversations: "leaveConversation", any: "leaveChannel", own: null, place: "member" },
  { name: "destroyChannel", conversations: "deleteConversation", any: "destroyChannel", own: null, place: "anywhere" },
  {
    name: "editChannelName",
    conversations: "editConversationName",
    any: "editChannelName",
    own: null,
    place: "anywhere",
  },
  {
    name: "editChannelAttributes",
    conversations: "editConversationAttributes",
    any: "editChannelAttributes",
    own: null,
    place: "anywhere",
  },
  { name: "inviteMember", conversations: null, any: "inviteMember", own: null, place: "anywhere" },
  { name: "addMember", conversations: "addParticipant", any: "addMember", own: null, place: "anywhere" },
  {
    name: "addNonChatParticipant",
    conversations: "addNonChatParticipant",
    any: "addNonChatParticipant",
    own: null,
    place: "anywhere",
  },
  { name: "removeMember", conversations: "removeParticipant", any: "removeMember", own: null, place: "anywhere" },
  {
    name: "editMemberAttributes",
    conversations: "editParticipantAttributes",
    any: "editAnyMemberAttributes",
    own: "editOwnMemberAttributes",
    place: "anywhere",
  },
  { name: "sendMessage", conversations: "sendMessage", any: "sendMessage", own: null, place: "member" },
  { name: "sendMediaMessage", conversations: "sendMediaMessage", any: "sendMediaMessage", own: null, place: "member" },
  {
    name: "editMessage",
    conversations: "editMessage",
    any: "editAnyMessage",
    own: "editOwnMessage",
    place: "anywhere",
  },
  {
    name: "deleteMessage",
    conversations: "deleteMessage",
    any: "deleteAnyMessage",
    own: "deleteOwnMessage",
    place: "anywhere",
  },
  {
    name: "editMessageAttributes",
    conversations: "editMessageAttributes",
    any: "editAnyMessageAttributes",
    own: "editOwnMessageAttributes",
    place: "anywhere",
  },
  {
    name: "editUserInfo",
    conversations: "editUserInfo",
    any: "editAnyUserInfo",
    own: "editOwnUserInfo",
    place: "anywhere",
  },
  {
    name: "editNotificationLevel",
    conversations: "editNotificationLevel",
    any: "editNotificationLevel",
    own: null,
    place: "member",
  },
];
