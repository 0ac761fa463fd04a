import { refuses } from "./shared/refuses.mjs";
import { sidOf, town } from "./shared/town.mjs";

export const tests = {
  "setUser puts a user in or changes the role": ({ Service }, assert) => {
    const service = new Service();
    const [admin, user] = service.roles("service").map(({ sid }) => sid);
    const table = [
      [() => service.setUser("alice"), [["alice", user]]],
      [() => service.setUser("alice", "service ADMIN"), [["alice", admin]]],
      [
        () => service.setUser("bob", admin),
        [
          ["alice", admin],
          ["bob", admin],
        ],
      ],
      // Without a role: the default one, also for somebody who has one.
      [
        () => service.setUser("alice"),
        [
          ["alice", user],
          ["bob", admin],
        ],
      ],
      [
        () => service.setUser("alice", undefined),
        [
          ["alice", user],
          ["bob", admin],
        ],
      ],
    ];
    for (const [call, users] of table) {
      assert.equal(call(), undefined);
      assert.deepEqual(
        service.users(),
        users.map(([identity, roleSid]) => ({ identity, roleSid })),
        String(call),
      );
    }
  },

  "removeUser takes a user out of everything": (rolecall, assert) => {
    const service = town(rolecall);
    const identities = () => service.users().map(({ identity }) => identity);
    assert.deepEqual(identities(), ["root", "alice", "bob", "carl", "dora"]);
    assert.isTrue(service.removeUser("bob"));
    assert.isTrue(service.removeUser("carl"));
    assert.sameMembers(identities(), ["root", "alice", "dora"]);
    assert.deepEqual(
      service.members("CH1").map(({ identity }) => identity),
      ["alice"],
    );
    assert.deepEqual(service.invites("CH1"), []);
    for (const identity of ["bob", "nobody", "", "\ud800"]) assert.isFalse(service.removeUser(identity), identity);
    assert.equal(service.ability("bob", "CH1").explain("sendMessage").reason, "unknown-user");
  },

  "createChannel makes a channel, and its creator a member": ({ Service }, assert) => {
    // The dialect, the argument, the channel, and the members.
    const table = [
      ["chat", { sid: "CH1" }, { sid: "CH1", type: "private", createdBy: null }, []],
      ["chat", { sid: "CH1", type: "public" }, { sid: "CH1", type: "public", createdBy: null }, []],
      ["chat", { sid: "CH1", type: "private" }, { sid: "CH1", type: "private", createdBy: null }, []],
      ["chat", { sid: "CH1", createdBy: "alice" }, { sid: "CH1", type: "private", createdBy: "alice" }, ["alice"]],
      ["chat", { sid: "CH1", createdBy: "system" }, { sid: "CH1", type: "private", createdBy: "system" }, []],
      ["chat", { sid: "CH1", createdBy: null }, { sid: "CH1", type: "private", createdBy: null }, []],
      ["chat", { sid: "ch é", createdBy: undefined }, { sid: "ch é", type: "private", createdBy: null }, []],
      ["conversations", { sid: "CH1", type: "private" }, { sid: "CH1", type: "private", createdBy: null }, []],
      ["conversations", { sid: "CH1", createdBy: "bob" }, { sid: "CH1", type: "private", createdBy: "bob" }, ["bob"]],
    ];
    for (const [dialect, argument, channel, members] of table) {
      const service = new Service({ dialect });
      assert.equal(service.createChannel(argument), undefined);
      assert.deepEqual(service.channels(), [channel]);
      const creator = sidOf(service, "Channel Admin");
      assert.deepEqual(
        service.members(channel.sid),
        members.map((identity) => ({ channelSid: channel.sid, identity, roleSid: creator })),
      );
      assert.deepEqual(service.users(), []);
    }
  },

  "removeChannel takes its members and invites along": (rolecall, assert) => {
    const service = town(rolecall);
    assert.lengthOf(service.members("CH1"), 2);
    assert.lengthOf(service.invites("CH1"), 1);
    assert.isTrue(service.removeChannel("CH1"));
    assert.isFalse(service.removeChannel("CH1"));
    for (const sid of ["nowhere", "", "\ud800"]) assert.isFalse(service.removeChannel(sid));
    assert.deepEqual(service.channels(), [{ sid: "CH2", type: "public", createdBy: null }]);
    assert.deepEqual([service.members("CH1"), service.invites("CH1")], [[], []]);
    assert.equal(service.ability("alice", "CH1").explain("viewChannel").reason, "unknown-channel");
    assert.deepEqual(service.deleteRole("Channel Admin").members, 0);
  },

  "setMember and removeMember": (rolecall, assert) => {
    const service = town(rolecall);
    const [admin, user] = service.roles("channel").map(({ sid }) => sid);
    const rows = () => service.members("CH1").map(({ identity, roleSid }) => [identity, roleSid]);
    assert.deepEqual(service.members("CH1")[1], { channelSid: "CH1", identity: "bob", roleSid: user });
    assert.equal(service.setMember("CH1", "bob", "CHANNEL admin"), undefined);
    assert.deepEqual(rows(), [
      ["alice", admin],
      ["bob", admin],
    ]);
    service.setMember("CH1", "bob");
    assert.deepEqual(rows(), [
      ["alice", admin],
      ["bob", user],
    ]);
    assert.isTrue(service.removeMember("CH1", "alice"));
    assert.isFalse(service.removeMember("CH1", "alice"));
    assert.deepEqual(rows(), [["bob", user]]);
    for (const [channel, identity] of [
      ["CH2", "bob"],
      ["CH9", "bob"],
      ["CH1", "nobody"],
      ["", ""],
      ["\ud800", "bob"],
    ]) {
      assert.isFalse(service.removeMember(channel, identity), `${channel} ${identity}`);
    }
    for (const channel of ["CH2", "CH9", "", "\ud800"]) assert.deepEqual(service.members(channel), [], channel);
  },

  "an invite becomes a member with its role, or is withdrawn": (rolecall, assert) => {
    const service = town(rolecall);
    const [admin, user] = service.roles("channel").map(({ sid }) => sid);
    assert.deepEqual(service.invites("CH1"), [{ channelSid: "CH1", identity: "carl", roleSid: user }]);
    assert.equal(service.invite("CH1", "dora", "channel admin"), undefined);
    assert.equal(service.acceptInvite("CH1", "dora"), undefined);
    assert.deepEqual(service.members("CH1").at(-1), { channelSid: "CH1", identity: "dora", roleSid: admin });
    assert.lengthOf(service.invites("CH1"), 1);
    assert.isTrue(service.declineInvite("CH1", "carl"));
    assert.isFalse(service.declineInvite("CH1", "carl"));
    assert.deepEqual(service.invites("CH1"), []);
    for (const [channel, identity] of [
      ["CH9", "carl"],
      ["", ""],
      ["CH1", "\ud800"],
    ]) {
      assert.isFalse(service.declineInvite(channel, identity));
    }
    for (const channel of ["CH2", "CH9", "", "\ud800"]) assert.deepEqual(service.invites(channel), [], channel);
    refuses({ rolecall, assert, service }, () => service.acceptInvite("CH1", "carl"), "unknown-invite");
  },

  "assigning refuses what is wrong": (rolecall, assert) => {
    const chat = town(rolecall);
    const conversations = town(rolecall, { dialect: "conversations" });
    const table = [
      [chat, () => chat.setUser(""), "invalid-identity", "identity"],
      [chat, () => chat.setUser("\ud800"), "invalid-text", "identity"],
      [chat, () => chat.setUser(5), "invalid-argument", "identity"],
      [chat, () => chat.setUser("alice", "nobody"), "unknown-role"],
      [chat, () => chat.setUser("alice", ""), "unknown-role"],
      [chat, () => chat.setUser("alice", "channel user"), "wrong-scope"],
      [chat, () => chat.setUser("alice", null), "invalid-argument", "role"],
      [chat, () => chat.removeUser(), "invalid-argument", "identity"],
      [chat, () => chat.createChannel({}), "invalid-argument", "sid"],
      [chat, () => chat.createChannel(), "invalid-argument", "channel"],
      [chat, () => chat.createChannel("CH3"), "invalid-argument", "channel"],
      [chat, () => chat.createChannel({ sid: "" }), "invalid-sid", "sid"],
      [chat, () => chat.createChannel({ sid: "CH1" }), "duplicate-channel", "sid"],
      [chat, () => chat.createChannel({ sid: "CH3", type: "open" }), "invalid-channel-type", "type"],
      [chat, () => chat.createChannel({ sid: "CH3", type: null }), "invalid-argument", "type"],
      [chat, () => chat.createChannel({ sid: "CH3", createdBy: "" }), "invalid-identity", "createdBy"],
      [chat, () => chat.createChannel({ sid: "CH3", createdBy: 5 }), "invalid-argument", "createdBy"],
      [chat, () => chat.removeChannel(null), "invalid-argument", "sid"],
      [chat, () => chat.setMember("CH9", "bob"), "unknown-channel"],
      [chat, () => chat.setMember("", "bob"), "unknown-channel"],
      [chat, () => chat.setMember("CH1", ""), "invalid-identity", "identity"],
      [chat, () => chat.setMember("CH1"), "invalid-argument", "identity"],
      [chat, () => chat.setMember("CH1", "bob", "service user"), "wrong-scope"],
      [chat, () => chat.setMember("CH1", "bob", "nobody"), "unknown-role"],
      [chat, () => chat.removeMember("CH1"), "invalid-argument", "identity"],
      [chat, () => chat.invite("CH9", "bob"), "unknown-channel"],
      [chat, () => chat.invite("CH1", ""), "invalid-identity", "identity"],
      [chat, () => chat.invite("CH1", "bob", "service user"), "wrong-scope"],
      [chat, () => chat.invite("CH1", "bob", "nobody"), "unknown-role"],
      [chat, () => chat.acceptInvite("CH9", "bob"), "unknown-channel"],
      [chat, () => chat.acceptInvite("CH1", "dora"), "unknown-invite"],
      [chat, () => chat.acceptInvite("CH1", "nobody"), "unknown-invite"],
      [chat, () => chat.members(), "invalid-argument", "channel"],
      [chat, () => chat.invites(5), "invalid-argument", "channel"],
      [conversations, () => conversations.createChannel({ sid: "CH3", type: "public" }), "no-counterpart", "type"],
      [conversations, () => conversations.invite("CH1", "bob"), "no-counterpart"],
      [conversations, () => conversations.acceptInvite("CH1", "bob"), "unknown-invite"],
    ];
    for (const [service, call, code, path] of table)
      refuses({ rolecall, assert, service }, call, code, path, String(call));
    assert.isFalse(conversations.declineInvite("CH1", "bob"));
    assert.deepEqual(conversations.invites("CH1"), []);
  },

  "any text is an identity, and each is another one": (rolecall, assert) => {
    const service = new rolecall.Service();
    const identities = [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "undefined",
      "null",
      "0",
      " ",
      "\0",
      "Alice",
      "alice",
      "👩‍👩‍👧‍👦",
      "é",
      "e\u0301",
      "\u202eevil",
      "\ufeff",
      "x".repeat(10_000),
      "😀".repeat(5000),
      `${"x".repeat(9999)}y`,
    ];
    const channel = "__proto__";
    service.createChannel({ sid: channel });
    for (const identity of identities) {
      service.setUser(identity);
      service.setMember(channel, identity);
    }
    assert.deepEqual(
      service.users().map(({ identity }) => identity),
      identities,
    );
    assert.deepEqual(
      service.members(channel).map(({ identity }) => identity),
      identities,
    );
    for (const identity of identities) {
      const ability = service.ability(identity, channel);
      assert.equal(ability.identity, identity);
      assert.equal(ability.channel, channel);
      assert.isTrue(ability.can("sendMessage"));
      for (const owner of identities) assert.equal(ability.can("deleteMessage", owner), owner === identity);
      assert.deepEqual(service.whoCan("deleteMessage", { channel, owner: identity }), [identity]);
      assert.include(ability.explain("sendMessage").message, identity);
    }
    const copy = rolecall.Service.from(JSON.parse(JSON.stringify(service)));
    assert.sameMembers(
      copy.users().map(({ identity }) => identity),
      identities,
    );
    for (const identity of identities) assert.isTrue(service.removeUser(identity));
    assert.deepEqual([service.users(), service.members(channel)], [[], []]);
  },
};
