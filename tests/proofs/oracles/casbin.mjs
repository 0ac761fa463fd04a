// The model in casbin's idiom: roles, and roles per channel as its domains, in policy lines and groupings.
// It can say every decision, with a matcher that tells the places apart. What it has no words for: why not and what is
// missing, and that a name is misspelt. Names are prefixed, since casbin takes a user for a member of a role of that name.
import { newEnforcer, newModelFromString } from "casbin";
import { isCreator, isOpen, knownUsers, rolesOf, rulesOf } from "./table.mjs";

const model = `
[request_definition]
r = sub, chan, act, owner

[policy_definition]
p = act, scope, role, whose, place, state

[role_definition]
g = _, _
g2 = _, _, _
g3 = _, _, _
g4 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act \\
  && (p.whose == "any" || r.owner == r.sub) \\
  && (p.scope == "channel" && g2(r.sub, p.role, r.chan) || p.scope == "service" && g(r.sub, p.role) && g4(r.chan, "known") || p.scope == "anybody") \\
  && (p.place == "anywhere" \\
    || p.place == "joined" && g3(r.sub, "member", r.chan) \\
    || p.place == "public" && g4(r.chan, "public") \\
    || p.place == "invited" && g3(r.sub, "invited", r.chan) \\
    || p.place == "created" && g3(r.sub, "creator", r.chan) \\
    || p.place == "new to" && !g3(r.sub, "member", r.chan) && (g4(r.chan, "public") || g3(r.sub, "invited", r.chan) || g3(r.sub, "creator", r.chan))) \\
  && (p.state == "any" || !g4(r.chan, "closed"))
`;

const user = (identity) => `user ${identity}`;
const place = (sid) => (sid === undefined ? "nowhere" : `channel ${sid}`);

export async function casbin(service, ownActions) {
  const rules = rulesOf(service, ownActions);
  const lines = [
    ["viewChannel", "anybody", "", "any", "joined", "any"],
    ["viewChannel", "anybody", "", "any", "invited", "any"],
    ["viewChannel", "anybody", "", "any", "created", "any"],
  ];
  for (const scope of ["service", "channel"]) {
    for (const [sid, permissions] of rolesOf(service, scope)) {
      const role = `role ${sid}`;
      for (const { action, any, own, member, whenClosed } of rules) {
        const where = [member ? "joined" : "anywhere", whenClosed ? "any" : "open"];
        if (permissions.includes(any)) lines.push([action, scope, role, "any", ...where]);
        if (permissions.includes(own)) lines.push([action, scope, role, "own", ...where]);
      }
      if (permissions.includes("joinChannel")) {
        lines.push(["viewChannel", scope, role, "any", "public", "any"]);
        lines.push(["joinChannel", scope, role, "any", "new to", "open"]);
      }
    }
  }

  const channels = service.channels();
  const known = [...knownUsers(service)];
  const created = channels.flatMap((channel) =>
    known.filter((identity) => isCreator(channel, identity)).map((identity) => [identity, channel.sid]),
  );
  const all = (rowsOf, line) => channels.flatMap(({ sid }) => rowsOf(sid).map((row) => line(row, sid)));
  const enforcer = await newEnforcer(newModelFromString(model));
  await enforcer.addPolicies(lines);
  await enforcer.addNamedGroupingPolicies(
    "g",
    service.users().map(({ identity, roleSid }) => [user(identity), `role ${roleSid}`]),
  );
  await enforcer.addNamedGroupingPolicies(
    "g2",
    all(
      (sid) => service.members(sid),
      ({ identity, roleSid }, sid) => [user(identity), `role ${roleSid}`, place(sid)],
    ),
  );
  await enforcer.addNamedGroupingPolicies("g3", [
    ...all(
      (sid) => service.members(sid),
      ({ identity }, sid) => [user(identity), "member", place(sid)],
    ),
    ...all(
      (sid) => service.invites(sid),
      ({ identity }, sid) => [user(identity), "invited", place(sid)],
    ),
    ...created.map(([identity, sid]) => [user(identity), "creator", place(sid)]),
  ]);
  await enforcer.addNamedGroupingPolicies("g4", [
    [place(undefined), "known"],
    ...channels.map(({ sid }) => [place(sid), "known"]),
    ...channels.filter(({ type }) => type === "public").map(({ sid }) => [place(sid), "public"]),
    ...channels.filter((channel) => !isOpen(channel)).map(({ sid }) => [place(sid), "closed"]),
  ]);
  return ({ identity, channel, action, owner }) =>
    enforcer.enforceSync(user(identity), place(channel), action, owner == null ? "nobody" : user(owner));
}
