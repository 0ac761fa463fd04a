// The model in CASL's idiom: an ability for each user, whose rules are about things with conditions on their fields.
// It can say every decision. What it has no words for: why not and what is missing, that a name is misspelt (any action is
// just not allowed), and which decisions a change of a role turns over: abilities are made anew.
import { AbilityBuilder, createMongoAbility, subject } from "@casl/ability";
import { isCreator, isOpen, knownUsers, rolesOf, rulesOf } from "./table.mjs";

/** What an answer is about: somebody's thing in a channel, or the channel. */
const thing = (fields) => subject("Thing", fields);

export function casl(service, ownActions) {
  const channels = service.channels();
  const rules = rulesOf(service, ownActions);
  const [serviceRoles, channelRoles] = ["service", "channel"].map((scope) => rolesOf(service, scope));
  const publicOnes = channels.filter(({ type }) => type === "public").map(({ sid }) => sid);
  const closedOnes = channels.filter((channel) => !isOpen(channel)).map(({ sid }) => sid);
  const open = (sids) => sids.filter((sid) => !closedOnes.includes(sid));
  const known = knownUsers(service);

  function abilityFor(identity) {
    const { can, cannot, build } = new AbilityBuilder(createMongoAbility);
    if (!known.has(identity)) return build();
    const rowOf = (rows) => rows.find((row) => row.identity === identity);
    const seats = channels.map(({ sid }) => ({ sid, row: rowOf(service.members(sid)) })).filter(({ row }) => row);
    const joined = seats.map(({ sid }) => sid);
    const invited = channels.map(({ sid }) => sid).filter((sid) => rowOf(service.invites(sid)));
    const created = channels.filter((channel) => isCreator(channel, identity)).map(({ sid }) => sid);

    /** What a role allows in some channels; `null` is outside of any. */
    const hold = (permissions, channels) => {
      for (const { action, any, own, member, whenClosed } of rules) {
        const fitting = whenClosed ? channels : open(channels);
        const channel = { $in: member ? fitting.filter((sid) => joined.includes(sid)) : fitting };
        if (permissions.includes(any)) can(action, "Thing", { channel });
        if (permissions.includes(own)) can(action, "Thing", { channel, owner: identity });
      }
    };

    const everywhere = [...channels.map(({ sid }) => sid), null];
    const permissions = serviceRoles.get(rowOf(service.users())?.roleSid) ?? [];
    hold(permissions, everywhere);
    for (const { sid, row } of seats) hold(channelRoles.get(row.roleSid) ?? [], [sid]);

    can("viewChannel", "Thing", { channel: { $in: [...joined, ...invited, ...created] } });
    if (permissions.includes("joinChannel")) {
      can("viewChannel", "Thing", { channel: { $in: publicOnes } });
      can("joinChannel", "Thing", { channel: { $in: open([...publicOnes, ...invited, ...created]) } });
      cannot("joinChannel", "Thing", { channel: { $in: joined } });
    }
    return build();
  }

  const abilities = new Map();
  return ({ identity, channel = null, action, owner = null }) => {
    const ability = abilities.get(identity) ?? abilityFor(identity);
    abilities.set(identity, ability);
    return ability.can(action, thing({ channel, owner }));
  };
}
