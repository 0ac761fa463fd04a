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
      service.defineAction("rate", { any: "sendMessage", whenClosed: true });
      service.createChannel({ sid: "CH7", uniqueName: "yard ☂", createdBy: "system", state: "inactive" });
      service.setChannelState("CH1", "closed");
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
        assert.isTrue(copy.ability("bob", "CH1").can("rate"));
        assert.equal(copy.ability("bob", "CH1").explain("pin", "bob").reason, "closed");
        copy.setChannelState("CH1", "active");
        assert.isTrue(copy.ability("bob", "CH1").can("pin", "bob"));
        assert.lengthOf(copy.members("yard ☂"), 0);
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
    for (const version of ["3", "2.1", "20", "0", "two"]) {
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

  "stored snapshots of both versions are read and decided as ever, and written as version 2": (
    { Service },
    assert,
    snapshots,
  ) => {
    // The dialect; who, where, what, whose; and whether, or why not. Both versions store the same.
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
    // What only version 2 can store.
    const newer = [
      ["chat", "bob", "the yard", "sendMessage", null, "closed"],
      ["chat", "bob", "the yard", "rateVisit", null, true],
      ["chat", "bob", "CH8", "sendMessage", null, "not-a-member"],
      ["conversations", "bob", "the yard", "sendMessage", null, "closed"],
      ["conversations", "bob", "the yard", "rateVisit", null, true],
      ["conversations", "bob", "CH8", "sendMessage", null, "not-a-member"],
    ];
    for (const [version, rows] of [
      ["1", table],
      ["2", [...table, ...newer]],
    ]) {
      for (const [dialect, identity, channel, action, owner, answer] of rows) {
        const stored = snapshots[version][dialect];
        assert.equal(stored.rolecall, version);
        const service = Service.from(stored);
        const decision = service.ability(identity, channel).explain(action, owner);
        const about = `${version}, ${dialect}: ${identity} in ${channel}: ${action} of ${owner}`;
        assert.equal(decision.allowed || decision.reason, answer, about);
        assert.equal(service.dialect, dialect);
        const written = service.toJSON();
        if (version === "2") assert.deepEqual(written, stored, about);
        assert.equal(written.rolecall, "2");
        assert.deepEqual(Service.from(written).toJSON(), written, about);
        service.setUser("new");
        service.createChannel({ sid: "new", createdBy: "new" });
        service.joinChannel("new", "new");
        assert.isTrue(service.ability("new", "new").can(dialect === "chat" ? "destroyChannel" : "deleteConversation"));
      }
    }
    for (const version of ["1", "2"]) assert.hasAllKeys(snapshots[version], ["chat", "conversations"]);
  },
};
