// Generated from the tables in src/ by `UPDATE=1 cargo test --test generated`.
import type { BuiltInPermission } from "./names.js";

/** What an action requires beside a permission. */
export type Requires = "nothing" | "membership" | "visible" | "joinable";

/** What makes each built-in action allowed; the permissions are named as Chat does. */
export const RULES: readonly {
  name: string;
  conversations: string | null;
  any: BuiltInPermission;
  own: BuiltInPermission | null;
  requires: Requires;
  whenClosed: boolean;
}[] = [
  {
    name: "createChannel",
    conversations: "createConversation",
    any: "createChannel",
    own: null,
    requires: "nothing",
    whenClosed: true,
  },
  {
    name: "viewChannel",
    conversations: "viewConversation",
    any: "joinChannel",
    own: null,
    requires: "visible",
    whenClosed: true,
  },
  {
    name: "joinChannel",
    conversations: "joinConversation",
    any: "joinChannel",
    own: null,
    requires: "joinable",
    whenClosed: false,
  },
  {
    name: "leaveChannel",
    conversations: "leaveConversation",
    any: "leaveChannel",
    own: null,
    requires: "membership",
    whenClosed: false,
  },
  {
    name: "destroyChannel",
    conversations: "deleteConversation",
    any: "destroyChannel",
    own: null,
    requires: "nothing",
    whenClosed: true,
  },
  {
    name: "editChannelName",
    conversations: "editConversationName",
    any: "editChannelName",
    own: null,
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "editChannelAttributes",
    conversations: "editConversationAttributes",
    any: "editChannelAttributes",
    own: null,
    requires: "nothing",
    whenClosed: false,
  },
  { name: "inviteMember", conversations: null, any: "inviteMember", own: null, requires: "nothing", whenClosed: false },
  {
    name: "addMember",
    conversations: "addParticipant",
    any: "addMember",
    own: null,
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "addNonChatParticipant",
    conversations: "addNonChatParticipant",
    any: "addNonChatParticipant",
    own: null,
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "removeMember",
    conversations: "removeParticipant",
    any: "removeMember",
    own: null,
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "editMemberAttributes",
    conversations: "editParticipantAttributes",
    any: "editAnyMemberAttributes",
    own: "editOwnMemberAttributes",
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "sendMessage",
    conversations: "sendMessage",
    any: "sendMessage",
    own: null,
    requires: "membership",
    whenClosed: false,
  },
  {
    name: "sendMediaMessage",
    conversations: "sendMediaMessage",
    any: "sendMediaMessage",
    own: null,
    requires: "membership",
    whenClosed: false,
  },
  {
    name: "editMessage",
    conversations: "editMessage",
    any: "editAnyMessage",
    own: "editOwnMessage",
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "deleteMessage",
    conversations: "deleteMessage",
    any: "deleteAnyMessage",
    own: "deleteOwnMessage",
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "editMessageAttributes",
    conversations: "editMessageAttributes",
    any: "editAnyMessageAttributes",
    own: "editOwnMessageAttributes",
    requires: "nothing",
    whenClosed: false,
  },
  {
    name: "editUserInfo",
    conversations: "editUserInfo",
    any: "editAnyUserInfo",
    own: "editOwnUserInfo",
    requires: "nothing",
    whenClosed: true,
  },
  {
    name: "editNotificationLevel",
    conversations: "editNotificationLevel",
    any: "editNotificationLevel",
    own: null,
    requires: "membership",
    whenClosed: false,
  },
];
