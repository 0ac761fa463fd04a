// The default roles as the services' documentation lists them, in its order.

export const SERVICE_ADMIN = [
  "createChannel",
  "joinChannel",
  "destroyChannel",
  "editChannelAttributes",
  "editChannelName",
  "addMember",
  "inviteMember",
  "removeMember",
  "editAnyMemberAttributes",
  "editAnyMessage",
  "deleteAnyMessage",
  "editAnyMessageAttributes",
  "editAnyUserInfo",
];

export const SERVICE_USER = ["createChannel", "editOwnUserInfo", "joinChannel"];

export const CHANNEL_ADMIN = [
  "addMember",
  "deleteAnyMessage",
  "destroyChannel",
  "editAnyMessage",
  "editAnyMessageAttributes",
  "editAnyMemberAttributes",
  "editChannelAttributes",
  "editChannelName",
  "editNotificationLevel",
  "inviteMember",
  "leaveChannel",
  "removeMember",
  "sendMediaMessage",
  "sendMessage",
];

export const CHANNEL_USER = [
  "deleteOwnMessage",
  "editOwnMessage",
  "editOwnMessageAttributes",
  "editOwnMemberAttributes",
  "leaveChannel",
  "sendMediaMessage",
  "sendMessage",
  "editNotificationLevel",
];

/** The same in Conversations' names; it has no invites. */
export const CONVERSATIONS_SERVICE_ADMIN = [
  "createConversation",
  "joinConversation",
  "deleteConversation",
  "editConversationAttributes",
  "editConversationName",
  "addParticipant",
  "removeParticipant",
  "editAnyParticipantAttributes",
  "editAnyMessage",
  "deleteAnyMessage",
  "editAnyMessageAttributes",
  "editAnyUserInfo",
];

export const CONVERSATIONS_SERVICE_USER = ["createConversation", "editOwnUserInfo", "joinConversation"];

export const CONVERSATIONS_CHANNEL_ADMIN = [
  "addParticipant",
  "deleteAnyMessage",
  "deleteConversation",
  "editAnyMessage",
  "editAnyMessageAttributes",
  "editAnyParticipantAttributes",
  "editConversationAttributes",
  "editConversationName",
  "editNotificationLevel",
  "leaveConversation",
  "removeParticipant",
  "sendMediaMessage",
  "sendMessage",
];

export const CONVERSATIONS_CHANNEL_USER = [
  "deleteOwnMessage",
  "editOwnMessage",
  "editOwnMessageAttributes",
  "editOwnParticipantAttributes",
  "leaveConversation",
  "sendMediaMessage",
  "sendMessage",
  "editNotificationLevel",
];

/** [friendly name, type, permissions] of each default role, by dialect. */
export const DEFAULT_ROLES = {
  chat: [
    ["Service Admin", "deployment", SERVICE_ADMIN],
    ["Service User", "deployment", SERVICE_USER],
    ["Channel Admin", "channel", CHANNEL_ADMIN],
    ["Channel User", "channel", CHANNEL_USER],
  ],
  conversations: [
    ["Service Admin", "service", CONVERSATIONS_SERVICE_ADMIN],
    ["Service User", "service", CONVERSATIONS_SERVICE_USER],
    ["Channel Admin", "conversation", CONVERSATIONS_CHANNEL_ADMIN],
    ["Channel User", "conversation", CONVERSATIONS_CHANNEL_USER],
  ],
};
