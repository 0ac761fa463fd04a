// @ts-check
import { ACTIONS, Service } from "rolecall";

/**
 * @typedef {import("rolecall").Permission} Permission
 * @typedef {import("rolecall").Scope} Scope
 * @typedef {import("./vocabulary.js").OwnAction} OwnAction
 * @typedef {{ action: string, whose: "anybody’s" | "one’s own" | undefined }} Allowed `whose` things, where that matters
 */

const ME = "me";
const INSIDE = "inside";

/**
 * The actions that one permission allows in a role of one scope, by a service in which somebody holds nothing else.
 *
 * @param {import("rolecall").Dialect} dialect
 * @param {Scope} scope
 * @param {Permission} permission
 * @param {readonly OwnAction[]} ownActions
 * @returns {Allowed[]}
 */
export function whatItAllows(dialect, scope, permission, ownActions) {
  const service = new Service({ dialect });
  for (const { action, any, own, member_only } of ownActions)
    service.defineAction(action, { any, ...(own === undefined ? {} : { own }), memberOnly: member_only ?? false });
  service.load({
    channels: [{ sid: INSIDE }, { sid: "outside", type: "public" }],
    members: [{ channel_sid: INSIDE, identity: ME }],
  });
  const withoutIt = everything(service);
  const sid = service.roles(scope)[0]?.sid ?? "";
  service.updateRole(sid, [permission]);
  if (scope === "service") service.setUser(ME, sid);
  else service.setMember(INSIDE, ME, sid);
  const withIt = everything(service);
  service.free();
  const owned = new Set([
    ...ACTIONS.flatMap(({ name, conversations, owned }) => (owned ? [name, conversations] : [])),
    ...ownActions.flatMap(({ action, own }) => (own === undefined ? [] : [action])),
  ]);
  return [...withIt.own]
    .filter((action) => !withoutIt.own.has(action))
    .map((action) => ({
      action,
      whose: !owned.has(action) ? undefined : withIt.any.has(action) ? "anybody’s" : "one’s own",
    }));
}

/** @param {Service} service */
function everything(service) {
  const abilities = [undefined, ...service.channels().map(({ sid }) => sid)].map((sid) => service.ability(ME, sid));
  return {
    own: new Set(abilities.flatMap((ability) => ability.actions(ME))),
    any: new Set(abilities.flatMap((ability) => ability.actions("somebody else"))),
  };
}
