import { refuses } from "./shared/check.mjs";
import { sidOf, town } from "./shared/town.mjs";

const ROLES = { SA: "Service Admin", SU: "Service User", CA: "Channel Admin", CU: "Channel User" };
const SCOPES = { SA: "service", SU: "service", CA: "channel", CU: "channel" };

/** The roles as `grantedBy` names them, by their initials. */
const rolesOf = (service, initials) =>
  initials
    .split(" ")
    .filter(Boolean)
    .map((key) => ({ sid: sidOf(service, ROLES[key]), friendlyName: ROLES[key], scope: SCOPES[key] }));

/** A town with rows whose roles are gone or absent, and two more channels: CH3, which is dora's own, and CH4, which is closed. */
function odd(rolecall, dialect) {
  const service = town(rolecall, { dialect });
  service.createChannel({ sid: "CH3", createdBy: "dora" });
  service.createChannel({ sid: "CH4", createdBy: "dora" });
  for (const identity of ["alice", "bob"]) service.setMember("CH4", identity, "Channel Admin");
  service.setChannelState("CH4", "closed");
  service.load({
    users: [{ identity: "gone", role_sid: "RL404" }],
    members: [
      { channel_sid: "CH1", identity: "gone", role_sid: "RL405" },
      { channel_sid: "CH1", identity: "plain" },
      { channel_sid: "CH4", identity: "plain" },
    ],
  });
  return service;
}

