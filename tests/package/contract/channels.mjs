import { refuses, warned } from "./shared/check.mjs";
import { channelOf, sidOf, town } from "./shared/town.mjs";

const SID = "CH0123456789abcdef0123456789abcdef";
const STATES = ["active", "inactive", "closed", "initializing"];

/** What a closed channel leaves, to those who have the permission. */
const LEFT = ["createChannel", "viewChannel", "destroyChannel", "editUserInfo"];

const find = (service, sid) => service.channels().find((channel) => channel.sid === sid);

/** A member row, and one of a channel, in the words of the service's dialect. */
const memberRow = (service, sid, identity) =>
  service.dialect === "chat"
    ? { members: [{ channel_sid: sid, identity, role_sid: sidOf(service, "Channel User") }] }
    : { participants: [{ conversation_sid: sid, identity, role_sid: sidOf(service, "Channel User") }] };

export const tests = {
  "createChannel makes a channel, and nobody is in it": ({ Service }, assert) => {
    // The dialect, the argument, and what is not as in any channel.
    const table = [
      ["chat", { sid: "CH1" }, {}],
      ["chat", { sid: "CH1", type: "public" }, { type: "public" }],
      ["chat", { sid: "CH1", type: "private" }, {}],
      ["chat", { sid: "CH1", createdBy: "alice" }, { createdBy: "alice" }],
      ["chat", { sid: "CH1", createdBy: "system" }, { createdBy: "system" }],
      ["chat", { sid: "CH1", createdBy: null, uniqueName: null }, {}],
      ["chat", { sid: "ch é", createdBy: undefined, uniqueName: undefined, state: undefined, type: undefined }, {}],
      [
        "chat",
        { sid: "CH1", uniqueName: "front desk 🛎", state: "closed" },
        { uniqueName: "front desk 🛎", state: "closed" },
      ],
      ["conversations", { sid: "CH1", type: "private" }, {}],
      [
        "conversations",
        { sid: "CH1", createdBy: "bob", state: "initializing" },
        { createdBy: "bob", state: "initializing" },
      ],
    ];
    for (const [dialect, argument, known] of table) {
      const service = new Service({ dialect });
      assert.equal(service.createChannel(argument), undefined);
      assert.deepEqual(service.channels(), [channelOf(argument.sid, known)]);
      assert.deepEqual([service.members(argument.sid), service.users()], [[], []]);
    }
  },

  "what is wrong with a channel is refused": (rolecall, assert) => {
    const chat = town(rolecall);
    const conversations = town(rolecall, { dialect: "conversations" });
    chat.createChannel({ sid: "CH5", uniqueName: "desk" });
    const table = [
      [chat, () => chat.createChannel({}), "invalid-argument", "sid"],
      [chat, () => chat.createChannel({ sid: null }), "invalid-argument", "sid"],
      [chat, () => chat.createChannel(), "invalid-argument", "channel"],
      [chat, () => chat.createChannel("CH3"), "invalid-argument", "channel"],
      [chat, () => chat.createChannel({ sid: "" }), "invalid-sid", "sid"],
      [chat, () => chat.createChannel({ sid: "CH1" }), "duplicate-channel", "sid"],
      // A unique name is no SID.
      [chat, () => chat.createChannel({ sid: "CH5", uniqueName: "other" }), "duplicate-channel", "sid"],
      [chat, () => chat.createChannel({ sid: "CH3", type: "open" }), "invalid-channel-type", "type"],
      [chat, () => chat.createChannel({ sid: "CH3", type: null }), "invalid-argument", "type"],
      [chat, () => chat.createChannel({ sid: "CH3", createdBy: "" }), "invalid-identity", "createdBy"],
      [chat, () => chat.createChannel({ sid: "CH3", createdBy: 5 }), "invalid-argument", "createdBy"],
      [chat, () => chat.createChannel({ sid: "CH3", createdBy: "\ud800" }), "invalid-string", "createdBy"],
      [chat, () => chat.createChannel({ sid: "CH3", uniqueName: 5 }), "invalid-argument", "uniqueName"],
      [chat, () => chat.createChannel({ sid: "CH3", uniqueName: "\ud800" }), "invalid-string", "uniqueName"],
      [chat, () => chat.createChannel({ sid: "CH3", uniqueName: SID }), "invalid-name", "uniqueName"],
      [chat, () => chat.createChannel({ sid: "CH3", uniqueName: "desk" }), "duplicate-channel", "uniqueName"],
      [chat, () => chat.createChannel({ sid: "CH3", state: "open" }), "invalid-state", "state"],
      [chat, () => chat.createChannel({ sid: "CH3", uniqueName: "" }), "invalid-name", "uniqueName"],
      [chat, () => chat.createChannel({ sid: "CH3", state: "" }), "invalid-state", "state"],
      [chat, () => chat.createChannel({ sid: "CH3", state: null }), "invalid-argument", "state"],
      [chat, () => chat.setChannelState("CH9", "closed"), "unknown-channel", "channel"],
      [chat, () => chat.setChannelState("", "closed"), "unknown-channel", "channel"],
      [chat, () => chat.setChannelState("CH1", "gone"), "invalid-state", "state"],
      [chat, () => chat.setChannelState("CH1", ""), "invalid-state", "state"],
      [chat, () => chat.setChannelState("CH1"), "invalid-argument", "state"],
      [chat, () => chat.setChannelState("CH1", null), "invalid-argument", "state"],
      [chat, () => chat.setChannelState("CH1", { current: "closed" }), "invalid-argument", "state"],
      [chat, () => chat.setChannelState(null, "closed"), "invalid-argument", "channel"],
      [chat, () => chat.removeChannel(null), "invalid-argument", "channel"],
      [conversations, () => conversations.createChannel({ sid: "CH3", type: "public" }), "no-counterpart", "type"],
    ];
    for (const [service, call, code, path] of table) {
      refuses({ rolecall, assert, service }, call, code, path, String(call));
    }
  },

  "removeChannel removes its members and invites with it": (rolecall, assert) => {
    const service = town(rolecall);
    assert.lengthOf(service.members("CH1"), 2);
    assert.lengthOf(service.invites("CH1"), 1);
    assert.isTrue(service.removeChannel("CH1"));
    assert.isFalse(service.removeChannel("CH1"));
    for (const sid of ["nowhere", ""]) assert.isFalse(service.removeChannel(sid));
    assert.deepEqual(service.channels(), [channelOf("CH2", { type: "public" })]);
    assert.deepEqual([service.members("CH1"), service.invites("CH1")], [[], []]);
    assert.equal(service.ability("alice", "CH1").explain("viewChannel").reason, "unknown-channel");
    assert.deepEqual(service.deleteRole("Channel Admin").members, 0);
  },

  "a channel stays known until it is removed itself": (rolecall, assert) => {
    // How a channel without a row of its own comes to be known, and how everybody in it goes.
    const comings = {
      "a member row": (service) => service.load(memberRow(service, "CH7", "dora")),
      "an invite row": (service) => service.load({ invites: [{ channel_sid: "CH7", identity: "dora" }] }),
      "a list row": (service) =>
        service.load({ channels: [{ channel_sid: "CH7", status: "joined" }] }, { identity: "dora" }),
      "a row of its own": (service) =>
        service.load({ channels: [{ sid: "CH7" }], ...memberRow(service, "CH7", "dora") }),
    };
    const goings = {
      removeMember: (service) => service.removeMember("CH7", "dora"),
      removeUser: (service) => service.removeUser("dora"),
      declineInvite: (service) => service.declineInvite("CH7", "dora"),
      "accept and leave": (service) => {
        service.removeMember("CH7", "dora");
        service.invite("CH7", "dora");
        service.acceptInvite("CH7", "dora");
        service.removeMember("CH7", "dora");
      },
      "a load that replaces": (service) => service.load({ members: [], invites: [] }, { replace: true }),
      "a load that replaces this channel's": (service) =>
        service.load({ members: [], invites: [] }, { replace: true, channel: "CH7" }),
      "a list that replaces": (service) => {
        service.load({ channels: [{ channel_sid: "CH1", status: "joined" }] }, { identity: "dora", replace: true });
        service.removeUser("dora");
      },
      "a list row": (service) => {
        service.load({ channels: [{ channel_sid: "CH7", status: "not_participating" }] }, { identity: "dora" });
      },
    };
    for (const [coming, come] of Object.entries(comings)) {
      for (const [going, go] of Object.entries(goings)) {
        const about = `${coming}, ${going}`;
        const service = town(rolecall);
        come(service);
        go(service);
        service.removeMember("CH7", "dora");
        service.declineInvite("CH7", "dora");
        assert.deepEqual(find(service, "CH7"), channelOf("CH7"), about);
        assert.deepEqual([service.members("CH7"), service.invites("CH7")], [[], []], about);
        const root = service.ability("root", "CH7");
        assert.isTrue(root.can("destroyChannel"), about);
        assert.equal(root.explain("sendMessage").reason, "not-a-member", about);
        // Snapshots keep it, too.
        const copies = [rolecall.Service.from(service.toJSON()), rolecall.Service.from(service)];
        const loaded = new rolecall.Service();
        loaded.load(service.toJSON(), { replace: true });
        for (const copy of [...copies, loaded]) {
          assert.deepEqual(find(copy, "CH7"), channelOf("CH7"), about);
          assert.equal(JSON.stringify(copy), JSON.stringify(service), about);
        }
        // Somebody can be put in again.
        service.setMember("CH7", "dora");
        assert.isTrue(service.ability("dora", "CH7").can("sendMessage"), about);
        service.removeMember("CH7", "dora");
        assert.isTrue(service.removeChannel("CH7"), about);
        assert.equal(find(service, "CH7"), undefined, about);
        assert.isFalse(root.can("destroyChannel"), about);
      }
    }
  },

  "a replacing section of channels removes those that it does not have and where nobody is": (rolecall, assert) => {
    const service = town(rolecall);
    service.load(memberRow(service, "CH7", "dora"));
    service.load({ channels: [{ sid: "CH8" }] });
    const sids = () => service.channels().map(({ sid }) => sid);
    service.load({ channels: [{ sid: "CH2" }] }, { replace: true });
    // Somebody's being in a channel is enough to know of it, and nothing else is known of it any more.
    assert.deepEqual(sids(), ["CH1", "CH2", "CH7"]);
    assert.deepEqual(service.channels()[0], channelOf("CH1"));
    assert.equal(service.ability("root", "CH8").explain("viewChannel").reason, "unknown-channel");
    service.load({ channels: [{ sid: "CH2", type: "public" }], members: [], invites: [] }, { replace: true });
    assert.deepEqual(sids(), ["CH2"]);
    assert.equal(service.ability("alice", "CH1").explain("viewChannel").reason, "unknown-channel");
  },

  "a channel known from a member's row can be described, once": (rolecall, assert) => {
    for (const known of [{ members: [{ channel_sid: "CH7", identity: "dora" }] }, { channels: [{ sid: "CH7" }] }]) {
      const service = town(rolecall);
      service.load(known);
      service.createChannel({ sid: "CH7", type: "public", createdBy: "dora", uniqueName: "yard", state: "inactive" });
      const described = channelOf("CH7", { type: "public", createdBy: "dora", uniqueName: "yard", state: "inactive" });
      assert.deepEqual(find(service, "CH7"), described);
      assert.lengthOf(service.members("CH7"), known.members?.length ?? 0);
      refuses({ rolecall, assert, service }, () => service.createChannel({ sid: "CH7" }), "duplicate-channel", "sid");
    }
  },

  "a unique name names its channel in every call that takes one": (rolecall, assert) => {
    /** A town in which CH1 is called the desk, and nothing else is. */
    const named = () => {
      const service = town(rolecall);
      service.load({ channels: [{ sid: "CH1", unique_name: "The desk ☎" }] });
      return service;
    };
    const calls = [
      (service, channel) => service.setChannelState(channel, "closed"),
      (service, channel) => service.joinChannel(channel, "dora"),
      (service, channel) => service.setMember(channel, "dora", "Channel Admin"),
      (service, channel) => service.removeMember(channel, "bob"),
      (service, channel) => service.invite(channel, "dora"),
      (service, channel) => service.acceptInvite(channel, "carl"),
      (service, channel) => service.declineInvite(channel, "carl"),
      (service, channel) => service.members(channel),
      (service, channel) => service.invites(channel),
      (service, channel) => service.whoCan("sendMessage", { channel }),
      (service, channel) => service.ability("bob", channel).actions("bob"),
      (service, channel) => service.ability("bob", channel).explain("deleteMessage", "alice"),
      (service, channel) => service.ability("bob", channel).permissions(),
      (service, channel) => service.preview((draft) => draft.removeMember(channel, "bob")),
      (service, channel) => service.load({ members: [] }, { replace: true, channel }),
      (service, channel) => service.removeChannel(channel),
    ];
    for (const call of calls) {
      const [bySid, byName, unknown] = [named(), named(), named()];
      // Roles of two services have SIDs of their own.
      const plain = (text) => text?.replaceAll(/RL[0-9a-f]{32}/g, "RL");
      const [answer, expected] = [call(byName, "The desk ☎"), call(bySid, "CH1")].map((found) => JSON.stringify(found));
      assert.equal(plain(answer), plain(expected), String(call));
      const written = (service) => JSON.stringify([service.channels(), service.members("CH1"), service.invites("CH1")]);
      assert.equal(plain(written(byName)), plain(written(bySid)), String(call));
      // It is compared as it is.
      const before = JSON.stringify(unknown);
      try {
        call(unknown, "the desk ☎");
      } catch (error) {
        assert.equal(error.code, "unknown-channel", String(call));
      }
      assert.equal(JSON.stringify(unknown), before, String(call));
    }
  },

  "a string that is a known SID is that channel, whatever is called so": (rolecall, assert) => {
    const service = town(rolecall);
    service.load({
      channels: [
        { sid: "CH3", unique_name: "CH1" },
        { sid: "CH4", unique_name: "yard" },
        { sid: "yard", unique_name: "gate" },
      ],
    });
    assert.deepEqual(
      service.members("CH1").map(({ identity }) => identity),
      ["alice", "bob"],
    );
    for (const [name, sid] of [
      ["yard", "yard"],
      ["gate", "yard"],
      ["CH4", "CH4"],
    ]) {
      service.setMember(name, "dora");
      assert.lengthOf(service.members(sid), 1, name);
      service.removeMember(sid, "dora");
    }
    service.removeChannel("yard");
    // Now the name is free for the channel that has it.
    service.setMember("yard", "dora");
    assert.lengthOf(service.members("CH4"), 1);
  },

  "what has the form of a SID is never looked up as a unique name": (rolecall, assert) => {
    const service = town(rolecall);
    const report = service.load({ channels: [{ sid: "CH3", unique_name: SID }] });
    assert.deepEqual(warned(assert, report), [["invalid-name", "channels[0].unique_name"]]);
    assert.include(report.warnings[0].message, SID);
    assert.equal(find(service, "CH3").uniqueName, SID);
    assert.equal(service.ability("dora", SID).explain("viewChannel").reason, "unknown-channel");
    refuses({ rolecall, assert, service }, () => service.setMember(SID, "dora"), "unknown-channel", "channel");
    // Shorter, longer and other letters have not.
    for (const [at, name] of [SID.slice(1), SID.slice(0, -1), `${SID}0`, SID.replace("f", "g"), "CH"].entries()) {
      service.createChannel({ sid: `CH1${at}`, uniqueName: name });
      service.setMember(name, "dora");
      assert.lengthOf(service.members(`CH1${at}`), 1, name);
    }
  },

  "of two channels the one loaded last has the unique name": (rolecall, assert) => {
    const service = town(rolecall);
    const rows = [
      { sid: "CH3", unique_name: "yard" },
      { sid: "CH4", unique_name: "yard" },
    ];
    const dora = service.ability("dora", "yard");
    assert.equal(dora.explain("viewChannel").reason, "unknown-channel");
    let calls = 0;
    dora.subscribe(() => calls++);
    const report = service.load({ channels: rows });
    assert.deepEqual(warned(assert, report), [["moved-name", "channels[1].unique_name"]]);
    for (const part of ["yard", "CH3", "CH4"]) assert.include(report.warnings[0].message, part);
    assert.deepEqual([find(service, "CH3").uniqueName, find(service, "CH4").uniqueName], [null, "yard"]);
    assert.equal(calls, 1);
    service.setMember("CH4", "dora");
    assert.isTrue(dora.can("sendMessage"));
    assert.equal(calls, 2);
    // The ability keeps what it was asked for, and looks it up at each change.
    assert.deepEqual(warned(assert, service.load({ channels: [rows[0]] })), [
      ["moved-name", "channels[0].unique_name"],
    ]);
    assert.isFalse(dora.can("sendMessage"));
    assert.equal(dora.channel, "yard");
    assert.equal(calls, 3);
    // Who has it already keeps it without a word; a row without one leaves it, another one is another.
    assert.deepEqual(
      warned(assert, service.load({ channels: [rows[0], { sid: "CH3" }, { sid: "CH3", unique_name: "" }] })),
      [],
    );
    assert.equal(find(service, "CH3").uniqueName, "yard");
    service.load({ channels: [{ sid: "CH3", unique_name: "gate" }] });
    assert.deepEqual(service.members("yard"), []);
    assert.equal(dora.explain("viewChannel").reason, "unknown-channel");
    service.createChannel({ sid: "CH6", uniqueName: "yard" });
    assert.equal(service.ability("root", "yard").explain("sendMessage").reason, "not-a-member");
  },

  "an ability is found by what it was asked for": (rolecall, assert) => {
    const service = town(rolecall);
    service.load({ channels: [{ sid: "CH1", unique_name: "desk" }] });
    const byName = service.ability("bob", "desk");
    const bySid = service.ability("bob", "CH1");
    assert.notEqual(byName, bySid);
    assert.equal(service.ability("bob", "desk"), byName);
    assert.deepEqual([byName.channel, bySid.channel], ["desk", "CH1"]);
    let calls = 0;
    byName.subscribe(() => calls++);
    service.grant("Channel User", "removeMember");
    assert.isTrue(byName.can("removeMember") && bySid.can("removeMember"));
    assert.equal(calls, 1);
  },

  "a state decides": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      for (const state of STATES) {
        for (const set of [
          (service) => service.setChannelState("CH1", state),
          (service) => service.load({ channels: [{ sid: "CH1", state }] }),
        ]) {
          const service = town(rolecall, { dialect });
          service.defineAction("pin", { any: "deleteAnyMessage", own: "deleteOwnMessage" });
          service.defineAction("rate", { any: "sendMessage", whenClosed: true });
          service.defineAction("wave", { any: "sendMessage", memberOnly: true, whenClosed: true });
          const identities = ["root", "alice", "bob", "carl", "dora", "nobody"];
          const ask = (who) => service.ability(who, "CH1");
          const before = identities.map((who) => [ask(who).actions(who), ask(who).permissions()]);
          set(service);
          assert.equal(find(service, "CH1").state, state);
          const open = ["active", "inactive"].includes(state);
          const names = rolecall.ACTIONS.map(({ name, conversations }) => [name, conversations ?? name]);
          const left = new Set([...names.filter(([name]) => LEFT.includes(name)).flat(), "rate", "wave"]);
          identities.forEach((who, at) => {
            const about = `${dialect}, ${state}: ${who}`;
            const allowed = before[at][0].filter((action) => open || left.has(action));
            assert.deepEqual(ask(who).actions(who), allowed, about);
            // Permissions are what the roles grant.
            assert.deepEqual(ask(who).permissions(), before[at][1], about);
            for (const action of before[at][0]) {
              const decision = ask(who).explain(action, who);
              assert.equal(decision.allowed, allowed.includes(action), about);
              if (!decision.allowed) {
                assert.deepEqual([decision.reason, decision.twilioCode], ["closed", 50377], about);
                assert.include(decision.message, state, about);
              }
              assert.equal(
                service.whoCan(action, { channel: "CH1", owner: who }).includes(who),
                decision.allowed,
                about,
              );
            }
          });
        }
      }
    }
  },

  "a state that is none is kept, and decides as closed": (rolecall, assert) => {
    const service = town(rolecall);
    const report = service.load({ channels: [{ sid: "CH1", state: "archived" }] });
    assert.deepEqual(warned(assert, report), [["unknown-state", "channels[0].state"]]);
    assert.include(report.warnings[0].message, "archived");
    assert.equal(find(service, "CH1").state, "archived");
    const decision = service.ability("bob", "CH1").explain("sendMessage");
    assert.deepEqual([decision.reason, decision.twilioCode], ["closed", 50377]);
    assert.include(decision.message, "archived");
    const copy = rolecall.Service.from(service.toJSON());
    assert.equal(find(copy, "CH1").state, "archived");
    service.setChannelState("CH1", "active");
    assert.isTrue(service.ability("bob", "CH1").can("sendMessage"));
  },

  "whoever listens is told when a channel closes, and a preview says what it closes": (rolecall, assert) => {
    const service = town(rolecall);
    const heard = [];
    service.subscribe(() => heard.push("service"));
    service.ability("bob", "CH1").subscribe(() => heard.push("bob"));
    service.ability("bob", "CH1").subscribe(() => heard.push("delete"), "deleteMessage", "bob");
    service.ability("bob", "CH1").subscribe(() => heard.push("view"), "viewChannel");
    service.ability("dora", "CH1").subscribe(() => heard.push("dora"));
    const changes = service.preview((draft) => draft.setChannelState("CH1", "closed"));
    assert.deepEqual(heard, []);
    assert.isFalse(changes.some(({ allowed }) => allowed));
    const bobs = changes.filter(({ identity }) => identity === "bob").map(({ action, owner }) => [action, owner]);
    assert.sameDeepMembers(bobs, [
      ...["leaveChannel", "sendMessage", "sendMediaMessage", "editNotificationLevel"].map((action) => [action, null]),
      ...["editMemberAttributes", "editMessage", "deleteMessage", "editMessageAttributes"].map((action) => [
        action,
        "self",
      ]),
    ]);
    service.setChannelState("CH1", "closed");
    assert.sameMembers(heard.splice(0), ["service", "bob", "delete"]);
    service.setChannelState("CH1", "closed");
    assert.deepEqual(heard, []);
    service.setChannelState("CH1", "inactive");
    assert.sameMembers(heard.splice(0), ["service", "bob", "delete"]);
    service.setChannelState("CH1", "active");
    assert.deepEqual(heard, ["service"]);
  },
};
