// @ts-check
import { ACTIONS, PERMISSIONS } from "rolecall";

/**
 * The page's only view of the package's tables of names. Everywhere else an action goes by its Chat name,
 * and is turned into the service's dialect here.
 *
 * @typedef {import("rolecall").Service} Service
 * @typedef {import("rolecall").Action} Action
 * @typedef {import("rolecall").Permission} Permission
 * @typedef {{ name: Action, owned: boolean, group: Group }} ListedAction `name` in the service's dialect
 * @typedef {"channels" | "members" | "messages" | "people" | "application"} Group
 */

/** @type {Record<string, Group>} */
const GROUP_OF = {
  inviteMember: "members",
  addMember: "members",
  addNonChatParticipant: "members",
  removeMember: "members",
  editMemberAttributes: "members",
  sendMessage: "messages",
  sendMediaMessage: "messages",
  editMessage: "messages",
  deleteMessage: "messages",
  editMessageAttributes: "messages",
  editUserInfo: "people",
  editNotificationLevel: "people",
};

const WORDS = {
  chat: { channel: "channel", channels: "channels", member: "member", members: "members", noun: "Channel" },
  conversations: {
    channel: "conversation",
    channels: "conversations",
    member: "participant",
    members: "participants",
    noun: "Conversation",
  },
};

/**
 * What the service's dialect calls things.
 *
 * @param {Service} service
 */
export function words(service) {
  return WORDS[service.dialect];
}

/**
 * An action in the service's dialect; `undefined` where the dialect has no such action.
 *
 * @param {Service} service
 * @param {string} action its Chat name, or an application's own
 * @returns {Action | undefined}
 */
export function spoken(service, action) {
  const listed = ACTIONS.find(({ name }) => name === action);
  const name = !listed || service.dialect === "chat" ? action : (listed.conversations ?? undefined);
  // The tables are typed as text: an application's own names are among those that are asked for.
  return /** @type {Action | undefined} */ (name);
}

/**
 * Every action a user interface may ask this service about: the built-in ones, then the application's own.
 *
 * @param {Service} service
 * @param {string[]} ownActions
 * @returns {ListedAction[]}
 */
export function listActions(service, ownActions) {
  const builtIn = ACTIONS.flatMap((action) => {
    const name = spoken(service, action.name);
    return name === undefined ? [] : [{ name, owned: action.owned, group: GROUP_OF[action.name] ?? "channels" }];
  });
  const own = ownActions.map((name) => ({
    name: /** @type {Action} */ (name),
    owned: false,
    group: /** @type {const} */ ("application"),
  }));
  return [...builtIn, ...own];
}

/**
 * Every permission there is in this service: the built-in ones, then the application's own.
 *
 * @param {Service} service
 * @returns {Permission[]}
 */
export function listPermissions(service) {
  const builtIn = PERMISSIONS.map(({ name, conversations }) => (service.dialect === "chat" ? name : conversations));
  return /** @type {Permission[]} */ ([...builtIn.filter((name) => name !== null), ...ownPermissions(service)]);
}

/**
 * The permissions in the service's roles that neither product defines: an application put them there, so
 * each is worth an action of its own.
 *
 * @param {Service} service
 * @returns {string[]}
 */
export function ownPermissions(service) {
  /** @type {Set<string>} */
  const known = new Set(
    [...PERMISSIONS, ...ACTIONS].flatMap(({ name, conversations }) => (conversations ? [name, conversations] : [name])),
  );
  const held = new Set(service.roles().flatMap(({ permissions }) => permissions));
  return [...held].filter((permission) => !known.has(permission));
}
