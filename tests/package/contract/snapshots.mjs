import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

export const tests = {
  "a snapshot is plain, versioned, and what JSON.stringify writes": (rolecall, assert) => {
    // The dialect, and the sections and their rows' fields.
    const table = [
      ["chat", ["roles", "users", "channels", "members", "invites", "service"]],
      ["conversations", ["roles", "users", "conversations", "participants", "configuration"]],
    ];
    for (const [dialect, sections] of table) {
      const service = town(rolecall, { dialect });
      const snapshot = service.toJSON();
      assert.hasAllKeys(snapshot, ["rolecall", "dialect", "actions", ...sections]);
      assert.equal(snapshot.rolecall, "2");
      assert.equal(snapshot.dialect, dialect);
      assert.equal(Object.getPrototypeOf(snapshot), Object.prototype);
      assert.deepEqual(JSON.parse(JSON.stringify(service)), snapshot);
      assert.deepEqual(structuredClone(snapshot), snapshot);
      assert.isFalse(JSON.stringify({ service }).includes("undefined"));
      snapshot.roles.length = 0;
      assert.lengthOf(service.roles(), 4);
    }
  },

  "a round trip loses nothing, and equal services have equal snapshots": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      service.defineAction("pin", { any: "pin", own: "pinOwn", memberOnly: true });
      service.grant("Channel User", "pinOwn");
      service.setUser("__proto__");
      service.deleteRole("Service Admin");
      service.load({ members: [{ channel_sid: "CH9", identity: "é 😀" }], users: [{ identity: "no role" }] });
      const copies = [
        rolecall.Service.from(service.toJSON()),
        rolecall.Service.from(JSON.parse(JSON.stringify(service))),
        rolecall.Service.from(structuredClone(service.toJSON())),
      ];
      const loaded = new rolecall.Service({ dialect });
      loaded.load(service.toJSON(), { replace: true });
      for (const copy of [...copies, loaded]) {
        assert.equal(copy.dialect, dialect);
        assert.equal(JSON.stringify(copy), JSON.stringify(service));
        for (const { identity } of service.users()) {
          const [a, b] = [service, copy].map((each) => each.ability(identity, "CH1"));
          assert.deepEqual(a.actions(identity), b.actions(identity));
        }
        assert.isTrue(copy.ability("bob", "CH1").can("pin", "bob"));
      }
      assert.deepEqual(service.load(service.toJSON()).warnings.length, copies[0].lastLoad.warnings.length);
    }
  },

  "a snapshot of one dialect makes a service of the other": (rolecall, assert) => {
    const chat = town(rolecall);
    const conversations = rolecall.Service.from(chat.toJSON(), { dialect: "conversations" });
    assert.equal(conversations.dialect, "conversations");
    assert.include(conversations.ability("alice", "CH1").actions(), "removeParticipant");
    assert.deepEqual(conversations.invites("CH1"), []);
    const back = rolecall.Service.from(conversations.toJSON(), { dialect: "chat" });
    assert.include(back.ability("alice", "CH1").actions(), "removeMember");
  },

  "a snapshot of a newer version is refused": (rolecall, assert) => {
    const service = town(rolecall);
    for (const version of ["3", "2.1", "20", "0", "", "two"]) {
      const newer = { ...service.toJSON(), rolecall: version };
      const error = refuses(
        { rolecall, assert, service },
        () => service.load(newer),
        "unsupported-version",
        "rolecall",
      );
      assert.include(error.message, version);
      refuses({ rolecall, assert }, () => rolecall.Service.from(newer), "unsupported-version", "rolecall", version);
    }
  },

  "a stored snapshot of version 1 is read, decided and written as ever": ({ Service }, assert, snapshots) => {
    // The dialect; who, where, what, whose; and whether, or why not.
    const table = [
      ["chat", "alice", "CH1", "deleteMessage", "bob", true],
      ["chat", "bob", "CH1", "deleteMessage", "alice", "not-owner"],
      ["chat", "bob", "CH1", "pinMessage", "bob", true],
      ["chat", "bob", "CH1", "pinMessage", "alice", "not-owner"],
      ["chat", "carl", "CH1", "joinChannel", null, true],
      ["chat", "dora", "CH1", "viewChannel", null, "not-visible"],
      ["chat", "dora", "CH2", "joinChannel", null, true],
      ["chat", "dangling", undefined, "createChannel", null, "unknown-role"],
      ["chat", "without a role", undefined, "createChannel", null, "missing-permission"],
      ["chat", "__proto__", "CH9", "sendMessage", null, true],
      ["conversations", "alice", "CH1", "deleteConversation", null, true],
      ["conversations", "bob", "CH1", "deleteMessage", "alice", "not-owner"],
      ["conversations", "bob", "CH1", "pinMessage", "bob", true],
      ["conversations", "dora", "CH1", "viewConversation", null, "not-visible"],
      ["conversations", "dangling", undefined, "createConversation", null, "unknown-role"],
      ["conversations", "without a role", undefined, "createConversation", null, "missing-permission"],
      ["conversations", "__proto__", "CH9", "sendMessage", null, true],
    ];
    for (const [dialect, identity, channel, action, owner, answer] of table) {
      const service = Service.from(snapshots[dialect]);
      const decision = service.ability(identity, channel).explain(action, owner);
      const about = `${dialect}: ${identity} in ${channel}: ${action} of ${owner}`;
      assert.equal(decision.allowed || decision.reason, answer, about);
      assert.equal(service.dialect, dialect);
      assert.deepEqual(service.toJSON(), snapshots[dialect], about);
      service.setUser("new");
      service.createChannel({ sid: "new", createdBy: "new" });
      assert.isTrue(service.ability("new", "new").can(dialect === "chat" ? "destroyChannel" : "deleteConversation"));
    }
    assert.hasAllKeys(snapshots, ["chat", "conversations"]);
  },
};
