import { refuses } from "./shared/check.mjs";
import { CHANNEL_ADMIN, CHANNEL_USER, CONVERSATIONS_CHANNEL_USER, SERVICE_USER } from "./shared/seed.mjs";
import { town } from "./shared/town.mjs";

/** Owners that are nobody. */
const NOBODY = [undefined, null, "", "\ud800", "a\udc00b", "x".repeat(2 ** 17)];

/** What is no owner. */
const NO_OWNERS = [0, 5, NaN, 5n, true, Symbol("alice"), {}, [], ["alice"], new String("alice"), () => "alice"];

export const tests = {
  // What wraps plain objects, such as Vue's reactivity, must leave them alone.
  "a service and an ability are no plain objects": (rolecall, assert) => {
    const service = town(rolecall);
    const table = [
      [service, "Service"],
      [service.ability("bob", "CH1"), "Ability"],
    ];
    for (const [object, name] of table) assert.equal(Object.prototype.toString.call(object), `[object ${name}]`);
  },

  "every action of the documented default roles, for whom and where": (rolecall, assert) => {
    const service = town(rolecall);
    // Who, where, whose; and the actions that are allowed.
    const asAdmin =
      "createChannel viewChannel leaveChannel destroyChannel editChannelName editChannelAttributes inviteMember addMember removeMember editMemberAttributes sendMessage sendMediaMessage editMessage deleteMessage editMessageAttributes editNotificationLevel";
    const asUser = "createChannel viewChannel leaveChannel sendMessage sendMediaMessage editNotificationLevel";
    const owned = "editMemberAttributes editMessage deleteMessage editMessageAttributes editUserInfo";
    const asServiceAdmin =
      "createChannel destroyChannel editChannelName editChannelAttributes inviteMember addMember removeMember editMemberAttributes editMessage deleteMessage editMessageAttributes editUserInfo";
    const table = [
      ["alice", "CH1", "bob", asAdmin],
      ["alice", "CH1", null, asAdmin],
      // A Channel Admin holds no Own permission; her service role lets her edit her own user info.
      ["alice", "CH1", "alice", `${asAdmin} editUserInfo`],
      ["bob", "CH1", "alice", asUser],
      ["bob", "CH1", null, asUser],
      ["bob", "CH1", "bob", `${asUser} ${owned}`],
      ["carl", "CH1", "carl", "createChannel viewChannel joinChannel editUserInfo"],
      ["carl", "CH1", "bob", "createChannel viewChannel joinChannel"],
      ["dora", "CH1", "dora", "createChannel editUserInfo"],
      ["dora", "CH2", null, "createChannel viewChannel joinChannel"],
      ["dora", undefined, "dora", "createChannel editUserInfo"],
      ["root", "CH1", "bob", asServiceAdmin],
      ["root", "CH2", "bob", `${asServiceAdmin} viewChannel joinChannel`],
      ["root", undefined, null, asServiceAdmin],
      ["nobody", "CH1", "nobody", ""],
      ["bob", "CH9", "bob", ""],
      ["", "CH1", "", ""],
      ["bob", "", "bob", ""],
    ];
    for (const [identity, channel, owner, words] of table) {
      const ability = service.ability(identity, channel);
      const about = `${identity} in ${channel}, owner ${owner}`;
      const allowed = words === "" ? [] : words.split(" ");
      assert.sameMembers(ability.actions(owner), allowed, about);
      for (const { name } of rolecall.ACTIONS) {
        const expected = allowed.includes(name);
        assert.equal(ability.can(name, owner), expected, `${about}: can ${name}`);
        assert.equal(ability.cannot(name, owner), !expected, `${about}: cannot ${name}`);
        assert.equal(ability.explain(name, owner).allowed, expected, `${about}: explain ${name}`);
        if (expected) assert.equal(ability.require(name, owner), undefined, `${about}: require ${name}`);
        else refuses({ rolecall, assert, service }, () => ability.require(name, owner), "permission-denied");
      }
    }
  },

  "an owner that is no string is a mistake, wherever one is passed": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    // Whoever is asked about: also who may delete any message, and who is not known.
    const asked = [bob, service.ability("alice", "CH1"), service.ability("nobody"), service.ability("bob", "CH9")];
    for (const owner of NO_OWNERS) {
      const calls = [
        ...asked.flatMap((ability) => [
          () => ability.can("deleteMessage", owner),
          () => ability.can("sendMessage", owner),
          () => ability.cannot("deleteMessage", owner),
          () => ability.explain("deleteMessage", owner),
          () => ability.require("deleteMessage", owner),
          () => ability.actions(owner),
          () => ability.subscribe(() => {}, "deleteMessage", owner),
        ]),
        () => service.whoCan("deleteMessage", { channel: "CH1", owner }),
      ];
      for (const call of calls) {
        const about = `${typeof owner}: ${call}`;
        const error = refuses({ rolecall, assert, service }, call, "invalid-argument", "owner", about);
        assert.include(error.message, typeof owner, about);
      }
      const each = () => bob.canEach(["deleteMessage"], ["bob", null, "alice", owner]);
      refuses({ rolecall, assert, service }, each, "invalid-argument", "owners[3]");
    }
  },

  "an owner that names nobody is nobody's, not even for somebody without a name": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const alice = service.ability("alice", "CH1");
    for (const owner of NOBODY) {
      const about = `${typeof owner} ${String(owner).slice(0, 10)}`;
      for (const { name } of rolecall.ACTIONS.filter(({ owned }) => owned)) {
        assert.isFalse(bob.can(name, owner), about);
        assert.isFalse(bob.explain(name, owner).allowed, about);
        refuses({ rolecall, assert }, () => bob.require(name, owner), "permission-denied", undefined, about);
      }
      assert.deepEqual(bob.actions(owner), bob.actions(null), about);
      assert.deepEqual(service.whoCan("deleteMessage", { channel: "CH1", owner }), ["root", "alice"], about);
      // An Any permission needs no owner.
      assert.isTrue(alice.can("deleteMessage", owner), about);
    }
    assert.equal(bob.explain("deleteMessage").reason, "unknown-owner");
    assert.equal(bob.explain("deleteMessage", null).reason, "unknown-owner");
    assert.equal(bob.explain("deleteMessage", "alice").reason, "not-owner");
    for (const identity of ["nobody", ""]) {
      assert.isFalse(service.ability(identity, "CH1").can("deleteMessage", identity));
      assert.isFalse(service.ability(identity).can("editUserInfo", identity));
    }
  },

  "has and permissions tell the effective permissions": (rolecall, assert) => {
    const service = town(rolecall);
    const table = [
      ["alice", undefined, SERVICE_USER],
      ["alice", "CH1", [...SERVICE_USER, ...CHANNEL_ADMIN]],
      ["bob", "CH1", [...SERVICE_USER, ...CHANNEL_USER]],
      ["carl", "CH1", SERVICE_USER],
      ["bob", "CH9", []],
      ["nobody", undefined, []],
    ];
    for (const [identity, channel, permissions] of table) {
      const ability = service.ability(identity, channel);
      const about = `${identity} in ${channel}`;
      assert.sameMembers(ability.permissions(), permissions, about);
      for (const { name, conversations } of rolecall.PERMISSIONS) {
        assert.equal(ability.has(name), permissions.includes(name), `${about} ${name}`);
        if (conversations)
          assert.equal(ability.has(conversations), permissions.includes(name), `${about} ${conversations}`);
      }
      for (const unknown of ["pin", "", "__proto__", "SendMessage"]) assert.isFalse(ability.has(unknown));
    }
    const conversations = town(rolecall, { dialect: "conversations" });
    assert.sameMembers(conversations.ability("bob", "CH1").permissions(), [
      "createConversation",
      "joinConversation",
      "editOwnUserInfo",
      ...CONVERSATIONS_CHANNEL_USER,
    ]);
  },

  "a string with a lone surrogate is refused in every argument but an owner": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const lone = "a\ud83d";
    const table = [
      [() => service.ability(lone), "identity"],
      [() => service.ability("bob", lone), "channel"],
      [() => service.whoCan("createChannel", { channel: lone }), "channel"],
      [() => service.whoCan(lone), "action"],
      [() => bob.can(lone), "action"],
      [() => bob.explain(lone), "action"],
      [() => bob.has(lone), "permission"],
      [() => service.role(lone), "ref"],
      [() => service.roles(lone), "scope"],
      [() => service.members(lone), "channel"],
      [() => service.invites(lone), "channel"],
      [() => service.removeUser(lone), "identity"],
      [() => service.removeChannel(lone), "channel"],
      [() => service.removeMember(lone, "bob"), "channel"],
      [() => service.removeMember("CH1", lone), "identity"],
      [() => service.declineInvite("CH1", lone), "identity"],
    ];
    for (const [call, path] of table) {
      refuses({ rolecall, assert, service }, call, "invalid-string", path, String(call));
    }
  },

  "an action that does not exist throws, wherever it is asked about": (rolecall, assert) => {
    const service = town(rolecall);
    const ability = service.ability("alice", "CH1");
    for (const [known, asked] of [
      ["known", ability],
      ["unknown user", service.ability("nobody", "CH1")],
      ["unknown channel", service.ability("alice", "CH9")],
    ]) {
      for (const action of [
        "sendMesage",
        "",
        "SendMessage",
        "deleteAnyMessage",
        "__proto__",
        "toString",
        " sendMessage",
      ]) {
        const about = `${known}: ${action}`;
        const context = { rolecall, assert, service };
        refuses(context, () => asked.can(action), "unknown-action", "action", about);
        refuses(context, () => asked.can(action, "alice"), "unknown-action", "action", about);
        refuses(context, () => asked.cannot(action), "unknown-action", "action", about);
        refuses(context, () => asked.explain(action), "unknown-action", "action", about);
        refuses(context, () => asked.require(action), "unknown-action", "action", about);
        refuses(context, () => service.whoCan(action, { channel: "CH1" }), "unknown-action", "action", about);
      }
    }
    for (const action of [undefined, null, 5, {}, ["sendMessage"], Symbol("sendMessage")]) {
      refuses({ rolecall, assert, service }, () => ability.can(action), "invalid-argument", "action");
      refuses({ rolecall, assert, service }, () => ability.explain(action), "invalid-argument", "action");
      refuses({ rolecall, assert, service }, () => service.whoCan(action, {}), "invalid-argument", "action");
    }
  },

  "both dialects' names are read, and the service's are written": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      const alice = service.ability("alice", "CH1");
      const names = rolecall.ACTIONS.map(({ name, conversations }) => [name, conversations ?? name]);
      for (const [chat, conversations] of names) {
        const written = dialect === "chat" ? chat : conversations;
        assert.equal(alice.can(chat, "alice"), alice.can(conversations, "alice"), chat);
        assert.deepEqual(alice.explain(chat, "bob"), alice.explain(conversations, "bob"), chat);
        assert.equal(alice.explain(chat, "bob").action, written);
        assert.deepEqual(
          service.whoCan(chat, { channel: "CH1", owner: "bob" }),
          service.whoCan(conversations, { channel: "CH1", owner: "bob" }),
        );
      }
      const written = new Set(names.map((pair) => pair[dialect === "chat" ? 0 : 1]));
      const actions = alice.actions("alice");
      assert.isAbove(actions.length, 10);
      for (const action of actions) assert.isTrue(written.has(action), action);
    }
  },

  // The roles that every account of Flex has: an admin and a supervisor in each scope.
  "a task of Flex, from its first message to its end": (rolecall, assert) => {
    const roles = Object.entries({
      "service admin": "joinConversation deleteConversation addParticipant removeParticipant editAnyUserInfo",
      "service supervisor": "joinConversation addParticipant removeParticipant editOwnUserInfo",
      "conversation guest": "sendMessage sendMediaMessage",
      "conversation agent": "sendMessage sendMediaMessage leaveConversation editOwnMessage deleteOwnMessage",
      "conversation admin": "sendMessage leaveConversation editAnyMessage deleteAnyMessage removeParticipant",
      "conversation supervisor": "sendMessage leaveConversation editOwnMessage deleteAnyMessage",
    }).map(([name, permissions], at) => {
      const [type, friendlyName] = name.split(" ");
      return { sid: `RL${at + 1}`, friendlyName, type: type.toUpperCase(), permissions: permissions.split(" ") };
    });
    const service = rolecall.Service.from({
      configuration: { defaultConversationRoleSid: "RL3", defaultChatServiceRoleSid: "RL2" },
      roles,
      users: [{ identity: "vera", roleSid: "RL2" }],
      conversations: [{ sid: "CH1", uniqueName: "task 31", createdBy: "system", state: "ACTIVE" }],
      participants: [
        { conversationSid: "CH1", identity: "ines", roleSid: "RL4" },
        // The customer writes by SMS.
        { conversationSid: "CH1", identity: null, messagingBinding: { type: "sms", address: "+15550131" } },
      ],
    });
    assert.deepEqual([service.lastLoad.warnings, service.lastLoad.members.skipped], [[], 1]);
    const customer = "+15550131";
    // Who, what, whose; and whether, or why not.
    const check = (...table) => {
      for (const [identity, action, owner, answer] of table) {
        const decision = service.ability(identity, "task 31").explain(action, owner);
        const about = `${identity}: ${action} of ${owner}`;
        assert.equal(decision.allowed || decision.reason, answer, about);
        assert.equal(service.ability(identity, "task 31").can(action, owner), answer === true, about);
      }
    };
    check(
      ["ines", "sendMessage", null, true],
      ["ines", "deleteMessage", "ines", true],
      ["ines", "deleteMessage", customer, "not-owner"],
      ["ines", "addParticipant", null, "missing-permission"],
      // A supervisor who does not monitor yet.
      ["vera", "viewConversation", null, "not-visible"],
      ["vera", "sendMessage", null, "not-a-member"],
      ["vera", "addParticipant", null, true],
      ["vera", "deleteMessage", customer, "missing-permission"],
      // A phone is no user.
      [customer, "sendMessage", null, "unknown-user"],
    );
    service.setMember("task 31", "vera", "supervisor");
    assert.equal(service.members("CH1").find(({ identity }) => identity === "vera").roleSid, "RL6");
    check(
      ["vera", "viewConversation", null, true],
      ["vera", "sendMessage", null, true],
      ["vera", "deleteMessage", customer, true],
      ["vera", "deleteMessage", "ines", true],
      ["vera", "editMessage", "ines", "not-owner"],
      ["vera", "removeParticipant", null, true],
      ["vera", "deleteConversation", null, "missing-permission"],
    );
    service.setUser("vera", "admin");
    assert.equal(service.users()[0].roleSid, "RL1");
    // Who comes in without a role is a guest.
    service.joinChannel("task 31", "omar");
    check(["omar", "sendMessage", null, true], ["omar", "leaveConversation", null, "missing-permission"]);
    service.setChannelState("task 31", "closed");
    check(
      ["ines", "sendMessage", null, "closed"],
      ["ines", "deleteMessage", "ines", "closed"],
      ["ines", "viewConversation", null, true],
      ["vera", "addParticipant", null, "closed"],
      ["vera", "deleteConversation", null, true],
      ["vera", "editUserInfo", "ines", true],
      ["omar", "leaveConversation", null, "closed"],
    );
    assert.deepEqual(service.whoCan("sendMessage", { channel: "task 31" }), []);
  },

  "whoCan names everybody who may": (rolecall, assert) => {
    const service = town(rolecall);
    // The action, the target, and the identities.
    const table = [
      ["sendMessage", { channel: "CH1" }, ["alice", "bob"]],
      ["sendMessage", { channel: "CH2" }, []],
      ["sendMessage", {}, []],
      ["sendMessage", undefined, []],
      ["createChannel", {}, ["root", "alice", "bob", "carl", "dora"]],
      ["createChannel", { channel: undefined, owner: undefined }, ["root", "alice", "bob", "carl", "dora"]],
      ["viewChannel", { channel: "CH1" }, ["alice", "bob", "carl"]],
      ["joinChannel", { channel: "CH1" }, ["carl"]],
      ["joinChannel", { channel: "CH2" }, ["root", "alice", "bob", "carl", "dora"]],
      ["deleteMessage", { channel: "CH1", owner: "bob" }, ["root", "alice", "bob"]],
      ["deleteMessage", { channel: "CH1", owner: "carl" }, ["root", "alice"]],
      ["deleteMessage", { channel: "CH1", owner: null }, ["root", "alice"]],
      ["editUserInfo", { owner: "dora" }, ["root", "dora"]],
      ["sendMessage", { channel: "CH9" }, []],
      ["createChannel", { channel: "" }, []],
    ];
    for (const [action, target, identities] of table) {
      const about = `${action} ${JSON.stringify(target)}`;
      assert.deepEqual(service.whoCan(action, target), identities, about);
      for (const { identity } of service.users()) {
        const ability = service.ability(identity, target?.channel);
        assert.equal(ability.can(action, target?.owner), identities.includes(identity), about);
      }
    }
    refuses({ rolecall, assert, service }, () => service.whoCan("sendMessage", "CH1"), "invalid-argument", "target");
    refuses({ rolecall, assert, service }, () => service.whoCan("sendMessage", null), "invalid-argument", "target");
    refuses(
      { rolecall, assert, service },
      () => service.whoCan("sendMessage", { channel: 5 }),
      "invalid-argument",
      "channel",
    );
  },

  "the same arguments give the same ability while somebody holds it": (rolecall, assert) => {
    const service = town(rolecall);
    const arguments_ = [
      ["alice", "CH1"],
      ["alice"],
      ["bob", "CH1"],
      ["alice", "CH2"],
      ["nobody", "CH9"],
      ["", ""],
      ["__proto__", "__proto__"],
    ];
    const held = arguments_.map((pair) => service.ability(...pair));
    assert.equal(new Set(held).size, held.length);
    service.setUser("eve");
    service.removeChannel("CH2");
    for (const [at, pair] of arguments_.entries()) assert.equal(service.ability(...pair), held[at], String(pair));
    assert.equal(service.ability("alice", undefined), service.ability("alice"));
    assert.notEqual(town(rolecall).ability("alice", "CH1"), held[0]);
    assert.deepEqual([held[0].identity, held[0].channel], ["alice", "CH1"]);
    assert.deepEqual([held[1].identity, held[1].channel], ["alice", undefined]);
    for (const [call, path] of [
      [() => service.ability(), "identity"],
      [() => service.ability(null), "identity"],
      [() => service.ability({ identity: "alice" }), "identity"],
      [() => service.ability("alice", null), "channel"],
      [() => service.ability("alice", 5), "channel"],
    ]) {
      refuses({ rolecall, assert, service }, call, "invalid-argument", path, String(call));
    }
  },

  "version changes exactly when a decision does": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    // What is done, and whether it changes one of bob's decisions in CH1.
    const table = [
      [() => {}, false],
      [() => service.grant("Channel User", "removeMember"), true],
      [() => service.grant("Channel User", "removeMember"), false],
      [() => service.grant("Channel Admin", "editOwnMessage"), false],
      [() => service.setUser("bob", "Service Admin"), true],
      [() => service.setUser("bob", "Service Admin"), false],
      // Already given by the other role.
      [() => service.revoke("Channel User", "removeMember"), false],
      [() => service.setUser("alice", "Service Admin"), false],
      [() => service.setMember("CH1", "eve"), false],
      [() => service.removeMember("CH1", "alice"), false],
      [() => service.load({ users: [] }), false],
      [() => service.load(service.toJSON()), false],
      [() => service.load(service.toJSON(), { replace: true }), false],
      [() => service.defineAction("pin", { any: "pin" }), false],
      [() => service.defineAction("view", { any: "joinChannel" }), true],
      [() => service.removeMember("CH1", "bob"), true],
      [() => service.setChannelState("CH1", "inactive"), false],
      [() => service.setChannelState("CH1", "closed"), true],
      [() => service.setChannelState("CH1", "initializing"), false],
      [() => service.setChannelState("CH1", "active"), true],
      [() => service.removeUser("bob"), true],
      [() => service.removeUser("bob"), false],
      [() => service.removeChannel("CH1"), false],
    ];
    for (const [change, changes] of table) {
      const before = bob.version;
      assert.equal(bob.version, before);
      change();
      assert.equal(bob.version !== before, changes, String(change));
    }
  },

  "what is undone before anybody asks has changed nothing": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const before = bob.version;
    service.revoke("Channel User", "sendMessage");
    service.grant("Channel User", "sendMessage");
    assert.equal(bob.version, before);
    assert.isTrue(bob.can("sendMessage"));
  },

  "an ability follows its service": (rolecall, assert) => {
    const service = town(rolecall);
    const eve = service.ability("eve", "CH9");
    assert.isFalse(eve.can("sendMessage"));
    service.setUser("eve");
    assert.equal(eve.explain("sendMessage").reason, "unknown-channel");
    service.createChannel({ sid: "CH9", createdBy: "eve" });
    assert.equal(eve.explain("sendMessage").reason, "not-a-member");
    service.joinChannel("CH9", "eve");
    assert.isTrue(eve.can("sendMessage"));
    service.revoke("Channel Admin", "sendMessage");
    assert.isFalse(eve.can("sendMessage"));
    assert.isFalse(eve.has("sendMessage"));
    assert.notInclude(eve.actions(), "sendMessage");
    assert.notInclude(eve.permissions(), "sendMessage");
  },

  // Abilities with the same decisions share what they remember.
  "nobody is answered with what another has asked since": (rolecall, assert) => {
    const service = town(rolecall);
    service.setMember("CH1", "dora");
    const bob = service.ability("bob", "CH1");
    const dora = service.ability("dora", "CH1");
    const both = () => [bob.can("deleteMessage", "bob"), dora.can("deleteMessage", "dora"), dora.can("sendMessage")];
    assert.deepEqual(both(), [true, true, true]);
    // Dora's alone change, and bob is asked first; then the other way round; then the role of both.
    service.removeMember("CH1", "dora");
    assert.deepEqual(both(), [true, false, false]);
    service.setMember("CH1", "dora");
    assert.deepEqual(both(), [true, true, true]);
    service.removeMember("CH1", "bob");
    assert.isTrue(dora.can("deleteMessage", "dora"));
    assert.deepEqual(both(), [false, true, true]);
    service.setMember("CH1", "bob");
    service.revoke("Channel User", "deleteOwnMessage");
    assert.deepEqual(both(), [false, false, true]);
  },

  // As many as are never forgotten would fill the memory; those that are forgotten must not be asked.
  "what was decided under a thousand roles is out of date after one edit": (rolecall, assert) => {
    const service = new rolecall.Service({ roles: "none" });
    // Each role with other permissions, so that no two decide alike.
    const permissions = rolecall.PERMISSIONS.filter(({ channel }) => channel).map(({ name }) => name);
    const others = permissions.filter((name) => name !== "sendMessage").slice(0, 10);
    const abilities = [];
    for (let number = 0; number < 1000; number++) {
      const sid = `RL${number}`;
      const held = others.filter((_, bit) => (number >> bit) & 1);
      service.createRole({ friendlyName: sid, type: "channel", sid, permissions: ["sendMessage", ...held] });
      service.createChannel({ sid: `CH${number}` });
      service.setMember(`CH${number}`, "alice", sid);
      abilities.push(service.ability("alice", `CH${number}`));
    }
    const allowed = () => abilities.filter((ability) => ability.can("sendMessage")).length;
    assert.equal(allowed(), 1000);
    service.createChannel({ sid: "CH1000" });
    assert.equal(allowed(), 1000);
    for (const [removed, channel] of ["CH0", "CH511", "CH999"].entries()) {
      service.removeMember(channel, "alice");
      assert.equal(allowed(), 999 - removed);
    }
  },
};
