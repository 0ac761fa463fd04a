// What `rolecall/cedar` writes decides in Cedar's own engine as rolecall does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import { ACTIONS, Service } from "rolecall";
import { toCedar } from "rolecall/cedar";
import { blocksOf, read } from "../../package/pages.mjs";
import { agree, seed, worlds } from "./worlds.mjs";

// Node 20 aborts ("unreachable code" in its deoptimizer) after some thousand calls of cedar-wasm from inlined code.
setFlagsFromString("--no-turbo-inline-js-wasm-calls");

const succeeded = (answer) => {
  assert.equal(answer.type, "success", JSON.stringify(answer));
  return answer;
};

/** The policies that Cedar's validator has seen. */
const validated = new Set();

/** Prepares Cedar's engine for a service, after a look of its validator at everything that was written. */
function engine(service) {
  const { policies, schema, entities, request, entitiesFor } = toCedar(service);
  const isNew = ([id, policy]) => !validated.has(id + policy);
  const fresh = { staticPolicies: Object.fromEntries(Object.entries(policies).filter(isNew)) };
  const validation = cedar.validate({ schema, policies: fresh, validationSettings: { mode: "strict" } });
  const { validationErrors, validationWarnings } = succeeded(validation);
  // An application may name its actions with letters that Cedar warns of.
  const warnings = validationWarnings.filter(({ error }) => !error.message.includes("General Security Profile"));
  assert.deepEqual([validationErrors, warnings], [[], []]);
  for (const [id, policy] of Object.entries(policies)) validated.add(id + policy);
  succeeded(cedar.checkParseEntities({ entities, schema }));
  succeeded(cedar.preparsePolicySet("policies", { staticPolicies: policies }));
  succeeded(cedar.preparseSchema("schema", schema));

  let asked = 0;
  return ({ identity, channel, action, owner }) => {
    const question = request(identity, channel, action, owner);
    // Checking a request and reading every entity takes a while, so that most questions get the few that matter.
    const thorough = asked++ % 20 === 0;
    const call = thorough
      ? { ...question, entities, preparsedSchemaName: "schema", validateRequest: true }
      : { ...question, entities: entitiesFor(identity, channel) };
    const { response } = succeeded(cedar.statefulIsAuthorized({ ...call, preparsedPolicySetId: "policies" }));
    assert.deepEqual(response.diagnostics.errors, []);
    return response.decision === "allow";
  };
}

test(`Cedar answers as rolecall does (ORACLE_SEED=${seed})`, async (context) => {
  const { services, allowed, denied, owned } = await agree(engine);
  context.diagnostic(`${services} services, ${allowed} times allowed, ${denied} times denied`);
  assert.equal(services, worlds);
  // An answer that is always no would agree about a service without roles.
  assert.ok(allowed > 5 * worlds && denied > 50 * worlds && owned > worlds, `${allowed}, ${denied}, ${owned}`);
});

/** Alice is a member of a private channel, bob is invited to it; a public one has no members. */
function town(options) {
  const service = new Service(options);
  service.setUser("alice");
  service.createChannel({ sid: "CH1", uniqueName: "desk", createdBy: "alice" });
  service.joinChannel("CH1", "alice");
  if (service.dialect === "chat") {
    service.createChannel({ sid: "CH2", type: "public" });
    service.invite("CH1", "bob");
  }
  service.defineAction("pin", { any: "pinAny", own: "pinOwn" });
  return service;
}

const uid = (type, id) => ({ type: `Chat::${type}`, id });

