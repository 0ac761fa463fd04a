import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

const numbers = (count) => Array.from({ length: count }, (_, number) => number);

export const tests = {
  "an own action is decided like a built-in one": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      assert.equal(service.defineAction("pinMessage", { any: "pinMessage" }), undefined);
      service.defineAction("archive", { any: "archiveAny", own: "archiveOwn" });
      service.defineAction("react", { any: "react", memberOnly: true });
      service.defineAction("moderate", { any: "deleteAnyMessage", own: undefined, memberOnly: false });
      service.grant("Channel Admin", "pinMessage");
      service.grant("Channel Admin", "archiveAny");
      service.grant("Channel User", "archiveOwn");
      service.grant("Service User", "react");
      // Who, where, what, whose; and whether, or why not.
      const table = [
        ["alice", "CH1", "pinMessage", null, true],
        ["bob", "CH1", "pinMessage", null, "missing-permission"],
        ["alice", "CH1", "archive", "bob", true],
        ["alice", "CH1", "archive", null, true],
        ["bob", "CH1", "archive", "bob", true],
        ["bob", "CH1", "archive", "alice", "not-owner"],
        ["bob", "CH1", "archive", null, "unknown-owner"],
        ["bob", "CH1", "react", null, true],
        ["dora", "CH1", "react", null, "not-a-member"],
        ["dora", undefined, "react", null, "not-a-member"],
        ["root", "CH1", "moderate", null, true],
        ["bob", "CH1", "moderate", "bob", "missing-permission"],
        ["nobody", "CH1", "pinMessage", null, "unknown-user"],
        ["alice", "CH9", "pinMessage", null, "unknown-channel"],
      ];
      for (const [identity, channel, action, owner, answer] of table) {
        const about = `${dialect}: ${identity} in ${channel}: ${action} of ${owner}`;
        const ability = service.ability(identity, channel);
        const decision = ability.explain(action, owner);
        assert.equal(ability.can(action, owner), answer === true, about);
        assert.equal(decision.action, action, about);
        assert.equal(decision.allowed || decision.reason, answer, about);
        assert.equal(ability.actions(owner).includes(action), answer === true, about);
        assert.equal(service.whoCan(action, { channel, owner }).includes(identity), answer === true, about);
      }
      assert.deepEqual(service.ability("bob", "CH1").explain("archive", "bob").permission, "archiveOwn");
      assert.deepEqual(service.ability("bob", "CH1").explain("archive", "alice").missing, ["archiveAny"]);
      assert.isTrue(service.ability("alice", "CH1").has("pinMessage"));
      assert.include(service.ability("alice", "CH1").permissions(), "pinMessage");
    }
  },

  "a role may hold an own permission once an action or a loaded role knows it": (rolecall, assert) => {
    const service = town(rolecall);
    const grant = () => service.grant("Channel User", "pin");
    refuses({ rolecall, assert, service }, grant, "unknown-permission", "permission");
    service.defineAction("pin", { any: "pin" });
    assert.include(grant().permissions, "pin");
    service.load({ roles: { sid: "RL1", friendly_name: "a", type: "deployment", permissions: ["newer"] } });
    assert.include(service.grant("Channel User", "newer").permissions, "newer");
  },

  "forty own actions on forty own permissions": (rolecall, assert) => {
    const service = town(rolecall);
    for (const number of numbers(40)) service.defineAction(`act${number}`, { any: `own${number}` });
    const bob = service.ability("bob", "CH1");
    for (const number of numbers(40)) {
      assert.isFalse(bob.can(`act${number}`));
      service.grant("Channel User", `own${number}`);
      const allowed = numbers(40).filter((other) => bob.can(`act${other}`));
      assert.deepEqual(allowed, numbers(number + 1));
    }
    assert.lengthOf(
      bob.actions().filter((action) => action.startsWith("act")),
      40,
    );
    const copy = rolecall.Service.from(service.toJSON()).ability("bob", "CH1");
    assert.deepEqual(copy.actions("bob"), bob.actions("bob"));
    for (const number of numbers(40)) service.revoke("Channel User", `own${number}`);
    assert.deepEqual(bob.actions(), [
      "createChannel",
      "viewChannel",
      "leaveChannel",
      "sendMessage",
      "sendMediaMessage",
      "editNotificationLevel",
    ]);
  },

  "there is room for 45 actions and 41 permissions": (rolecall, assert) => {
    const service = town(rolecall);
    const context = { rolecall, assert, service };
    for (const number of numbers(45)) service.defineAction(`act${number}`, { any: `own${number % 40}` });
    refuses(context, () => service.defineAction("act45", { any: "own0" }), "too-many-actions");
    // The same again is none more.
    service.defineAction("act44", { any: "own4" });
    const other = town(rolecall);
    for (const number of numbers(40)) other.defineAction(`act${number}`, { any: `own${number}` });
    const define = (rule) => () => other.defineAction("more", rule);
    refuses({ ...context, service: other }, define({ any: "own40", own: "own41" }), "too-many-permissions");
    other.defineAction("act40", { any: "own40", own: "own0" });
    refuses({ ...context, service: other }, define({ any: "own41" }), "too-many-permissions");
    define({ any: "own40" })();
    assert.isFalse(other.ability("bob", "CH1").can("more"));
  },

  "defineAction refuses what is wrong": (rolecall, assert) => {
    const service = town(rolecall);
    service.defineAction("pin", { any: "pin", own: "pinOwn", memberOnly: true });
    // The same again, also as it was read, is no change.
    service.defineAction("pin", { any: "pin", own: "pinOwn", memberOnly: true });
    const table = [
      ["", { any: "pin" }, "invalid-name"],
      ["new", { any: "" }, "invalid-name"],
      ["new", { any: "pin", own: "" }, "invalid-name"],
      ["new", {}, "invalid-argument", "any"],
      ["new", undefined, "invalid-argument", "rule"],
      ["new", "pin", "invalid-argument", "rule"],
      ["new", { any: ["pin"] }, "invalid-argument", "any"],
      ["new", { any: "pin", own: null }, "invalid-argument", "own"],
      ["new", { any: "pin", memberOnly: "yes" }, "invalid-argument", "memberOnly"],
      ["new", { any: "pin", memberOnly: 1 }, "invalid-argument", "memberOnly"],
      ["new", { any: "pin", memberOnly: null }, "invalid-argument", "memberOnly"],
      ["new", { any: "pin", whenClosed: "yes" }, "invalid-argument", "whenClosed"],
      ["new", { any: "pin", whenClosed: null }, "invalid-argument", "whenClosed"],
      ["pin", { any: "pin", own: "pinOwn", memberOnly: true, whenClosed: true }, "duplicate-action"],
      [undefined, { any: "pin" }, "invalid-argument", "action"],
      ["\ud800", { any: "pin" }, "invalid-string", "action"],
      ["new", { any: "\ud800" }, "invalid-string", "any"],
      ["pin", { any: "pin" }, "duplicate-action"],
      ["pin", { any: "pin", own: "pinOwn" }, "duplicate-action"],
      ["pin", { any: "other", own: "pinOwn", memberOnly: true }, "duplicate-action"],
      ["sendMessage", { any: "sendMessage" }, "duplicate-action"],
      ["deleteConversation", { any: "pin" }, "duplicate-action"],
    ];
    for (const [action, rule, code, path] of table) {
      const about = `${action} ${JSON.stringify(rule)}`;
      refuses({ rolecall, assert, service }, () => service.defineAction(action, rule), code, path, about);
    }
    refuses({ rolecall, assert, service }, () => service.ability("bob").can("new"), "unknown-action", "action");
  },

  "an own action may be asked about once it is defined": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    refuses({ rolecall, assert, service }, () => bob.can("constructor"), "unknown-action", "action");
    service.defineAction("constructor", { any: "sendMessage" });
    service.defineAction("__proto__", { any: "removeMember" });
    assert.isTrue(bob.can("constructor"));
    assert.isFalse(bob.can("__proto__"));
  },

  "what Conversations has not, no action of one's own can ask for": (rolecall, assert) => {
    const service = new rolecall.Service({ dialect: "conversations" });
    const table = [
      [{ any: "inviteMember" }, "any"],
      [{ any: "pin", own: "inviteMember" }, "own"],
    ];
    for (const [rule, path] of table) {
      refuses({ rolecall, assert, service }, () => service.defineAction("ask", rule), "no-counterpart", path);
    }
    // One that is read is kept, and never allowed.
    const actions = [{ action: "ask", any: "inviteMember", member_only: false, when_closed: false }];
    const report = service.load({ actions });
    assert.deepEqual(
      report.warnings.map(({ code, path }) => [code, path]),
      [["no-counterpart", "actions[0].any"]],
    );
    assert.deepEqual(service.toJSON().actions, actions);
    service.defineAction("ask", { any: "inviteMember" });
    service.setUser("ada", "Service Admin");
    assert.isFalse(service.ability("ada").can("ask"));
    assert.deepEqual(rolecall.Service.from(service, { dialect: "chat" }).lastLoad.warnings, []);
  },
};
