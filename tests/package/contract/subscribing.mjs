import { produced, refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

/** Runs something and gives what was reported meanwhile as an uncaught error would be. */
function reportedBy(run) {
  const reported = [];
  if (typeof reportError === "function") {
    const keep = (event) => {
      reported.push(event.error);
      event.preventDefault();
    };
    addEventListener("error", keep);
    try {
      run();
    } finally {
      removeEventListener("error", keep);
    }
  } else {
    const { error } = console;
    console.error = (thrown) => reported.push(thrown);
    try {
      run();
    } finally {
      console.error = error;
    }
  }
  return reported;
}

/** Listeners that write their names down, in the order in which they are told. */
function log() {
  const told = [];
  const as = (name, then) => () => {
    told.push(name);
    then?.();
  };
  return { as, take: () => told.splice(0) };
}

export const tests = {
  "a listener that names its question is told exactly of changes of the answer": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    bob.subscribe(as("any"));
    bob.subscribe(as("send"), "sendMessage");
    bob.subscribe(as("delete own"), "deleteMessage", "bob");
    bob.subscribe(as("delete alice's"), "deleteMessage", "alice");
    bob.subscribe(as("delete nobody's"), "deleteMessage", null);
    const table = [
      [() => service.grant("Channel User", "removeMember"), ["any"]],
      [() => service.revoke("Channel User", "sendMessage"), ["any", "send"]],
      [() => service.grant("Channel User", "deleteAnyMessage"), ["any", "delete alice's", "delete nobody's"]],
      [() => service.revoke("Channel User", "deleteOwnMessage"), []],
      [
        () => service.revoke("Channel User", "deleteAnyMessage"),
        ["any", "delete own", "delete alice's", "delete nobody's"],
      ],
      [() => service.setMember("CH1", "bob", "Channel Admin"), 5],
      [() => service.setMember("CH1", "dora"), []],
    ];
    for (const [act, expected] of table) {
      act();
      const told = take();
      if (expected === 5) assert.lengthOf(told, 5, String(act));
      else assert.deepEqual(told, expected, String(act));
    }
    refuses({ rolecall, assert, service }, () => bob.subscribe(() => {}, "fly"), "unknown-action", "action");
    refuses({ rolecall, assert, service }, () => bob.subscribe(null, "sendMessage"), "invalid-argument", "listener");
  },

  "a change that a listener of the service asks about and undoes is none for an ability's listeners": (
    rolecall,
    assert,
  ) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    service.subscribe(
      as("service", () => {
        if (bob.can("removeMember")) service.revoke("Channel User", "removeMember");
      }),
    );
    bob.subscribe(as("any"));
    bob.subscribe(as("remove"), "removeMember");
    service.grant("Channel User", "removeMember");
    assert.deepEqual(take(), ["service", "service"]);
    service.revoke("Channel User", "sendMessage");
    assert.deepEqual(take(), ["service", "any"]);
  },

  "an ability's listener is told exactly of changes of its decisions": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    service.ability("bob", "CH1").subscribe(as("bob in CH1"));
    service.ability("bob").subscribe(as("bob"));
    service.ability("alice", "CH1").subscribe(as("alice in CH1"));
    service.ability("dora", "CH2").subscribe(as("dora in CH2"));
    service.ability("eve", "CH9").subscribe(as("eve in CH9"));
    const allOfCh1 = ["bob in CH1", "alice in CH1"];
    // What is done, and who is told.
    const table = [
      [() => service.grant("Channel User", "removeMember"), ["bob in CH1"]],
      [() => service.grant("Channel User", "removeMember"), []],
      [() => service.revoke("Channel User", "editAnyMessage"), []],
      [() => service.grant("Channel Admin", "editOwnMessage"), []],
      [() => service.updateRole("Channel Admin", ["leaveChannel", "sendMessage"]), ["alice in CH1"]],
      [() => service.grant("Service User", "editAnyUserInfo"), ["bob in CH1", "bob", "alice in CH1", "dora in CH2"]],
      [() => service.setUser("bob", "Service User"), []],
      [() => service.setUser("nobody"), []],
      [() => service.setMember("CH1", "dora"), []],
      [() => service.setMember("CH2", "dora"), ["dora in CH2"]],
      [() => service.setMember("CH1", "bob", "Channel Admin"), ["bob in CH1"]],
      [() => service.setDefaultRole("member", "Channel Admin"), []],
      [() => service.createRole({ friendlyName: "a", type: "channel", permissions: ["sendMessage"] }), []],
      [() => service.invite("CH1", "eve"), []],
      [() => service.createChannel({ sid: "CH9" }), []],
      [() => service.invite("CH9", "eve"), ["eve in CH9"]],
      [() => service.declineInvite("CH9", "eve"), ["eve in CH9"]],
      [() => service.declineInvite("CH9", "eve"), []],
      [() => service.load({ users: [] }), []],
      [() => service.load(service.toJSON()), []],
      [() => service.load(service.toJSON(), { replace: true }), []],
      [() => service.load({ roles: [] }, { replace: true }), ["bob in CH1", "bob", "alice in CH1", "dora in CH2"]],
      [() => service.load({ roles: [] }, { replace: true }), []],
      [() => service.removeMember("CH1", "nobody"), []],
      // Whose roles are gone may only see where they are members.
      [() => service.removeChannel("CH1"), allOfCh1],
      [() => service.removeUser("dora"), ["dora in CH2"]],
    ];
    for (const [change, told] of table) {
      change();
      assert.sameMembers(take(), told, String(change));
    }
  },

  "a load that sets and resets is no change": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    service.ability("bob", "CH1").subscribe(as("bob"));
    const [admin, user] = service.roles("channel").map(({ sid }) => sid);
    const row = (role_sid) => ({ channel_sid: "CH1", identity: "bob", role_sid });
    service.load({ members: [row(admin), row(user)] });
    assert.deepEqual(take(), []);
    service.load({ members: [row(user), row(admin)] });
    assert.deepEqual(take(), ["bob"]);
  },

  "the answers, the version and the report are new when a listener is told": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const seen = [];
    const before = bob.version;
    bob.subscribe(() => seen.push([bob.can("removeMember"), bob.version !== before, service.lastLoad?.roles.updated]));
    const role = { ...service.role("Channel User"), permissions: ["removeMember"] };
    service.load({ roles: role });
    assert.deepEqual(seen, [[true, true, 1]]);
  },

  "a listener is not told of what was before it, asked about or not": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    service.grant("Channel User", "removeMember");
    bob.subscribe(as("first"))();
    service.revoke("Channel User", "removeMember");
    bob.subscribe(as("second"));
    service.setUser("eve");
    assert.deepEqual(take(), []);
    service.grant("Channel User", "removeMember");
    assert.deepEqual(take(), ["second"]);
  },

  "asking in between takes no change away from a listener": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    // The first to be told asks for everybody.
    service.ability("alice", "CH1").subscribe(as("alice", () => bob.can("sendMessage")));
    bob.subscribe(as("bob", () => bob.version));
    service.load({ roles: [] }, { replace: true });
    assert.deepEqual(take(), ["alice", "bob"]);
  },

  "to unsubscribe ends it, and again is nothing": (rolecall, assert) => {
    for (const of of ["ability", "service"]) {
      const service = town(rolecall);
      const source = of === "service" ? service : service.ability("bob", "CH1");
      const { as, take } = log();
      const stops = ["a", "b", "c"].map((name) => source.subscribe(as(name)));
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), ["a", "b", "c"]);
      assert.equal(stops[1](), undefined);
      stops[1]();
      service.revoke("Channel User", "removeMember");
      assert.deepEqual(take(), ["a", "c"]);
      for (const stop of stops) stop();
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), []);
      source.subscribe(as("d"));
      service.revoke("Channel User", "removeMember");
      assert.deepEqual(take(), ["d"]);
    }
  },

  "one function that subscribes twice is told twice": (rolecall, assert) => {
    for (const of of ["ability", "service"]) {
      const service = town(rolecall);
      const source = of === "service" ? service : service.ability("bob", "CH1");
      const { as, take } = log();
      const listener = as("same");
      const stops = [source.subscribe(listener), source.subscribe(listener)];
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), ["same", "same"]);
      stops[0]();
      stops[0]();
      service.revoke("Channel User", "removeMember");
      assert.deepEqual(take(), ["same"]);
      stops[1]();
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), []);
    }
  },

  "a listener may unsubscribe itself and others in the middle": (rolecall, assert) => {
    for (const of of ["ability", "service"]) {
      const service = town(rolecall);
      const source = of === "service" ? service : service.ability("bob", "CH1");
      const { as, take } = log();
      const stops = {};
      const stopBoth = () => {
        stops.a();
        stops.b();
      };
      stops.a = source.subscribe(as("a", stopBoth));
      stops.b = source.subscribe(as("b"));
      stops.c = source.subscribe(as("c"));
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), ["a", "c"]);
      service.revoke("Channel User", "removeMember");
      assert.deepEqual(take(), ["c"]);
    }
    // And those of another ability.
    const service = town(rolecall);
    const { as, take } = log();
    let stop;
    service.ability("alice", "CH1").subscribe(as("alice", () => stop()));
    stop = service.ability("bob", "CH1").subscribe(as("bob"));
    service.load({ roles: [] }, { replace: true });
    assert.deepEqual(take(), ["alice"]);
  },

  "who subscribes in the middle is told of the next change only": (rolecall, assert) => {
    for (const of of ["ability", "service"]) {
      const service = town(rolecall);
      const source = of === "service" ? service : service.ability("bob", "CH1");
      const { as, take } = log();
      const giveWay = () => {
        stop();
        source.subscribe(as("late"));
      };
      const stop = source.subscribe(as("a", giveWay));
      service.grant("Channel User", "removeMember");
      assert.deepEqual(take(), ["a"]);
      service.revoke("Channel User", "removeMember");
      assert.deepEqual(take(), ["late"]);
    }
    // Also of an ability whose turn is yet to come.
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    const giveWay = () => {
      stop();
      bob.subscribe(as("late"));
    };
    const stop = service.ability("alice", "CH1").subscribe(as("alice", giveWay));
    bob.subscribe(as("bob"));
    service.load({ roles: [] }, { replace: true });
    assert.deepEqual(take(), ["alice", "bob"]);
  },

  "a listener that throws is reported and stops no other": (rolecall, assert) => {
    const service = town(rolecall);
    const mine = [new Error("of an ability"), new Error("of the service")];
    const { as, take } = log();
    const bob = service.ability("bob", "CH1");
    bob.subscribe(
      as("throws", () => {
        throw mine[0];
      }),
    );
    bob.subscribe(as("after"));
    service.ability("bob").subscribe(as("other"));
    service.subscribe(
      as("service", () => {
        throw mine[1];
      }),
    );
    service.subscribe(as("service after"));
    let answer;
    const reported = reportedBy(() => {
      answer = service.grant("Service User", "editAnyUserInfo");
    });
    assert.include(answer.permissions, "editAnyUserInfo");
    assert.sameMembers(reported, mine);
    assert.deepEqual(take(), ["throws", "after", "other", "service", "service after"]);
  },

  "a listener may change the service": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    const bob = service.ability("bob", "CH1");
    bob.subscribe(
      as("bob", () => {
        if (bob.can("removeMember"))
          assert.include(service.grant("Channel Admin", "editOwnMessage").permissions, "editOwnMessage");
        if (bob.can("removeMember")) service.removeMember("CH1", "alice");
      }),
    );
    service.ability("alice", "CH1").subscribe(as("alice"));
    service.subscribe(as("service"));
    const reported = reportedBy(() => service.grant("Channel User", "removeMember"));
    assert.deepEqual(reported, []);
    // The service's own is told once of them all, or once of each: at least once after the last.
    const told = take();
    assert.deepEqual(
      told.filter((name) => name !== "service"),
      ["bob", "alice"],
    );
    assert.include(told.slice(told.indexOf("bob")), "service");
    assert.isFalse(service.ability("alice", "CH1").can("sendMessage"));
  },

  "two listeners that change the service come to an end": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    const bob = service.ability("bob", "CH1");
    const alice = service.ability("alice", "CH1");
    bob.subscribe(as("bob", () => service.revoke("Channel Admin", "sendMessage")));
    alice.subscribe(as("alice", () => service.revoke("Channel User", "sendMessage")));
    service.grant("Channel User", "removeMember");
    // alice is told of what bob's listener did, and bob of what hers did; then there is nothing more to do.
    assert.deepEqual(take(), ["bob", "alice", "bob"]);
    assert.isFalse(bob.can("sendMessage") || alice.can("sendMessage"));
  },

  "a listener may free the service: nobody is told any more, nothing is reported": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    const bob = service.ability("bob", "CH1");
    bob.subscribe(as("frees", () => service.free()));
    bob.subscribe(as("same ability", () => bob.can("sendMessage")));
    service.ability("bob").subscribe(as("other ability"));
    service.subscribe(as("service", () => service.users()));
    let answer;
    const reported = reportedBy(() => {
      answer = service.grant("Service User", "editAnyUserInfo");
    });
    assert.include(answer.permissions, "editAnyUserInfo");
    assert.deepEqual(take(), ["frees"]);
    assert.deepEqual(reported, []);
    refuses({ rolecall, assert }, () => bob.can("sendMessage"), "freed");
  },

  "the service's listeners are told of changes only": (rolecall, assert) => {
    const service = town(rolecall);
    service.defineAction("pinMessage", { any: "pinMessage" });
    const user = service.role("Channel User");
    const member = { channel_sid: "CH1", identity: "bob", role_sid: user.sid };
    let calls = 0;
    service.subscribe(() => calls++);
    // What is done, and whether that changes anything.
    const table = [
      [() => service.grant("Channel User", "sendMessage"), false],
      [() => service.grant("Channel User", "addMember"), true],
      [() => service.revoke("Channel User", "addMember"), true],
      [() => service.revoke("Channel User", "addMember"), false],
      [() => service.updateRole("Channel User", user.permissions), false],
      [() => service.updateRole("Channel User", ["sendMessage"]), true],
      [() => service.updateRole("Channel User", user.permissions), true],
      [() => service.setDefaultRole("member", "Channel User"), false],
      [() => service.setDefaultRole("member", "Channel Admin"), true],
      [() => service.setDefaultRole("member", "Channel User"), true],
      [() => service.defineAction("pinMessage", { any: "pinMessage" }), false],
      [() => service.defineAction("unpinMessage", { any: "pinMessage" }), true],
      [() => service.setUser("bob"), false],
      [() => service.setMember("CH1", "bob"), false],
      [() => service.setMember("CH1", "bob", "Channel Admin"), true],
      [() => service.load({ members: member }), true],
      [() => service.load({ members: member }), false],
      [() => service.load({ members: service.members("CH1") }, { replace: true }), false],
      [() => service.load({ members: member }, { replace: true }), true],
      [() => service.load(service), false],
      [() => service.load({ service: { default_channel_role_sid: service.role("Channel Admin").sid } }), true],
      [() => service.load({}), false],
      [() => service.load({ roles: [] }), false],
      [() => service.load({ roles: { ...user, friendly_name: "Member" } }), true],
      [() => service.load({ actions: [{ action: "archive", any: "archive" }] }), true],
      [() => service.load({ actions: [{ action: "archive", any: "archive" }] }), false],
      [() => service.removeMember("CH1", "nobody"), false],
      [() => service.setChannelState("CH1", "active"), false],
      [() => service.setChannelState("CH1", "closed"), true],
      [() => service.joinChannel("CH1", "bob"), false],
      [() => service.joinChannel("CH1", "dora"), true],
      [() => service.load({ channels: { sid: "CH1", unique_name: "desk" } }), true],
      [() => service.load({ channels: { sid: "CH1", unique_name: "desk", state: null } }), false],
      [() => service.load({ channels: { sid: "CH1", state: "ACTIVE" } }), true],
      [() => service.load({ channels: { sid: "CH7" } }), true],
      [() => service.load({ channels: { sid: "CH7" } }), false],
      [() => service.load({ users: [] }, { identity: "newcomer" }), true],
      [() => service.load({ users: [] }, { identity: "newcomer" }), false],
      [() => service.load({ members: service.members("CH1") }, { replace: true, channel: "CH1" }), false],
    ];
    table.forEach(([change, isChange], at) => {
      calls = 0;
      const before = JSON.stringify(service);
      const { version } = service;
      change();
      assert.equal(service.version !== version, isChange, `row ${at}: the version after ${change}`);
      assert.equal(calls, isChange ? 1 : 0, `row ${at}: ${change}`);
      assert.equal(JSON.stringify(service) !== before, isChange, `row ${at}: ${change}`);
    });
  },

  "version changes with every change, and subscribe works without its object": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const { as, take } = log();
    // As useSyncExternalStore(service.subscribe, () => service.version) calls them.
    const { subscribe } = service;
    const { subscribe: subscribeToBob } = bob;
    const seen = [];
    const stops = [
      subscribe(as("service", () => seen.push(service.version))),
      subscribeToBob(as("bob")),
      subscribeToBob(as("remove"), "removeMember"),
    ];
    const before = service.version;
    assert.isNumber(before);
    service.grant("Channel User", "removeMember");
    assert.deepEqual(take(), ["service", "bob", "remove"]);
    service.setUser("eve");
    assert.deepEqual(take(), ["service"]);
    assert.equal(new Set([before, ...seen]).size, 3);
    assert.equal(seen[1], service.version);
    for (const stop of stops) stop();
    service.revoke("Channel User", "removeMember");
    assert.deepEqual(take(), []);
    // What only asks, and a preview, leave it.
    const { version } = service;
    bob.actions("bob");
    service.toJSON();
    service.preview((draft) => draft.removeUser("bob"));
    assert.equal(service.version, version);
    // It is the same function each time, or an effect would subscribe anew each time.
    assert.equal(service.subscribe, subscribe);
    assert.equal(bob.subscribe, subscribeToBob);
  },

  "the report of a load is nobody's to change": (rolecall, assert) => {
    const service = town(rolecall);
    const report = service.load({ members: { channel_sid: "CH1", identity: "bob" } });
    assert.strictEqual(service.lastLoad, report);
    for (const part of [report, report.members, report.warnings, report.warnings[0]]) assert.isFrozen(part);
    assert.throws(() => report.warnings.pop(), TypeError);
    assert.equal(service.lastLoad.warnings.length, 1);
  },

  "the service's listeners are told after a change, once": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    const stop = service.subscribe(as("told"));
    const table = [
      () => service.setUser("eve"),
      () => service.grant("Channel User", "removeMember"),
      () =>
        service.load({
          users: [
            { identity: "eve", role_sid: "RL9" },
            { identity: "fay", role_sid: "RL9" },
          ],
        }),
      () => service.createChannel({ sid: "CH9", createdBy: "eve" }),
      () => service.joinChannel("CH9", "eve"),
      () => service.removeUser("eve"),
      () => service.defineAction("pin", { any: "pin" }),
      () => service.deleteRole("Channel Admin"),
    ];
    for (const change of table) {
      change();
      assert.deepEqual(take(), ["told"], String(change));
    }
    const asking = [
      () => service.users(),
      () => service.toJSON(),
      () => service.ability("bob", "CH1").actions(),
      () => service.whoCan("sendMessage", { channel: "CH1" }),
      () => service.preview((draft) => draft.removeUser("bob")),
    ];
    for (const ask of asking) {
      ask();
      assert.deepEqual(take(), [], String(ask));
    }
    stop();
    service.setUser("gil");
    assert.deepEqual(take(), []);
  },

  "an assignment that changes nothing is told to nobody": (rolecall, assert) => {
    const service = town(rolecall);
    const { as, take } = log();
    service.subscribe(as("told"));
    // Each assignment twice: the first one changes something.
    const table = [
      () => service.setUser("eve"),
      () => service.setUser("eve", "Service Admin"),
      () => service.setMember("CH1", "eve"),
      () => service.invite("CH1", "fay"),
      () => service.removeUser("eve"),
      () => service.declineInvite("CH1", "fay"),
    ];
    for (const assign of table) {
      assign();
      assert.deepEqual(take(), ["told"], String(assign));
      assign();
      assert.deepEqual(take(), [], String(assign));
    }
  },

  "listeners that change the service without end are told no further": (rolecall, assert) => {
    const service = town(rolecall);
    let changes = 0;
    service.subscribe(() => service.setUser(`user ${changes++}`));
    const reported = reportedBy(() => service.setUser("eve"));
    assert.deepEqual(
      reported.map((error) => [error.name, error.code]),
      [["RolecallError", "endless-listeners"]],
    );
    produced.add(reported[0].code);
    assert.equal(changes, 1000);
    assert.isTrue(service.ability("user 999").can("createChannel"));
  },

  "a listener is a function": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    for (const listener of [undefined, null, {}, "listener", Symbol("listener"), { handleEvent() {} }]) {
      refuses({ rolecall, assert }, () => service.subscribe(listener), "invalid-argument", "listener");
      refuses({ rolecall, assert }, () => bob.subscribe(listener), "invalid-argument", "listener");
    }
  },
};
