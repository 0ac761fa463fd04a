import { inDialect } from "./naive.mjs";

/** What calls start from, as its snapshot. */
export const TOWN = {
  rolecall: "1",
  dialect: "chat",
  actions: [{ action: "pin", any: "pinAny", own: "pinOwn", member_only: true }],
  roles: [
    {
      sid: "RLCA",
      friendly_name: "Channel Admin",
      type: "channel",
      permissions: ["sendMessage", "deleteAnyMessage", "removeMember", "leaveChannel", "pinAny"],
    },
    {
      sid: "RLCU",
      friendly_name: "Channel User",
      type: "channel",
      permissions: ["sendMessage", "deleteOwnMessage", "editOwnMessage", "pinOwn"],
    },
    {
      sid: "RLSA",
      friendly_name: "Service Admin",
      type: "deployment",
      permissions: ["createChannel", "joinChannel", "destroyChannel", "editAnyUserInfo", "deleteAnyMessage"],
    },
    {
      sid: "RLSU",
      friendly_name: "Service User",
      type: "deployment",
      permissions: ["createChannel", "joinChannel", "editOwnUserInfo"],
    },
  ],
  users: [
    { identity: "alice", role_sid: "RLSU" },
    { identity: "bob", role_sid: "RLSU" },
    { identity: "dora", role_sid: "RLGONE" },
    { identity: "root", role_sid: "RLSA" },
  ],
  channels: [
    { sid: "CH1", type: "private", created_by: "alice" },
    { sid: "CH2", type: "public" },
  ],
  members: [
    { channel_sid: "CH1", identity: "alice", role_sid: "RLCA" },
    { channel_sid: "CH1", identity: "bob", role_sid: "RLCU" },
  ],
  invites: [{ channel_sid: "CH1", identity: "carl", role_sid: "RLCU" }],
  service: {
    default_service_role_sid: "RLSU",
    default_channel_role_sid: "RLCU",
    default_channel_creator_role_sid: "RLCA",
  },
};

const TYPES = { deployment: "service", channel: "conversation" };
const { channels, members, invites, service, ...others } = TOWN;

/** The same in Conversations, where every channel is private and nobody is invited. */
export const CONVERSATIONS_TOWN = {
  ...others,
  dialect: "conversations",
  roles: TOWN.roles.map((role) => ({
    ...role,
    type: TYPES[role.type],
    permissions: role.permissions.map((name) => inDialect("conversations", name)),
  })),
  conversations: channels.map(({ type, ...channel }) => channel),
  participants: members.map(({ channel_sid, ...member }) => ({ conversation_sid: channel_sid, ...member })),
  configuration: {
    default_chat_service_role_sid: service.default_service_role_sid,
    default_conversation_role_sid: service.default_channel_role_sid,
    default_conversation_creator_role_sid: service.default_channel_creator_role_sid,
  },
};

/** What is attacked. */
export const TOWNS = [TOWN, CONVERSATIONS_TOWN];
