import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

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
    for (const identity of ["bob", "nobody", ""]) assert.isFalse(service.removeUser(identity), identity);
    assert.equal(service.ability("bob", "CH1").explain("sendMessage").reason, "unknown-user");
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
    // Without a role, a member keeps the one that is there.
    service.setMember("CH1", "bob");
    service.setMember("CH1", "bob", undefined);
    assert.deepEqual(rows(), [
      ["alice", admin],
      ["bob", admin],
    ]);
    service.setMember("CH1", "bob", "channel user");
    assert.isTrue(service.removeMember("CH1", "alice"));
    assert.isFalse(service.removeMember("CH1", "alice"));
    assert.deepEqual(rows(), [["bob", user]]);
    for (const [channel, identity] of [
      ["CH2", "bob"],
      ["CH9", "bob"],
      ["CH1", "nobody"],
      ["", ""],
    ]) {
      assert.isFalse(service.removeMember(channel, identity), `${channel} ${identity}`);
    }
    for (const channel of ["CH2", "CH9", ""]) assert.deepEqual(service.members(channel), [], channel);
  },

  "who comes in gets the invite's role, else the creator's, else the member's": (rolecall, assert) => {
    const NAMES = ["Guest", "Channel Admin", "Channel User"];
    const ways = [
      ["joinChannel", (service, channel, identity) => service.joinChannel(channel, identity)],
      ["setMember", (service, channel, identity) => service.setMember(channel, identity)],
      ["setMember with undefined", (service, channel, identity) => service.setMember(channel, identity, undefined)],
    ];
    // What is there before; who comes in; and the role, or the code of the error.
    const table = [
      ["creator, member", "creator", "Channel Admin"],
      ["creator, member", "bob", "Channel User"],
      ["creator, member, invited bob", "bob", "Guest"],
      ["creator, member, invited creator", "creator", "Guest"],
      // An invite that names no role.
      ["creator, member, asked bob", "bob", "Channel User"],
      ["creator, member, asked creator", "creator", "Channel Admin"],
      ["member", "creator", "Channel User"],
      ["creator", "creator", "Channel Admin"],
      ["creator", "bob", "no-default-role"],
      ["creator, invited bob", "bob", "Guest"],
      ["", "creator", "no-default-role"],
      // Nobody created this one, whoever is called so.
      ["creator, member, by system", "system", "Channel User"],
      ["creator, member, by nobody", "creator", "Channel User"],
    ];
    const permissions = { Guest: ["leaveChannel"], "Channel Admin": ["removeMember"], "Channel User": ["sendMessage"] };
    for (const [way, comeIn] of ways) {
      for (const [before, identity, expected] of table) {
        const about = `${way}, ${before || "no defaults"}: ${identity}`;
        const service = new rolecall.Service({ roles: "none" });
        for (const name of NAMES) {
          service.createRole({ friendlyName: name, type: "channel", permissions: permissions[name], sid: name });
        }
        if (before.includes("creator,") || before === "creator") service.setDefaultRole("creator", "Channel Admin");
        if (before.includes("member")) service.setDefaultRole("member", "Channel User");
        const createdBy = before.includes("system") ? "system" : before.includes("by nobody") ? null : "creator";
        service.createChannel({ sid: "CH1", createdBy });
        const invited = /(invited|asked) (\w+)/.exec(before);
        if (invited?.[1] === "invited") service.invite("CH1", invited[2], "Guest");
        if (invited?.[1] === "asked") service.load({ invites: { channel_sid: "CH1", identity: invited[2] } });
        if (!NAMES.includes(expected)) {
          refuses({ rolecall, assert, service }, () => comeIn(service, "CH1", identity), expected, undefined, about);
          continue;
        }
        assert.equal(comeIn(service, "CH1", identity), undefined, about);
        assert.deepEqual(service.members("CH1"), [{ channelSid: "CH1", identity, roleSid: expected }], about);
        assert.deepEqual(service.invites("CH1"), [], about);
        // To join again is nothing.
        service.setMember("CH1", identity, "Guest");
        const { version } = service;
        service.joinChannel("CH1", identity);
        assert.equal(service.members("CH1")[0].roleSid, "Guest", about);
        assert.equal(service.version, version, about);
      }
    }
  },

  "whatever makes somebody a member ends the invite": (rolecall, assert) => {
    const row = (more) => ({ channel_sid: "CH1", identity: "carl", ...more });
    const table = [
      (service) => service.joinChannel("CH1", "carl"),
      (service) => service.setMember("CH1", "carl"),
      (service) => service.setMember("CH1", "carl", "Channel Admin"),
      (service) => service.acceptInvite("CH1", "carl"),
      (service) => service.load({ members: [row()] }),
      (service) => service.load({ members: [row({ role_sid: "RL404" })] }, { replace: true }),
      (service) => service.load({ members: [row()], invites: [row()] }),
      (service) => service.load({ channels: [{ channel_sid: "CH1", status: "joined" }] }, { identity: "carl" }),
      (service) => service.load({ members: [row()] }, { replace: true, channel: "CH1" }),
    ];
    for (const call of table) {
      const service = town(rolecall);
      assert.isTrue(service.ability("carl", "CH1").can("joinChannel"));
      call(service);
      assert.include(
        service.members("CH1").map(({ identity }) => identity),
        "carl",
        String(call),
      );
      assert.deepEqual(service.invites("CH1"), [], String(call));
      // Who leaves is not invited any more.
      service.removeMember("CH1", "carl");
      assert.equal(service.ability("carl", "CH1").explain("joinChannel").reason, "not-visible", String(call));
    }
  },

  "a member is not invited": (rolecall, assert) => {
    const service = town(rolecall);
    const { version } = service;
    service.invite("CH1", "bob", "Channel Admin");
    const report = service.load({ invites: [{ channel_sid: "CH1", identity: "bob" }] });
    assert.deepEqual([report.invites.added, report.invites.skipped], [0, 1]);
    assert.equal(service.version, version);
    assert.deepEqual(
      service.invites("CH1").map(({ identity }) => identity),
      ["carl"],
    );
    refuses({ rolecall, assert, service }, () => service.acceptInvite("CH1", "bob"), "unknown-invite");
  },

  "the creator sees the channel and may come in, and nothing else": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      service.createChannel({ sid: "CH3", createdBy: "dora" });
      service.createChannel({ sid: "CH4", createdBy: "system" });
      service.createChannel({ sid: "CH5", createdBy: "nobody" });
      service.setUser("system");
      const may = (identity, channel, ...actions) => {
        const ability = service.ability(identity, channel);
        return actions.filter((action) => ability.can(action)).join(" ");
      };
      const asked = ["viewChannel", "joinChannel", "sendMessage", "leaveChannel"];
      // Who, where, and what is allowed.
      const table = [
        ["dora", "CH3", "viewChannel joinChannel"],
        ["bob", "CH3", ""],
        ["root", "CH3", ""],
        ["system", "CH4", ""],
        // Without a row of a user, a member or an invite nobody is known.
        ["nobody", "CH5", ""],
      ];
      for (const [identity, channel, allowed] of table) {
        assert.equal(may(identity, channel, ...asked), allowed, `${dialect}: ${identity} in ${channel}`);
      }
      assert.deepEqual(service.members("CH3"), []);
      assert.deepEqual(service.whoCan("viewChannel", { channel: "CH3" }), ["dora"]);
      service.revoke("Service User", "joinChannel");
      assert.equal(may("dora", "CH3", ...asked), "viewChannel");
      service.grant("Service User", "joinChannel");
      service.joinChannel("CH3", "dora");
      assert.equal(may("dora", "CH3", ...asked), "viewChannel sendMessage leaveChannel");
      assert.equal(service.ability("dora", "CH3").explain("joinChannel").reason, "already-a-member");
    }
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
    ]) {
      assert.isFalse(service.declineInvite(channel, identity));
    }
    for (const channel of ["CH2", "CH9", ""]) assert.deepEqual(service.invites(channel), [], channel);
    refuses({ rolecall, assert, service }, () => service.acceptInvite("CH1", "carl"), "unknown-invite");
  },

  "assigning refuses what is wrong": (rolecall, assert) => {
    const chat = town(rolecall);
    const conversations = town(rolecall, { dialect: "conversations" });
    const table = [
      [chat, () => chat.setUser(""), "invalid-identity", "identity"],
      [chat, () => chat.setUser("\ud800"), "invalid-string", "identity"],
      [chat, () => chat.setUser(5), "invalid-argument", "identity"],
      [chat, () => chat.setUser("alice", "nobody"), "unknown-role", "role"],
      [chat, () => chat.setUser("alice", ""), "unknown-role", "role"],
      [chat, () => chat.setUser("alice", "channel user"), "wrong-scope", "role"],
      [chat, () => chat.setUser("alice", null), "invalid-argument", "role"],
      [chat, () => chat.removeUser(), "invalid-argument", "identity"],
      [chat, () => chat.joinChannel("CH9", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.joinChannel("", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.joinChannel("CH1", ""), "invalid-identity", "identity"],
      [chat, () => chat.joinChannel("CH1"), "invalid-argument", "identity"],
      [chat, () => chat.joinChannel("CH1", "\ud800"), "invalid-string", "identity"],
      [chat, () => chat.joinChannel(5, "bob"), "invalid-argument", "channel"],
      [chat, () => chat.setMember("CH9", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.setMember("", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.setMember("CH1", ""), "invalid-identity", "identity"],
      [chat, () => chat.setMember("CH1"), "invalid-argument", "identity"],
      [chat, () => chat.setMember("CH1", "bob", "service user"), "wrong-scope", "role"],
      [chat, () => chat.setMember("CH1", "bob", "nobody"), "unknown-role", "role"],
      [chat, () => chat.removeMember("CH1"), "invalid-argument", "identity"],
      [chat, () => chat.invite("CH9", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.invite("CH1", ""), "invalid-identity", "identity"],
      [chat, () => chat.invite("CH1", "bob", "service user"), "wrong-scope", "role"],
      [chat, () => chat.invite("CH1", "bob", "nobody"), "unknown-role", "role"],
      [chat, () => chat.acceptInvite("CH9", "bob"), "unknown-channel", "channel"],
      [chat, () => chat.acceptInvite("CH1", "dora"), "unknown-invite"],
      [chat, () => chat.acceptInvite("CH1", "nobody"), "unknown-invite"],
      [chat, () => chat.members(), "invalid-argument", "channel"],
      [chat, () => chat.invites(5), "invalid-argument", "channel"],
      [conversations, () => conversations.invite("CH1", "bob"), "no-counterpart"],
      [conversations, () => conversations.acceptInvite("CH1", "bob"), "unknown-invite"],
    ];
    for (const [service, call, code, path] of table)
      refuses({ rolecall, assert, service }, call, code, path, String(call));
    assert.isFalse(conversations.declineInvite("CH1", "bob"));
    assert.deepEqual(conversations.invites("CH1"), []);
  },

  "any string is an identity, and each is another one": (rolecall, assert) => {
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