describe("a request", () => {
  const alice = uid("User", "alice");
  const [channel, everywhere] = [uid("Channel", "CH1"), uid("Service", "service")];
  const owner = (id) => ({ owner: { __entity: uid("User", id) } });
  const rows = [
    ["chat", ["alice", "CH1", "sendMessage"], [alice, "sendMessage", channel, {}]],
    ["chat", ["alice", undefined, "createChannel"], [alice, "createChannel", everywhere, {}]],
    ["chat", ["alice", "CH1", "deleteMessage", "bob"], [alice, "deleteMessage", channel, owner("bob")]],
    ["chat", ["alice", "CH1", "pin", "alice"], [alice, "pin", channel, owner("alice")]],
    ["chat", ["alice", "CH1", "sendMessage", "bob"], [alice, "sendMessage", channel, {}]],
    // An owner that is nobody.
    ["chat", ["alice", "CH1", "deleteMessage", null], [alice, "deleteMessage", channel, {}]],
    ["chat", ["alice", "CH1", "deleteMessage", ""], [alice, "deleteMessage", channel, {}]],
    ["chat", ["alice", "CH1", "deleteMessage", "\ud800"], [alice, "deleteMessage", channel, {}]],
    ["chat", ["__proto__", "CH1", "sendMessage"], [uid("User", "__proto__"), "sendMessage", channel, {}]],
    ["chat", ["alice", "desk", "sendMessage"], [alice, "sendMessage", channel, {}]],
    ["chat", ["alice", "door", "sendMessage"], [alice, "sendMessage", uid("Channel", "door"), {}]],
    // Both dialects' names are one action.
    ["chat", ["alice", "CH1", "deleteConversation"], [alice, "destroyChannel", channel, {}]],
    ["conversations", ["alice", "CH1", "destroyChannel"], [alice, "deleteConversation", channel, {}]],
    ["conversations", ["alice", "CH1", "inviteMember"], [alice, "inviteMember", channel, {}]],
  ];
  for (const [dialect, question, [principal, action, resource, context]] of rows) {
    test(`of ${JSON.stringify(question)} in ${dialect}`, () => {
      const expected = { principal, action: uid("Action", action), resource, context };
      assert.deepEqual(toCedar(town({ dialect })).request(...question), expected);
    });
  }

  const refused = [
    [["alice", "CH1", "flyAway"], "unknown-action"],
    [["alice", "CH1", "__proto__"], "unknown-action"],
    [["alice", "CH1", null], "invalid-argument"],
    [[null, "CH1", "sendMessage"], "invalid-argument"],
    [["alice", null, "sendMessage"], "invalid-argument"],
    [["alice", "CH1", "deleteMessage", 5], "invalid-argument"],
    // Cedar's engine would make the replacement character of a lone surrogate, which has a name.
    [["\ud800", "CH1", "sendMessage"], "invalid-string"],
    [["alice", "\ud800", "sendMessage"], "invalid-string"],
  ];
  for (const [question, code] of refused) {
    test(`of ${JSON.stringify(question)} is refused: ${code}`, () => {
      assert.throws(() => toCedar(town()).request(...question), { name: "RolecallError", code });
    });
  }
});

