// Generated from the tables in src/ by `UPDATE=1 cargo test --test generated`.

/** The 23 permissions, by the names of both dialects. */
export type BuiltInPermission =
  | "createChannel"
  | "createConversation"
  | "joinChannel"
  | "joinConversation"
  | "destroyChannel"
  | "deleteConversation"
  | "editChannelName"
  | "editConversationName"
  | "editChannelAttributes"
  | "editConversationAttributes"
  | "addMember"
  | "addParticipant"
  | "addNonChatParticipant"
  | "inviteMember"
  | "removeMember"
  | "removeParticipant"
  | "editAnyMemberAttributes"
  | "editAnyParticipantAttributes"
  | "editOwnMemberAttributes"
  | "editOwnParticipantAttributes"
  | "editAnyMessage"
  | "editOwnMessage"
  | "deleteAnyMessage"
  | "deleteOwnMessage"
  | "editAnyMessageAttributes"
  | "editOwnMessageAttributes"
  | "editAnyUserInfo"
  | "editOwnUserInfo"
  | "leaveChannel"
  | "leaveConversation"
  | "sendMessage"
  | "sendMediaMessage"
  | "editNotificationLevel";

/** The built-in actions that nobody owns a part in, by the names of both dialects. */
export type BuiltInPlainAction =
  | "createChannel"
  | "createConversation"
  | "viewChannel"
  | "viewConversation"
  | "joinChannel"
  | "joinConversation"
  | "leaveChannel"
  | "leaveConversation"
  | "destroyChannel"
  | "deleteConversation"
  | "editChannelName"
  | "editConversationName"
  | "editChannelAttributes"
  | "editConversationAttributes"
  | "inviteMember"
  | "addMember"
  | "addParticipant"
  | "addNonChatParticipant"
  | "removeMember"
  | "removeParticipant"
  | "sendMessage"
  | "sendMediaMessage"
  | "editNotificationLevel";

/** The built-in actions on a thing that somebody owns, by the names of both dialects. */
export type BuiltInOwnedAction =
  | "editMemberAttributes"
  | "editParticipantAttributes"
  | "editMessage"
  | "deleteMessage"
  | "editMessageAttributes"
  | "editUserInfo";

/** A role's type: service scope or channel scope, as Chat and as Conversations say it. */
export type RoleType = "deployment" | "service" | "channel" | "conversation";

/** The two services that share the model. */
export type Dialect = "chat" | "conversations";

/** What a role applies to: a user everywhere, or a member in one channel. */
export type Scope = "service" | "channel";

/** Why an action is not allowed. */
export type Reason =
  | "unknown-user"
  | "unknown-channel"
  | "no-counterpart"
  | "closed"
  | "not-a-member"
  | "already-a-member"
  | "not-visible"
  | "not-owner"
  | "unknown-owner"
  | "unknown-role"
  | "missing-permission";

/** What went wrong; the reference has a table. */
export type ErrorCode =
  | "invalid-payload"
  | "invalid-type"
  | "invalid-string"
  | "invalid-json"
  | "missing-field"
  | "unreadable"
  | "unsupported-version"
  | "invalid-dialect"
  | "invalid-scope"
  | "invalid-channel-type"
  | "invalid-state"
  | "invalid-identity"
  | "invalid-sid"
  | "invalid-name"
  | "invalid-argument"
  | "empty-permissions"
  | "unknown-permission"
  | "out-of-scope"
  | "no-counterpart"
  | "too-many-permissions"
  | "too-many-actions"
  | "unknown-role"
  | "ambiguous-role"
  | "duplicate-role"
  | "wrong-scope"
  | "no-default-role"
  | "unknown-channel"
  | "duplicate-channel"
  | "wrong-channel"
  | "unknown-invite"
  | "unknown-action"
  | "duplicate-action"
  | "too-large"
  | "too-many-changes"
  | "permission-denied"
  | "freed"
  | "not-ready"
  | "webassembly-missing"
  | "webassembly-blocked"
  | "init-required"
  | "broken"
  | "endless-listeners"
  | "stopped";

/** What a load warns of; the reference has a table. */
export type WarningCode =
  | "unknown-section"
  | "unknown-permission"
  | "out-of-scope"
  | "no-counterpart"
  | "no-role"
  | "no-defaults"
  | "other-service"
  | "whose-list"
  | "no-identity"
  | "unknown-status"
  | "unknown-state"
  | "invalid-name"
  | "moved-name"
  | "more-warnings";

