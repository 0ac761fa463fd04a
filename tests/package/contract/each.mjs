import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

const BUTTONS = ["editMessage", "deleteMessage", "sendMessage"];

/** Numbers below a limit, the same ones in each run. */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What `can` says of each action and each owner. */
const byCan = (ability, actions, owners) =>
  owners.map((owner) => Object.fromEntries(actions.map((action) => [action, ability.can(action, owner)])));

/** The rows without what tells them from plain objects. */
const plain = (rows) => rows.map((row) => ({ ...row }));

export const tests = {
  "a row for each owner, in their order, with an answer to each action": (rolecall, assert) => {
    const service = town(rolecall);
    // Who, where, whose; and the rows: edit, delete, send.
    const table = [
      ["alice", "CH1", ["alice", "bob", null], ["111", "111", "111"]],
      ["bob", "CH1", ["alice", "bob", "bob", null], ["001", "111", "111", "001"]],
      ["root", "CH1", ["alice", "root"], ["110", "110"]],
      ["nobody", "CH1", ["nobody", null], ["000", "000"]],
      ["bob", "CH9", ["bob"], ["000"]],
      ["bob", undefined, ["bob"], ["000"]],
      ["", "CH1", [""], ["000"]],
      ["bob", "CH1", [], []],
    ];
    for (const [identity, channel, owners, digits] of table) {
      const rows = service.ability(identity, channel).canEach(BUTTONS, owners);
      const found = rows.map((row) => BUTTONS.map((action) => (row[action] ? 1 : 0)).join(""));
      assert.deepEqual(found, digits, `${identity} in ${channel}`);
    }
    // In a closed channel.
    service.defineAction("reopen", { any: "destroyChannel", whenClosed: true });
    service.setChannelState("CH1", "closed");
    const [row] = service.ability("alice", "CH1").canEach([...BUTTONS, "destroyChannel", "reopen"], ["alice"]);
    assert.deepEqual(
      { ...row },
      { editMessage: false, deleteMessage: false, sendMessage: false, destroyChannel: true, reopen: true },
    );
  },

  "is what can answers, for every action in both dialects and every kind of owner": (rolecall, assert) => {
    const names = rolecall.ACTIONS.flatMap(({ name, conversations }) => [name, conversations ?? name]);
    const owners = ["alice", "bob", "", undefined, null, "\ud800", "x".repeat(2 ** 17)];
    let allowed = 0;
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      service.defineAction("__proto__", { any: "pinAny", own: "pinOwn" });
      service.grant("Channel User", "pinOwn");
      const actions = [...names, "__proto__"];
      for (const identity of ["root", "alice", "bob", "carl", "nobody"]) {
        const ability = service.ability(identity, "CH1");
        const rows = ability.canEach(actions, owners);
        assert.equal(rows.length, owners.length);
        rows.forEach((row, at) => {
          assert.sameMembers(Object.keys(row), [...new Set(actions)]);
          for (const action of actions) {
            assert.strictEqual(row[action], ability.can(action, owners[at]), `${identity} ${action} ${at}`);
            allowed += row[action] ? 1 : 0;
          }
        });
      }
    }
    assert.isAbove(allowed, 300);
  },

  "a row has nothing that was not asked for, and cannot be changed": (rolecall, assert) => {
    const [row] = town(rolecall).ability("alice", "CH1").canEach(["editMessage"], ["alice"]);
    assert.isTrue(row.editMessage);
    for (const name of ["deleteMessage", "toString", "constructor", "__proto__"]) assert.isUndefined(row[name], name);
    assert.isFrozen(row);
    assert.throws(() => {
      row.editMessage = false;
    }, TypeError);
  },

  "rows are the same objects until an answer changes": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const ask = (actions = BUTTONS) => bob.canEach(actions, ["bob", "alice", null]);
    const first = ask();
    assert.strictEqual(first[1], first[2]);
    assert.notStrictEqual(first[0], first[1]);
    // What is done; and whether the row of one's own things is another, and that of others' things.
    const table = [
      [() => {}, false, false],
      [() => service.setUser("eve"), false, false],
      // A decision that no row answers.
      [() => service.grant("Channel User", "addMember"), false, false],
      [() => service.revoke("Channel User", "addMember"), false, false],
      [() => service.grant("Channel User", "deleteAnyMessage"), false, true],
      [() => service.revoke("Channel User", "editOwnMessage"), true, false],
      [() => service.removeMember("CH1", "bob"), true, true],
    ];
    let before = first;
    table.forEach(([act, changesOwn, changesOthers], at) => {
      act();
      // Another list of actions has rows of its own, and does not take these away.
      bob.canEach(["editMessage"], ["bob"]);
      const after = ask([...BUTTONS]);
      assert.deepEqual(plain(after), byCan(bob, BUTTONS, ["bob", "alice", null]), `row ${at}`);
      assert.equal(after[0] !== before[0], changesOwn, `row ${at}`);
      assert.equal(after[1] !== before[1], changesOthers, `row ${at}`);
      before = after;
    });
    assert.deepEqual(plain(first), [
      { editMessage: true, deleteMessage: true, sendMessage: true },
      { editMessage: false, deleteMessage: false, sendMessage: true },
      { editMessage: false, deleteMessage: false, sendMessage: true },
    ]);
  },

  "other actions are other rows, also in a list that was changed": (rolecall, assert) => {
    const bob = town(rolecall).ability("bob", "CH1");
    const actions = ["editMessage"];
    const edits = [
      () => {},
      () => actions.push("sendMessage"),
      () => actions.reverse(),
      () => actions.splice(0, 1, "deleteMessage"),
      () => actions.pop(),
      () => actions.pop(),
    ];
    for (const edit of edits) {
      edit();
      const about = actions.join();
      assert.deepEqual(plain(bob.canEach(actions, ["bob", "alice"])), byCan(bob, actions, ["bob", "alice"]), about);
    }
  },

  "what is no action and no list is refused": (rolecall, assert) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const throwing = (at) =>
      new Proxy(["editMessage", "editMessage"], {
        get(target, key, receiver) {
          if (key === at) throw new Error("mine");
          return Reflect.get(target, key, receiver);
        },
      });
    const claiming = (length) => new Proxy([], { get: (_, key) => (key === "length" ? length : "sendMessage") });
    const endless = claiming(Infinity);
    const longer = claiming(2 ** 24 + 1);
    // The actions, the owners; and the code with its path.
    const table = [
      [["sendMesage"], ["bob"], "unknown-action", "action"],
      [["sendMessage", "deleteAnyMessage"], ["bob"], "unknown-action", "action"],
      [["toString"], [], "unknown-action", "action"],
      [["sendMessage", undefined], ["bob"], "invalid-argument", "action"],
      [[null], ["bob"], "invalid-argument", "action"],
      [["\ud800"], ["bob"], "invalid-string", "action"],
      ["sendMessage", ["bob"], "invalid-argument", "actions"],
      [undefined, ["bob"], "invalid-argument", "actions"],
      [new Set(["sendMessage"]), ["bob"], "invalid-argument", "actions"],
      [["sendMessage"], "bob", "invalid-argument", "owners"],
      [["sendMessage"], null, "invalid-argument", "owners"],
      [["sendMessage"], { length: 1, 0: "bob" }, "invalid-argument", "owners"],
      [["sendMessage"], [5], "invalid-argument", "owners[0]"],
      [["sendMessage"], ["bob", null, undefined, Symbol("bob")], "invalid-argument", "owners[3]"],
      [["sendMessage"], ["bob", new String("bob")], "invalid-argument", "owners[1]"],
      [throwing("1"), ["bob"], "unreadable", "actions[1]"],
      [throwing("length"), ["bob"], "unreadable", "actions"],
      [endless, ["bob"], "too-large", "actions"],
      [["sendMessage"], endless, "too-large", "owners"],
      [longer, ["bob"], "too-large", "actions"],
      [["sendMessage"], longer, "too-large", "owners"],
      [["sendMessage"], throwing("1"), "unreadable", "owners[1]"],
    ];
    for (const asked of [undefined, ["editMessage", "editMessage"]]) {
      if (asked) bob.canEach(asked, ["bob"]);
      table.forEach(([actions, owners, code, path], at) => {
        refuses({ rolecall, assert, service }, () => bob.canEach(actions, owners), code, path, `row ${at}: ${code}`);
      });
    }
    service.free();
    refuses({ rolecall, assert }, () => bob.canEach(BUTTONS, ["bob"]), "freed");
  },

  "a held ability answers as a fresh one, whatever was loaded, changed and asked before": (rolecall, assert) => {
    const identities = ["root", "alice", "bob", "carl", "dora"];
    const permissions = ["sendMessage", "editOwnMessage", "deleteOwnMessage", "deleteAnyMessage", "editAnyMessage"];
    const member = (role_sid, identity) => ({ channel_sid: "CH1", identity, role_sid });
    let changes = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const below = numbers(seed);
      const one = (list) => list[below(list.length)];
      const service = town(rolecall);
      const roles = () => service.roles("channel");
      const saved = [service.toJSON()];
      const edits = [
        () => service.grant(one(roles()).sid, one(permissions)),
        () => service.revoke(one(roles()).sid, one(permissions)),
        () => service.updateRole(one(roles()).sid, [one(permissions), one(permissions)]),
        () => service.setMember("CH1", one(identities), one(roles()).sid),
        () => service.removeMember("CH1", one(identities)),
        () => service.removeUser(one(identities)),
        () => service.setChannelState("CH1", one(["active", "closed", "active"])),
        () => service.joinChannel("CH1", one(identities)),
        () => service.setUser(one(identities), one(service.roles("service")).sid),
        () => service.load({ members: [member(one(roles()).sid, one(identities)), member("RLgone", one(identities))] }),
        () =>
          service.load(
            { members: identities.map((identity) => member(one(roles()).sid, identity)) },
            { replace: true },
          ),
        () => service.load(one(saved), { replace: true }),
        () => saved.push(service.toJSON()),
        () => service.load({ members: [member(one(roles()).sid, "bob"), { identity: 5 }] }),
      ];
      const held = identities.map((identity) => service.ability(identity, "CH1"));
      for (let step = 0; step < 60; step++) {
        const before = held.map(({ version }) => version);
        try {
          one(edits)();
        } catch (error) {
          assert.instanceOf(error, rolecall.RolecallError);
        }
        const fresh = rolecall.Service.from(service.toJSON());
        held.forEach((ability, at) => {
          // Some are asked seldom, some by one of the two calls alone.
          if (below(3) === 0) return;
          const actions = [...BUTTONS].slice(below(2));
          const owners = [one(identities), ability.identity, null];
          const expected = byCan(fresh.ability(ability.identity, "CH1"), actions, owners);
          const about = `seed ${seed}, step ${step}, ${ability.identity}`;
          if (below(2) === 0) assert.deepEqual(byCan(ability, actions, owners), expected, about);
          if (below(2) === 0) assert.deepEqual(plain(ability.canEach(actions, owners)), expected, about);
          changes += before[at] === ability.version ? 0 : 1;
        });
        fresh.free();
      }
      service.free();
    }
    assert.isAbove(changes, 150);
  },
};
