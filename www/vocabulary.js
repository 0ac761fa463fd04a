// @ts-check
import { ACTIONS, PERMISSIONS, Service } from "rolecall";

/**
 * The package's tables of names, as the page needs them. Other files name an action as Chat does; here it becomes the
 * service's dialect.
 *
 * @typedef {import("rolecall").Action} Action
 * @typedef {import("rolecall").Permission} Permission
 * @typedef {import("rolecall").Scope} Scope
 * @typedef {"channels" | "members" | "messages" | "users" | "application"} Group what an action or a permission is about
 * @typedef {{ name: Action, owned: boolean, group: Group }} ListedAction
 * @typedef {{ name: Permission, group: Group, scopes: Scope[], half: "any" | "own" | undefined }} ListedPermission
 * @typedef {{ action: string, any: string, own?: string, member_only?: boolean, when_closed?: boolean }} OwnAction as a
 *   snapshot has it
 */

/** @type {readonly Scope[]} */
export const SCOPES = ["service", "channel"];

/** @type {readonly Group[]} */
const GROUPS = ["channels", "members", "messages", "users", "application"];

/** A role's type by dialect and scope, read from the default roles of a new service. */
const TYPES = { chat: typesIn("chat"), conversations: typesIn("conversations") };

/**
 * @param {import("rolecall").Dialect} dialect
 * @returns {Record<Scope, import("rolecall").RoleType>}
 */
function typesIn(dialect) {
  const service = new Service({ dialect });
  const [ofUsers, ofMembers] = SCOPES.map((scope) => service.roles(scope)[0]?.type);
  service.free();
  if (!ofUsers || !ofMembers) throw new Error("a new service has default roles of each scope");
  return { service: ofUsers, channel: ofMembers };
}

const WORDS = {
  chat: { channel: "channel", channels: "channels", member: "member", members: "members" },
  conversations: {
    channel: "conversation",
    channels: "conversations",
    member: "participant",
    members: "participants",
  },
};

/**
 * The nouns of the service's dialect.
 *
 * @param {Service} service
 */
export const words = (service) => WORDS[service.dialect];

/**
 * The type of the service's roles of one scope.
 *
 * @param {Service} service
 * @param {Scope} scope
 */
export const typeOf = ({ dialect }, scope) => TYPES[dialect][scope];

/** @param {import("rolecall").RoleType} type */
export const scopeOf = (type) =>
  /** @type {Scope} */ (SCOPES.find((scope) => Object.values(TYPES).some((types) => types[scope] === type)));

/**
 * The group of a built-in name, which the name itself tells.
 *
 * @param {string} name in Chat's words
 * @returns {Group}
 */
function groupOf(name) {
  if (/Message/.test(name)) return "messages";
  if (/Member|Participant/.test(name)) return "members";
  return /User/.test(name) ? "users" : "channels";
}

/**
 * An action in the service's dialect; `undefined` where the dialect has no such action.
 *
 * @param {Service} service
 * @param {string} action its Chat name, or an application's own
 * @returns {Action | undefined}
 */
export function inDialect(service, action) {
  const listed = ACTIONS.find(({ name }) => name === action);
  const name = !listed || service.dialect === "chat" ? action : (listed.conversations ?? undefined);
  return /** @type {Action | undefined} */ (name);
}

/**
 * Every action that a user interface may ask this service about, by what it is about.
 *
 * @param {Service} service
 * @param {readonly OwnAction[]} ownActions
 * @returns {[Group, ListedAction[]][]}
 */
export function actionGroups(service, ownActions) {
  const builtIn = ACTIONS.flatMap(({ name, owned }) => {
    const terms = inDialect(service, name);
    return terms === undefined ? [] : [{ name: terms, owned, group: groupOf(name) }];
  });
  const own = ownActions.map(({ action, own }) => ({
    name: /** @type {Action} */ (action),
    owned: own !== undefined,
    group: /** @type {const} */ ("application"),
  }));
  return grouped([...builtIn, ...own]);
}

/**
 * Every permission that there is in this service, by what it is about; what allows it on anybody's thing right before
 * what allows it on one's own.
 *
 * @param {Service} service
 * @param {readonly OwnAction[]} ownActions
 * @returns {[Group, ListedPermission[]][]}
 */
export function permissionGroups(service, ownActions) {
  const builtIn = PERMISSIONS.flatMap((listed) => {
    const name = service.dialect === "chat" ? listed.name : listed.conversations;
    const half = /** @type {"any" | "own" | undefined} */ (/^[a-z]+(Any|Own)/.exec(listed.name)?.[1]?.toLowerCase());
    const scopes = SCOPES.filter((scope) => listed[scope]);
    return name === null ? [] : [{ name, half, scopes, group: groupOf(listed.name) }];
  });
  const own = ownPermissions(service, ownActions).map((name) => ({
    name: /** @type {Permission} */ (name),
    half: undefined,
    scopes: [...SCOPES],
    group: /** @type {const} */ ("application"),
  }));
  return grouped([...builtIn, ...own]);
}

/**
 * @template {{ group: Group }} Listed
 * @param {Listed[]} listed
 * @returns {[Group, Listed[]][]}
 */
function grouped(listed) {
  return GROUPS.map(
    (group) => /** @type {[Group, Listed[]]} */ ([group, listed.filter((each) => each.group === group)]),
  ).filter(([, members]) => members.length > 0);
}

/** Every built-in permission, by the names of both dialects. @type {Set<string>} */
const builtInPermissions = new Set(PERMISSIONS.flatMap(({ name, conversations }) => [name, conversations ?? name]));

/** @type {Set<string>} */
const builtInActions = new Set(ACTIONS.flatMap(({ name, conversations }) => [name, conversations ?? name]));

/**
 * The permissions that neither product defines, in the service's roles and of its own actions.
 *
 * @param {Service} service
 * @param {readonly OwnAction[]} ownActions
 * @returns {string[]}
 */
function ownPermissions(service, ownActions) {
  const named = ownActions.flatMap(({ any, own }) => (own === undefined ? [any] : [any, own]));
  const held = service.roles().flatMap(({ permissions }) => permissions);
  return [...new Set([...named, ...held])].filter((permission) => !builtInPermissions.has(permission));
}

/**
 * Permissions of the application's own that no action requires yet: each is worth an action.
 *
 * @param {Service} service
 * @param {readonly OwnAction[]} ownActions
 * @returns {string[]}
 */
export function withoutAction(service, ownActions) {
  const named = new Set(ownActions.flatMap(({ action, any, own }) => [action, any, own]));
  return ownPermissions(service, ownActions).filter((name) => !named.has(name) && !builtInActions.has(name));
}

/**
 * A built-in name as words: "editAnyMessage" is "edit any message".
 *
 * @param {string} name
 */
export const inWords = (name) => name.replaceAll(/\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`);