/** The states of a channel. */
export type ChannelState = "active" | "inactive" | "closed" | "initializing";

/** The built-in actions, for those who list them: names in both dialects, and whether a check takes an owner. */
export const ACTIONS: readonly {
  name: BuiltInPlainAction | BuiltInOwnedAction;
  conversations: BuiltInPlainAction | BuiltInOwnedAction | null;
  owned: boolean;
}[] = [
  { name: "createChannel", conversations: "createConversation", owned: false },
  { name: "viewChannel", conversations: "viewConversation", owned: false },
  { name: "joinChannel", conversations: "joinConversation", owned: false },
  { name: "leaveChannel", conversations: "leaveConversation", owned: false },
  { name: "destroyChannel", conversations: "deleteConversation", owned: false },
  { name: "editChannelName", conversations: "editConversationName", owned: false },
  { name: "editChannelAttributes", conversations: "editConversationAttributes", owned: false },
  { name: "inviteMember", conversations: null, owned: false },
  { name: "addMember", conversations: "addParticipant", owned: false },
  { name: "addNonChatParticipant", conversations: "addNonChatParticipant", owned: false },
  { name: "removeMember", conversations: "removeParticipant", owned: false },
  { name: "editMemberAttributes", conversations: "editParticipantAttributes", owned: true },
  { name: "sendMessage", conversations: "sendMessage", owned: false },
  { name: "sendMediaMessage", conversations: "sendMediaMessage", owned: false },
  { name: "editMessage", conversations: "editMessage", owned: true },
  { name: "deleteMessage", conversations: "deleteMessage", owned: true },
  { name: "editMessageAttributes", conversations: "editMessageAttributes", owned: true },
  { name: "editUserInfo", conversations: "editUserInfo", owned: true },
  { name: "editNotificationLevel", conversations: "editNotificationLevel", owned: false },
];

/** The built-in permissions, for those who list them: names in both dialects, and the scopes in which each is valid. */
export const PERMISSIONS: readonly {
  name: BuiltInPermission;
  conversations: BuiltInPermission | null;
  service: boolean;
  channel: boolean;
}[] = [
  { name: "createChannel", conversations: "createConversation", service: true, channel: false },
  { name: "joinChannel", conversations: "joinConversation", service: true, channel: false },
  { name: "destroyChannel", conversations: "deleteConversation", service: true, channel: true },
  { name: "editChannelName", conversations: "editConversationName", service: true, channel: true },
  { name: "editChannelAttributes", conversations: "editConversationAttributes", service: true, channel: true },
  { name: "addMember", conversations: "addParticipant", service: true, channel: true },
  { name: "addNonChatParticipant", conversations: "addNonChatParticipant", service: true, channel: true },
  { name: "inviteMember", conversations: null, service: true, channel: true },
  { name: "removeMember", conversations: "removeParticipant", service: true, channel: true },
  { name: "editAnyMemberAttributes", conversations: "editAnyParticipantAttributes", service: true, channel: true },
  { name: "editOwnMemberAttributes", conversations: "editOwnParticipantAttributes", service: true, channel: true },
  { name: "editAnyMessage", conversations: "editAnyMessage", service: true, channel: true },
  { name: "editOwnMessage", conversations: "editOwnMessage", service: true, channel: true },
  { name: "deleteAnyMessage", conversations: "deleteAnyMessage", service: true, channel: true },
  { name: "deleteOwnMessage", conversations: "deleteOwnMessage", service: true, channel: true },
  { name: "editAnyMessageAttributes", conversations: "editAnyMessageAttributes", service: true, channel: true },
  { name: "editOwnMessageAttributes", conversations: "editOwnMessageAttributes", service: true, channel: true },
  { name: "editAnyUserInfo", conversations: "editAnyUserInfo", service: true, channel: true },
  { name: "editOwnUserInfo", conversations: "editOwnUserInfo", service: true, channel: true },
  { name: "leaveChannel", conversations: "leaveConversation", service: false, channel: true },
  { name: "sendMessage", conversations: "sendMessage", service: false, channel: true },
  { name: "sendMediaMessage", conversations: "sendMediaMessage", service: false, channel: true },
  { name: "editNotificationLevel", conversations: "editNotificationLevel", service: false, channel: true },
];
