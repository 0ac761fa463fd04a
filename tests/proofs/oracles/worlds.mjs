// Random services, small and odd, and every question that can be asked about one. What is odd on purpose: roles that are
// referred to and not there, roles of the wrong scope, rows without a role, permissions out of scope or of no table,
// names that JavaScript or Cedar give a meaning to, strangers, unknown channels, things that nobody owns, channels that are
// closed or in a state that is none.
import fc from "fast-check";
import { ACTIONS, PERMISSIONS, Service } from "rolecall";
import { knownUsers } from "./table.mjs";

/** How many services; `npm run test:oracles` asks for more. */
export const worlds = Number(process.env.ORACLE_WORLDS ?? 100);

/** Set to the seed that a failure printed to see it again. */
export const seed = Number(process.env.ORACLE_SEED ?? Date.now() % 2 ** 31);

const names = (...first) =>
  fc.shuffledSubarray([...first, "__proto__", "constructor", 'a "b"\\', "é👩‍🚀", "\u202e\0\n"], { minLength: 1 });
const some = (list, atMost) => list.map((names) => names.slice(0, atMost));

const builtIn = PERMISSIONS.flatMap(({ name, conversations }) => [name, conversations ?? name]);
const ownPermissions = ["pin", "archive", "__proto__", 'say "hi"', "__entity"];
const permission = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...builtIn) },
  { weight: 2, arbitrary: fc.constantFrom(...ownPermissions) },
);

const roleTypes = ["deployment", "channel"];

/** The names of the rows, and of which scope each role is. */
const cast = fc.record({
  identities: some(names("alice", "bob", "Alice", "system"), 2),
  channels: some(names("CH1", "CH2", "alice", "__entity"), 2),
  roles: some(names("RL1", "RL2", "RL3", "RL4"), 4).chain((sids) =>
    fc.tuple(...sids.map((sid) => fc.record({ sid: fc.constant(sid), type: fc.constantFrom(...roleTypes) }))),
  ),
});

/** Most channels are open, and some were created by somebody who is known, or by nobody. */
const channelRow = (sid, identity) =>
  fc.record({
    sid,
    type: fc.constantFrom("public", "private"),
    unique_name: fc.constantFrom("desk", "CH1", undefined),
    created_by: fc.oneof(identity, fc.constantFrom("system", "a stranger", undefined)),
    state: fc.constantFrom("active", "inactive", undefined, "closed", "initializing", "archived"),
  });

/** The rows of a service, as a back end would forward them. */
const rows = cast.chain(({ identities, channels, roles }) => {
  const identity = fc.constantFrom(...identities);
  const channel_sid = fc.constantFrom(...channels);
  const sids = roles.map(({ sid }) => sid);
  // Most rows name a role of the right scope.
  const role_sid = (wanted) => {
    const right = roles.filter(({ type }) => type === wanted).map(({ sid }) => sid);
    return fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...right, "gone") },
      { weight: 1, arbitrary: fc.constantFrom(...sids, "gone", undefined) },
    );
  };
  const user = fc.record({ identity, role_sid: role_sid("deployment") });
  const seat = fc.record({ channel_sid, identity, role_sid: role_sid("channel") });
  const role = (row) => fc.record({ ...row, permissions: fc.uniqueArray(permission, { minLength: 4, maxLength: 20 }) });
  return fc.record({
    roles: fc.tuple(...roles.map(({ sid, type }) => role({ sid: fc.constant(sid), type: fc.constant(type) }))),
    users: fc.array(user, { minLength: 1, maxLength: 4 }),
    channels: fc.array(channelRow(channel_sid, identity), { maxLength: 3 }),
    members: fc.array(seat, { minLength: 1, maxLength: 5 }),
    invites: fc.array(seat, { maxLength: 2 }),
  });
});

const actions = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  fc.uniqueArray(
    fc.record({
      action: fc.constantFrom("pin", "archive", "__proto__", 'say "hi"', "editMessage.own", "\u2028"),
      any: permission,
      own: fc.option(permission, { nil: undefined }),
      member_only: fc.boolean(),
      when_closed: fc.boolean(),
    }),
    { selector: ({ action }) => action, maxLength: 3 },
  ),
);

/** A service: its rows, its own actions, and the dialect that loads them. */
export const world = fc.record({ payload: rows, actions, dialect: fc.constantFrom("chat", "conversations") });

export function serviceOf({ payload, actions, dialect }) {
  return Service.from({ ...payload, actions }, { dialect });
}

/** A name that no generator gives. */
const unknown = "nobody";

/**
 * Who, where, what, whose: every identity, every channel and none, every action, and for those that ask for one every
 * owner, one that is unknown, and nobody. Then who is unknown, and where; there about one's own things, which is where
 * most would be allowed.
 */
export function* questions(service, ownActions) {
  const channels = service.channels().map(({ sid }) => sid);
  const identities = [...knownUsers(service)];
  const plain = ACTIONS.filter(({ owned }) => !owned).map(({ name }) => name);
  const owned = ACTIONS.filter(({ owned }) => owned).map(({ name }) => name);
  for (const { action, own } of ownActions) (own === undefined ? plain : owned).push(action);

  function* about(identity, channel, owners) {
    for (const action of plain) yield { identity, channel, action };
    for (const action of owned) for (const owner of owners) yield { identity, channel, action, owner };
  }
  for (const identity of identities) {
    for (const channel of [...channels, undefined]) yield* about(identity, channel, [...identities, unknown, null]);
    yield* about(identity, unknown, [identity]);
  }
  // To have created a channel makes nobody known.
  const creators = service.channels().flatMap(({ createdBy }) => createdBy ?? []);
  for (const stranger of [unknown, ...creators.filter((identity) => !identities.includes(identity))]) {
    for (const channel of [...channels, undefined, unknown]) yield* about(stranger, channel, [stranger]);
  }
}

/** What rolecall is asked for a channel by: its unique name, where it has one that is no other's SID. */
function namesOf(service) {
  const channels = service.channels();
  const sids = channels.map(({ sid }) => sid);
  const names = new Map(channels.map(({ sid, uniqueName }) => [sid, sids.includes(uniqueName) ? null : uniqueName]));
  return (sid) => names.get(sid) ?? sid;
}

/**
 * Asks rolecall and an oracle everything about random services, and throws with the smallest service that it finds on
 * which they differ.
 *
 * @param oracle takes a service and its own actions, and gives what answers a question
 * @returns how many services were asked, and how many of the answers were yes and no
 */
export async function agree(oracle, numRuns = worlds) {
  const asked = { services: 0, allowed: 0, denied: 0, owned: 0 };
  const agrees = async (description) => {
    const service = serviceOf(description);
    try {
      const answer = await oracle(service, description.actions);
      const named = namesOf(service);
      for (const question of questions(service, description.actions)) {
        const { identity, channel, action, owner } = question;
        const allowed = service.ability(identity, named(channel)).can(action, owner);
        const theirs = answer(question);
        if (theirs !== allowed) {
          throw new Error(`rolecall says ${allowed}, the oracle ${theirs}, to ${JSON.stringify(question)}`);
        }
        asked[allowed ? "allowed" : "denied"]++;
        if (allowed && owner !== undefined) asked.owned++;
      }
    } finally {
      service.free();
    }
    asked.services++;
  };
  await fc.assert(fc.asyncProperty(world, agrees), { seed, numRuns, includeErrorInReport: true });
  return asked;
}
