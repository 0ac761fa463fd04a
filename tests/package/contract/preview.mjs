import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

export const tests = {
  "preview tells which decisions would flip": (rolecall, assert) => {
    const flip = (identity, channel, action, owner, allowed) => ({ identity, channel, action, owner, allowed });
    // The change, and the decisions that it turns over.
    const table = [
      [() => {}, []],
      [(draft) => draft.grant("Channel User", "sendMessage"), []],
      [(draft) => draft.grant("Channel User", "removeMember"), [flip("bob", "CH1", "removeMember", null, true)]],
      [
        (draft) => draft.revoke("Channel User", "deleteOwnMessage"),
        [flip("bob", "CH1", "deleteMessage", "self", false)],
      ],
      [
        (draft) => draft.grant("Channel User", "deleteAnyMessage"),
        // Her own she may delete already.
        [flip("bob", "CH1", "deleteMessage", "other", true)],
      ],
      [
        (draft) => draft.revoke("Channel Admin", "deleteAnyMessage"),
        [flip("alice", "CH1", "deleteMessage", "self", false), flip("alice", "CH1", "deleteMessage", "other", false)],
      ],
      [
        (draft) => draft.setUser("eve", "Service User"),
        [
          flip("eve", undefined, "createChannel", null, true),
          flip("eve", undefined, "editUserInfo", "self", true),
          flip("eve", "CH1", "createChannel", null, true),
          flip("eve", "CH1", "editUserInfo", "self", true),
          flip("eve", "CH2", "createChannel", null, true),
          flip("eve", "CH2", "viewChannel", null, true),
          flip("eve", "CH2", "joinChannel", null, true),
          flip("eve", "CH2", "editUserInfo", "self", true),
        ],
      ],
      [
        (draft) => draft.acceptInvite("CH1", "carl"),
        [
          flip("carl", "CH1", "joinChannel", null, false),
          ..."leaveChannel sendMessage sendMediaMessage editNotificationLevel"
            .split(" ")
            .map((action) => flip("carl", "CH1", action, null, true)),
          ..."editMemberAttributes editMessage deleteMessage editMessageAttributes"
            .split(" ")
            .map((action) => flip("carl", "CH1", action, "self", true)),
        ],
      ],
    ];
    for (const [change, expected] of table) {
      const service = town(rolecall);
      const before = JSON.stringify(service);
      const changes = service.preview(change);
      assert.sameDeepMembers(
        changes.map((row) => ({ channel: undefined, ...row })),
        expected,
        String(change),
      );
      assert.equal(JSON.stringify(service), before, String(change));
      for (const row of changes) {
        assert.containsAllKeys(row, ["identity", "action", "owner", "allowed"]);
        const owner = row.owner === "self" ? row.identity : row.owner === "other" ? "\0 nobody" : undefined;
        assert.notEqual(service.ability(row.identity, row.channel).can(row.action, owner), row.allowed, String(change));
      }
      change(service);
      for (const { identity, channel, action, owner: whose, allowed } of changes) {
        const owner = whose === "self" ? identity : whose === "other" ? "\0 nobody" : undefined;
        assert.equal(service.ability(identity, channel).can(action, owner), allowed, String(change));
      }
    }
  },

  "preview tells of creators, joining and states": (rolecall, assert) => {
    const service = town(rolecall);
    service.createChannel({ sid: "CH3", createdBy: "dora" });
    const flips = (change) =>
      service
        .preview(change)
        .map(({ identity, channel, action, owner, allowed }) => [identity, channel, action, owner, allowed].join(" "));
    assert.deepEqual(
      flips((draft) => draft.joinChannel("CH3", "dora")).filter((flip) => !flip.includes("edit")),
      [
        "dora CH3 joinChannel  false",
        "dora CH3 leaveChannel  true",
        "dora CH3 destroyChannel  true",
        "dora CH3 inviteMember  true",
        "dora CH3 addMember  true",
        "dora CH3 removeMember  true",
        "dora CH3 sendMessage  true",
        "dora CH3 sendMediaMessage  true",
        "dora CH3 deleteMessage self true",
        "dora CH3 deleteMessage other true",
      ],
    );
    assert.deepEqual(
      flips((draft) => draft.removeChannel("CH3")).filter((flip) => flip.startsWith("dora")),
      [
        "dora CH3 createChannel  false",
        "dora CH3 viewChannel  false",
        "dora CH3 joinChannel  false",
        "dora CH3 editUserInfo self false",
      ],
    );
    // What the draft alone is told of the state.
    service.setChannelState("CH3", "closed");
    const reopened = flips((draft) => draft.setChannelState("CH3", "active"));
    assert.include(reopened, "dora CH3 joinChannel  true");
    assert.isFalse(service.ability("dora", "CH3").can("joinChannel"));
  },

  "preview writes Conversations' names": (rolecall, assert) => {
    const service = town(rolecall, { dialect: "conversations" });
    assert.deepEqual(
      service.preview((draft) => draft.grant("Channel User", "removeMember")),
      [{ identity: "bob", channel: "CH1", action: "removeParticipant", owner: null, allowed: true }],
    );
  },

  "preview tells of an own action's decisions": (rolecall, assert) => {
    const service = town(rolecall);
    const changes = service.preview((draft) =>
      draft.defineAction("pin", { any: "deleteAnyMessage", memberOnly: true }),
    );
    assert.deepEqual(changes, [{ identity: "alice", channel: "CH1", action: "pin", owner: null, allowed: true }]);
    refuses({ rolecall, assert, service }, () => service.ability("alice").can("pin"), "unknown-action", "action");
  },

  "nobody is told of a preview": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    let told = 0;
    bob.subscribe(() => told++);
    service.subscribe(() => told++);
    const { version } = bob;
    assert.isNotEmpty(service.preview((draft) => draft.removeUser("bob")));
    assert.deepEqual([told, bob.version], [0, version]);
    service.setUser("bob", "Service Admin");
    assert.equal(told, 2);
  },

  "what the change throws comes out, and nothing has changed": (rolecall, assert) => {
    const service = town(rolecall);
    const before = JSON.stringify(service);
    const mine = new Error("mine");
    let kept;
    const preview = () =>
      service.preview((draft) => {
        kept = draft;
        draft.removeUser("bob");
        throw mine;
      });
    assert.throws(preview, mine);
    refuses({ rolecall, assert }, () => kept.users(), "freed");
    refuses(
      { rolecall, assert, service },
      () => service.preview((draft) => draft.setUser("")),
      "invalid-identity",
      "identity",
    );
    assert.equal(JSON.stringify(service), before);
  },

  "a draft does what a service does, until the preview ends": (rolecall, assert) => {
    const service = town(rolecall);
    let told = 0;
    let kept;
    const changes = service.preview((draft) => {
      kept = draft;
      assert.instanceOf(draft, rolecall.Service);
      assert.deepEqual(draft.toJSON(), service.toJSON());
      assert.equal(draft.dialect, "chat");
      assert.equal(draft.lastLoad, undefined);
      const bob = draft.ability("bob", "CH1");
      assert.notEqual(bob, service.ability("bob", "CH1"));
      bob.subscribe(() => told++);
      draft.load({ members: { channel_sid: "CH1", identity: "bob", role_sid: draft.role("Channel Admin").sid } });
      assert.isTrue(bob.can("removeMember"));
      assert.isFalse(service.ability("bob", "CH1").can("removeMember"));
    });
    assert.isNotEmpty(changes);
    assert.equal(told, 1);
    refuses({ rolecall, assert, service }, () => kept.users(), "freed");
    refuses({ rolecall, assert, service }, () => kept.setUser("eve"), "freed");
    assert.equal(kept.free(), undefined);
  },

  "a preview within a preview starts from its draft": (rolecall, assert) => {
    const service = town(rolecall);
    let inner;
    const outer = service.preview((draft) => {
      draft.grant("Channel User", "removeMember");
      inner = draft.preview((nested) => nested.revoke("Channel User", "removeMember"));
    });
    assert.deepEqual(inner, [{ identity: "bob", channel: "CH1", action: "removeMember", owner: null, allowed: false }]);
    assert.deepEqual(outer, [{ identity: "bob", channel: "CH1", action: "removeMember", owner: null, allowed: true }]);
  },

  "a change that frees its draft, or the service, is answered with freed": (rolecall, assert) => {
    const service = town(rolecall);
    refuses({ rolecall, assert, service }, () => service.preview((draft) => draft.free()), "freed");
    refuses({ rolecall, assert }, () => service.preview(() => service.free()), "freed");
  },

  "preview ends with the service": (rolecall, assert) => {
    const service = town(rolecall);
    let error;
    const change = (draft) => {
      service.free();
      try {
        draft.roles();
      } catch (thrown) {
        error = thrown;
      }
    };
    refuses({ rolecall, assert }, () => service.preview(change), "freed");
    assert.equal(error?.code, "freed");
  },

  "a preview knows whom it has brought in, whoever else is asked about meanwhile": (rolecall, assert) => {
    const service = town(rolecall);
    const other = town(rolecall);
    const changes = service.preview((draft) => {
      draft.setUser("zoe");
      draft.setMember("CH1", "zoe", "Channel Admin");
      // More than any service keeps without a look at whether it is needed.
      for (let at = 0; at < 2000; at++) {
        const identity = `somebody ${at}`;
        assert.isFalse(service.ability(identity, "CH1").can("sendMessage"));
        assert.isFalse(draft.ability(identity, "CH1").has("sendMessage"));
      }
      assert.isTrue(draft.ability("zoe", "CH1").can("removeMember"));
    });
    other.setUser("zoe");
    other.setMember("CH1", "zoe", "Channel Admin");
    const allowed = new Set(changes.filter(({ channel }) => channel === "CH1").map(({ action }) => action));
    assert.sameMembers([...allowed], other.ability("zoe", "CH1").actions("zoe"));
    assert.deepEqual([...new Set(changes.map(({ identity }) => identity))], ["zoe"]);
  },

  "preview takes whatever its function answers": (rolecall, assert) => {
    const service = town(rolecall);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const answer of [undefined, null, 0, "promise", {}, [], proxy]) {
      assert.deepEqual(
        service.preview(() => answer),
        [],
      );
    }
  },

  "preview refuses what is no function": (rolecall, assert) => {
    const service = town(rolecall);
    for (const change of [undefined, null, {}, "draft", Symbol("draft")]) {
      refuses(
        { rolecall, assert, service },
        () => service.preview(change),
        "invalid-argument",
        "change",
        String(change),
      );
    }
  },

  "preview refuses what it cannot tell": (rolecall, assert) => {
    const service = town(rolecall);
    refuses({ rolecall, assert, service }, () => service.preview(async () => {}), "invalid-argument", "change");
    refuses(
      { rolecall, assert, service },
      // What it does later finds its draft gone, and says so to nobody.
      () => service.preview((draft) => Promise.resolve().then(() => draft.removeUser("bob"))),
      "invalid-argument",
      "change",
    );
    const large = new rolecall.Service();
    const row = (prefix) =>
      Array.from({ length: 1000 }, (_, at) => ({ identity: `${prefix}${at}`, sid: `${prefix}${at}` }));
    const role_sid = large.role("Service User").sid;
    large.load({ users: row("user").map(({ identity }) => ({ identity, role_sid })), channels: row("CH") });
    refuses(
      { rolecall, assert, service: large },
      () => large.preview((draft) => draft.grant("Service User", "editChannelName")),
      "too-many-changes",
    );
  },
};