export const tests = {
  "an allowed decision has these keys and no others": (rolecall, assert) => {
    const service = town(rolecall);
    service.createChannel({ sid: "CH3", createdBy: "dora" });
    const role = (friendlyName, scope) => ({ sid: sidOf(service, friendlyName), friendlyName, scope });
    // Who, where, what, whose; and the decision without its message.
    const table = [
      ["bob", "CH1", "sendMessage", undefined, { permission: "sendMessage", role: role("Channel User", "channel") }],
      ["bob", "CH1", "deleteMessage", "bob", { permission: "deleteOwnMessage", role: role("Channel User", "channel") }],
      [
        "alice",
        "CH1",
        "deleteMessage",
        "alice",
        { permission: "deleteAnyMessage", role: role("Channel Admin", "channel") },
      ],
      [
        "bob",
        "CH1",
        "createChannel",
        undefined,
        { permission: "createChannel", role: role("Service User", "service") },
      ],
      [
        "root",
        "CH1",
        "deleteMessage",
        null,
        { permission: "deleteAnyMessage", role: role("Service Admin", "service") },
      ],
      ["dora", "CH2", "viewChannel", undefined, { permission: "joinChannel", role: role("Service User", "service") }],
      // Membership or an invite alone.
      ["bob", "CH1", "viewChannel", undefined, {}],
      ["carl", "CH1", "viewChannel", undefined, {}],
      // The creator, who has not joined.
      ["dora", "CH3", "viewChannel", undefined, {}],
    ];
    for (const [identity, channel, action, owner, expected] of table) {
      const { message, ...decision } = service.ability(identity, channel).explain(action, owner);
      assert.deepEqual(decision, { allowed: true, action, ...expected });
      assert.match(message, new RegExp(`^“${identity}” may `));
    }
  },

  "a denied decision has these keys and no others, and a reason of its own": (rolecall, assert) => {
    const services = { chat: odd(rolecall, "chat"), conversations: odd(rolecall, "conversations") };
    // The dialect, who, where, what, whose; and the reason, what is missing, who has it, and the services' number.
    const table = [
      ["chat", "nobody", "CH1", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "", "CH1", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "nobody", "CH4", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "bob", "CH9", "editMessage", "bob", "unknown-channel", [], "", 50107],
      ["chat", "bob", undefined, "viewChannel", null, "unknown-channel", [], "", 50107],
      ["chat", "bob", undefined, "sendMessage", null, "not-a-member", ["sendMessage"], "", 50400],
      ["chat", "dora", "CH1", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50400],
      ["chat", "dora", "CH3", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50400],
      ["chat", "dora", "CH1", "viewChannel", null, "not-visible", [], "", 50400],
      ["chat", "dora", "CH1", "joinChannel", null, "not-visible", [], "", 50400],
      ["chat", "bob", "CH1", "joinChannel", null, "already-a-member", [], "", 50107],
      ["chat", "bob", "CH1", "deleteMessage", "alice", "not-owner", ["deleteAnyMessage"], "SA CA", 50107],
      ["chat", "bob", "CH1", "deleteMessage", null, "unknown-owner", ["deleteAnyMessage"], "SA CA", 50107],
      ["chat", "bob", "CH1", "removeMember", null, "missing-permission", ["removeMember"], "SA CA", 50107],
      ["chat", "bob", undefined, "removeMember", null, "missing-permission", ["removeMember"], "SA", 50107],
      ["chat", "bob", undefined, "destroyChannel", null, "missing-permission", ["destroyChannel"], "SA", 50107],
      [
        ...["chat", "dora", "CH1", "editMessage", "dora"],
        ...["missing-permission", ["editAnyMessage", "editOwnMessage"], "SA CA CU", 50107],
      ],
      ["chat", "bob", "CH1", "addNonChatParticipant", null, "missing-permission", ["addNonChatParticipant"], "", 50107],
      ["chat", "gone", "CH1", "sendMessage", null, "unknown-role", ["sendMessage"], "CA CU", 50107],
      ["chat", "gone", undefined, "createChannel", null, "unknown-role", ["createChannel"], "SA SU", 50107],
      ["chat", "plain", "CH1", "sendMessage", null, "missing-permission", ["sendMessage"], "CA CU", 50107],
      // Closed comes after what is unknown and before everything else.
      ["chat", "bob", "CH4", "sendMessage", null, "closed", [], "", 50377],
      ["chat", "dora", "CH4", "sendMessage", null, "closed", [], "", 50377],
      ["chat", "bob", "CH4", "joinChannel", null, "closed", [], "", 50377],
      ["chat", "bob", "CH4", "deleteMessage", null, "closed", [], "", 50377],
      ["chat", "plain", "CH4", "leaveChannel", null, "closed", [], "", 50377],
      ["chat", "plain", "CH4", "destroyChannel", null, "missing-permission", ["destroyChannel"], "SA CA", 50107],
      ["chat", "carl", "CH4", "viewChannel", null, "not-visible", [], "", 50400],
      [
        "conversations",
        "bob",
        "CH1",
        "removeParticipant",
        null,
        "missing-permission",
        ["removeParticipant"],
        "SA CA",
        50107,
      ],
      ["conversations", "dora", "CH1", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50430],
      ["conversations", "carl", "CH1", "viewConversation", null, "not-visible", [], "", 50430],
      ["conversations", "root", "CH1", "inviteMember", null, "no-counterpart", [], "", 50107],
      ["conversations", "root", "CH4", "inviteMember", null, "no-counterpart", [], "", 50107],
      ["conversations", "bob", "CH4", "sendMessage", null, "closed", [], "", 50377],
    ];
    for (const [dialect, identity, channel, action, owner, reason, missing, grantedBy, twilioCode] of table) {
      const service = services[dialect];
      const ability = service.ability(identity, channel);
      const about = `${dialect}: ${identity} in ${channel}: ${action} of ${owner}`;
      const decision = ability.explain(action, owner);
      const { message, ...rest } = decision;
      const expected = { action, reason, missing, grantedBy: rolesOf(service, grantedBy), twilioCode };
      assert.deepEqual(rest, { allowed: false, status: 403, ...expected }, about);
      assert.isFalse(ability.can(action, owner), about);
      assert.match(message, / may not /, about);
      const error = refuses({ rolecall, assert }, () => ability.require(action, owner), "permission-denied");
      assert.instanceOf(error, rolecall.PermissionDenied, about);
      assert.deepEqual(error.decision, decision, about);
      assert.deepEqual([error.status, error.twilioCode, error.message], [403, twilioCode, message], about);
    }
    assert.sameMembers(
      [...new Set(table.map(([, , , , , reason]) => reason))],
      [
        ...["unknown-user", "unknown-channel", "no-counterpart", "closed", "not-a-member", "already-a-member"],
        ...["not-visible", "not-owner", "unknown-owner", "unknown-role", "missing-permission"],
      ],
    );
  },

  "grantedBy names five roles at most, and those that are there now": (rolecall, assert) => {
    const service = town(rolecall);
    for (let number = 1; number <= 7; number++) {
      const role = { friendlyName: `mod ${number}`, type: "channel", permissions: ["deleteAnyMessage"] };
      service.createRole({ ...role, sid: `RL${number}` });
    }
    const granted = () => service.ability("bob", "CH1").explain("deleteMessage", "alice").grantedBy;
    assert.lengthOf(granted(), 5);
    assert.equal(new Set(granted().map(({ sid }) => sid)).size, 5);
    for (let number = 1; number <= 7; number++) service.deleteRole(`RL${number}`);
    assert.deepEqual(granted(), rolesOf(service, "SA CA"));
    service.deleteRole("Service Admin");
    service.revoke("Channel Admin", "deleteAnyMessage");
    assert.deepEqual(granted(), []);
    // A permission that is out of a role's scope grants nothing.
    const outOfScope = { sid: "RL8", friendly_name: "odd", type: "deployment", permissions: ["sendMessage"] };
    service.load({ roles: outOfScope, channels: { sid: "CH5" } });
    const { grantedBy } = service.ability("dora", "CH5").explain("sendMessage");
    assert.deepEqual(grantedBy, rolesOf(service, "CA CU"));
  },

  "an error says what it is when it is printed, copied or caught": (rolecall, assert) => {
    const { RolecallError, PermissionDenied, Service } = rolecall;
    const denied = refuses(
      { rolecall, assert },
      () => new Service().ability("a").require("createChannel"),
      "permission-denied",
    );
    assert.isTrue(denied instanceof PermissionDenied && denied instanceof RolecallError && denied instanceof Error);
    assert.equal(String(denied), `PermissionDenied: ${denied.message}`);
    assert.match(denied.stack, /PermissionDenied|require/);
    const wrong = refuses({ rolecall, assert }, () => new Service({ dialect: "sms" }), "invalid-dialect", "dialect");
    assert.isFalse(wrong instanceof PermissionDenied);
    assert.equal(String(wrong), `RolecallError: ${wrong.message}`);
    assert.deepEqual({ ...wrong }, { code: "invalid-dialect", path: "dialect" });
    assert.deepEqual(Object.keys(denied).sort(), ["code", "decision", "status", "twilioCode"]);
  },
};