describe("a service in Cedar", () => {
  const freed = town();
  freed.free();
  const thrower = {
    get dialect() {
      throw new Error("no");
    },
  };
  for (const [what, service, code] of [
    ["null", null, "invalid-argument"],
    ["an object that is none", {}, "invalid-argument"],
    ["one whose getters throw", thrower, "invalid-argument"],
    ["one that was freed", freed, "freed"],
  ]) {
    test(`is refused for ${what}`, () => {
      assert.throws(() => toCedar(service), { name: "RolecallError", code });
    });
  }

  test("has the same policies and schema whatever its roles are, until an action is defined", () => {
    const [one, other] = [town(), town()];
    other.grant("channel user", "deleteAnyMessage");
    other.deleteRole("service user");
    const [before, after] = [toCedar(one), toCedar(other)];
    assert.deepEqual([before.policies, before.schema], [after.policies, after.schema]);
    other.defineAction("archive", { any: "archive" });
    assert.notDeepEqual(toCedar(other).policies, before.policies);
  });

  test("is equal for equal services", () => {
    const service = town();
    assert.equal(JSON.stringify(toCedar(Service.from(service.toJSON()))), JSON.stringify(toCedar(service)));
  });

  test("has a policy a built-in action, and one more for an owner", () => {
    const ids = Object.keys(toCedar(new Service()).policies);
    const owned = ACTIONS.filter((action) => action.owned);
    assert.deepEqual(
      ids.sort(),
      [...ACTIONS.map(({ name }) => `${name}.any`), ...owned.map(({ name }) => `${name}.own`)].sort(),
    );
  });

  test("is read as text, too", () => {
    const { policies, schema } = toCedar(town());
    const text = Object.values(policies).join("\n");
    assert.equal(succeeded(cedar.policySetTextToParts(text)).policies.length, Object.keys(policies).length);
    assert.match(succeeded(cedar.schemaToText(schema)).text, /namespace Chat \{/);
  });

  test("tells public channels from private ones", () => {
    const { entities } = toCedar(town());
    const channels = entities.filter(({ uid }) => uid.type === "Chat::Channel");
    assert.deepEqual(
      channels.map(({ attrs }) => [attrs.sid, attrs.public]),
      [
        ["CH1", false],
        ["CH2", true],
      ],
    );
  });

  test("tells closed channels from open ones", () => {
    for (const state of ["active", "inactive", "closed", "initializing"]) {
      const service = town();
      service.setChannelState("CH1", state);
      const channel = toCedar(service).entities.find(({ uid }) => uid.id === "CH1");
      assert.equal(channel.attrs.state, state);
    }
  });

  test("writes entities in one order, in whatever order their rows came", () => {
    const names = ["b", "a", "d", "c", "ab", "A", "ä"];
    const payload = (names) => ({
      roles: names.map((sid) => ({ sid, friendly_name: sid, type: "channel", permissions: ["sendMessage"] })),
      users: names.map((identity) => ({ identity })),
      channels: names.map((sid) => ({ sid })),
      members: names.map((identity) => ({ channel_sid: "a", identity, role_sid: "a" })),
    });
    const written = (names) => toCedar(Service.from(payload(names))).entities.map(({ uid }) => `${uid.type} ${uid.id}`);
    const sorted = ["A", "a", "ab", "b", "c", "d", "ä"];
    const expected = ["Channel", "ChannelRole", "User"].flatMap((type) => sorted.map((id) => `Chat::${type} ${id}`));
    for (const order of [names, names.toReversed(), sorted]) {
      assert.deepEqual(written(order), ["Chat::Service service", ...expected]);
    }
  });

  test("gives the entities that matter", () => {
    const { entitiesFor } = toCedar(town());
    const types = (...asked) => entitiesFor(...asked).map(({ uid }) => uid.type.replace("Chat::", ""));
    for (const [asked, expected] of [
      [
        ["alice", "CH1"],
        ["User", "Channel", "ServiceRole", "ChannelRole"],
      ],
      [
        ["alice", "CH2"],
        ["User", "Channel", "ServiceRole"],
      ],
      [["alice"], ["User", "Service", "ServiceRole"]],
      [
        ["bob", "CH1"],
        ["User", "Channel"],
      ],
      [["mallory", "constructor"], []],
    ]) {
      assert.deepEqual(types(...asked), expected, JSON.stringify(asked));
    }
    assert.throws(() => entitiesFor(null), { code: "invalid-argument" });
  });
});

test("docs/server.md shows policies and entities as they are written", () => {
  const shown = blocksOf("docs/server.md");
  const { policies, entities } = toCedar(Service.from(JSON.parse(read("examples/access.json"))));
  const wanted = Object.values(policies);
  const policyBlocks = shown.filter(({ kind }) => kind === "cedar").flatMap(({ source }) => source.split("\n\n"));
  const entityBlocks = shown.filter(({ kind }) => kind === "json").flatMap(({ source }) => JSON.parse(source));
  assert.ok(policyBlocks.length > 0 && entityBlocks.length > 0);
  for (const policy of policyBlocks) assert.ok(wanted.includes(`${policy.trimEnd()}\n`), policy);
  for (const entity of entityBlocks) {
    const same = entities.find(({ uid }) => uid.type === entity.uid.type && uid.id === entity.uid.id);
    assert.deepEqual(entity, same);
  }
});
