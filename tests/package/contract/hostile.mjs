import { bang, refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

export const tests = {
  "a string or a list of strings that is longer than an argument may be is refused before it crosses": (
    rolecall,
    assert,
  ) => {
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    const most = "x".repeat(2 ** 16);
    const long = `${most}x`;
    const table = [
      ["dialect", () => new rolecall.Service({ dialect: long })],
      ["friendlyName", () => service.createRole({ friendlyName: long, type: "channel", permissions: ["sendMessage"] })],
      ["ref", () => service.role(long)],
      ["permission", () => service.grant("Channel User", long)],
      ["permissions[1]", () => service.updateRole("Channel User", ["sendMessage", long])],
      ["permissions", () => service.updateRole("Channel User", new Array(2 ** 12 + 1).fill("sendMessage"))],
      ["identity", () => service.setUser(long)],
      ["identity", () => service.removeUser(long)],
      // A lone surrogate behind the end is not looked for.
      ["identity", () => service.removeUser(`${long}\ud800`)],
      ["channel", () => service.setMember(long, "bob")],
      ["channel", () => service.members(long)],
      ["identity", () => service.ability(long)],
      ["channel", () => service.ability("bob", long)],
      ["action", () => bob.can(long)],
      ["action", () => bob.explain(long)],
      ["action", () => bob.canEach([long], ["bob"])],
      ["permission", () => bob.has(long)],
      ["identity", () => service.setUser("x".repeat(2 ** 28))],
    ];
    for (const [path, call] of table) {
      refuses({ rolecall, assert, service }, call, "too-large", path, `${path}: ${call}`);
    }

    // An owner is compared with nobody that is known.
    assert.isFalse(bob.can("deleteMessage", long));
    assert.isFalse(bob.explain("deleteMessage", long).allowed);
    assert.deepEqual(service.whoCan("deleteMessage", { owner: long }), service.whoCan("deleteMessage"));
    assert.deepEqual(bob.actions(long), bob.actions(null));

    // As long as they may be.
    service.setUser(most);
    const longest = service.ability(most);
    assert.isTrue(longest.can("createChannel"));
    assert.isTrue(longest.explain("editUserInfo", most).allowed);
    assert.include(longest.actions(most), "editUserInfo");
    refuses(
      { rolecall, assert, service },
      () => service.grant("Channel User", most),
      "unknown-permission",
      "permission",
    );
    service.updateRole("Channel User", new Array(2 ** 12).fill("sendMessage"));
    assert.deepEqual(service.role("Channel User").permissions, ["sendMessage"]);
  },

  "a string of a payload that is longer than one may be is refused, wherever it is": (rolecall, assert) => {
    const most = "x".repeat(2 ** 16);
    const role = (changes) => ({ sid: "RL1", friendly_name: "r", type: "channel", permissions: [], ...changes });
    const table = [
      ["roles[0].sid", (long) => ({ roles: [role({ sid: long })] })],
      ["roles[0].permissions[1]", (long) => ({ roles: [role({ permissions: ["sendMessage", long] })] })],
      ["users[1].identity", (long) => ({ users: [{ identity: "zoe" }, { identity: long }] })],
      ["users[0].roleSid", (long) => ({ users: [{ identity: "zoe", roleSid: long }] })],
      ["channels[0].sid", (long) => ({ channels: [{ sid: long }] })],
      ["members[0].identity", (long) => ({ members: [{ channel_sid: "CH1", identity: long, role_sid: "RLCU" }] })],
      ["dialect", (long) => ({ dialect: long, users: [] })],
    ];
    for (const [path, payload] of table) {
      const service = town(rolecall);
      const long = payload(`${most}x`);
      refuses({ rolecall, assert, service }, () => service.load(long), "too-large", path, path);
      // Also where it is no well-formed string.
      const hostile = payload(`${most}\ud800`);
      refuses({ rolecall, assert, service }, () => service.load(hostile), "too-large", path, path);
    }
    const service = town(rolecall);
    service.load({ roles: [role({ permissions: [most] })], users: [{ identity: most }] });
    const again = rolecall.Service.from(service.toJSON());
    assert.deepEqual(again.toJSON(), service.toJSON());
    assert.deepEqual(again.role("RL1").permissions, [most]);
  },

  "more arguments than there are": (rolecall, assert) => {
    const service = town(rolecall);
    const ability = service.ability("bob", "CH1");
    assert.isFalse(ability.can("removeMember", "alice", "alice", true));
    assert.isTrue(ability.can("deleteMessage", "bob", bang, Symbol("more")));
  },

  "getters that call back into the service, and change it, and free it": (rolecall, assert) => {
    // What a getter does while an argument is read; and whether the service is there afterwards.
    const doings = [
      ["asks", (service) => service.ability("alice", "CH1").can("sendMessage"), true],
      ["writes a snapshot", (service) => JSON.stringify(service), true],
      ["changes", (service) => service.setUser("zoe"), true],
      ["loads", (service) => service.load({ users: { identity: "zoe", role_sid: "RL9" } }), true],
      ["previews", (service) => service.preview((draft) => draft.removeUser("bob")), true],
      ["frees", (service) => service.free(), false],
    ];
    const values = { friendlyName: "a", type: "channel", permissions: ["sendMessage"], sid: "new" };
    const calls = [
      ["load", (service, object) => service.load(object(["users", [{ identity: "eve", role_sid: "RL9" }]]))],
      ["load a row", (service, object) => service.load({ users: [object(["identity", "eve"], ["role_sid", "RL9"])] })],
      ["load's options", (service, object) => service.load({ users: [] }, object(["replace", true]))],
      ["createRole", (service, object) => service.createRole(object(...Object.entries(values)))],
      ["createChannel", (service, object) => service.createChannel(object(["sid", "CH7"], ["createdBy", "bob"]))],
      ["load's toJSON", (service, object) => service.load(object(["toJSON", () => ({ users: [] })]))],
      ["defineAction", (service, object) => service.defineAction("own", object(["any", "own"], ["memberOnly", true]))],
      ["whoCan", (service, object) => service.whoCan("sendMessage", object(["channel", "CH1"]))],
    ];
    for (const [what, doing, lives] of doings) {
      for (const [name, call] of calls) {
        const about = `${name} with a getter that ${what}`;
        const service = town(rolecall);
        let ran = 0;
        const object = (...fields) =>
          Object.defineProperties(
            {},
            Object.fromEntries(
              fields.map(([field, value]) => [
                field,
                {
                  get() {
                    ran++;
                    doing(service);
                    return value;
                  },
                },
              ]),
            ),
          );
        if (lives) {
          assert.doesNotThrow(() => call(service, object), about);
          assert.isTrue(service.ability("alice", "CH1").can("sendMessage"), about);
          assert.isNotEmpty(JSON.stringify(service), about);
        } else {
          let error;
          try {
            call(service, object);
          } catch (thrown) {
            error = thrown;
          }
          assert.equal(error?.code, "freed", `${about}: ${error}`);
        }
        assert.isAbove(ran, 0, about);
        assert.isTrue(town(rolecall).ability("alice", "CH1").can("sendMessage"), about);
      }
    }
  },

  "methods without their service": (rolecall, assert) => {
    const { toJSON, setUser } = town(rolecall);
    assert.throws(() => toJSON(), TypeError);
    assert.throws(() => setUser.call({}, "eve"), TypeError);
    const service = town(rolecall);
    const bob = service.ability("bob", "CH1");
    assert.throws(() => bob.can.call({ identity: "bob" }, "sendMessage"), TypeError);
    assert.isTrue(bob.can("sendMessage"));
  },

  "a field of options may be inherited, but not from what a page has put onto the language's prototypes": (
    rolecall,
    assert,
  ) => {
    class Channel {
      get sid() {
        return "CH8";
      }
    }
    const service = town(rolecall);
    service.createChannel(new Channel());
    service.createChannel(Object.create({ sid: "CH9" }));
    assert.includeMembers(
      service.channels().map(({ sid }) => sid),
      ["CH8", "CH9"],
    );
    for (const prototype of [Object.prototype, Array.prototype]) {
      prototype.type = "public";
      prototype.sid = "CH polluted";
      try {
        const polluted = town(rolecall);
        refuses({ rolecall, assert, service: polluted }, () => polluted.createChannel({}), "invalid-argument", "sid");
        polluted.createChannel({ sid: "CH8" });
        polluted.createChannel({ sid: "CH9", type: "public" });
        const types = Object.fromEntries(polluted.channels().map(({ sid, type }) => [sid, type]));
        assert.deepEqual([types.CH8, types.CH9], ["private", "public"]);
      } finally {
        delete prototype.type;
        delete prototype.sid;
      }
    }
  },

  "a payload is not read from what a page has put onto the language's prototypes": (rolecall, assert) => {
    class Row {
      get State() {
        return "inactive";
      }
    }
    const state = { current: "closed" };
    const users = [{ identity: "mallory", role_sid: "RL1" }];
    const ways = {
      "a value": { State: { value: "closed" }, Users: { value: users }, 0: { value: { sid: "CH0" }, writable: true } },
      "a value that is listed": {
        State: { value: "closed", enumerable: true },
        Users: { value: users, enumerable: true },
      },
      "a getter": { State: { get: () => ({ ...state }) }, Users: { get: () => [...users] } },
    };
    for (const [way, descriptors] of Object.entries(ways)) {
      for (const prototype of [Object.prototype, Array.prototype]) {
        for (const [name, descriptor] of Object.entries(descriptors)) {
          Object.defineProperty(prototype, name, { ...descriptor, configurable: true });
        }
        let found;
        let refused;
        try {
          const roles = [{ sid: "RL1", friendly_name: "crew", type: "service", permissions: ["createConversation"] }];
          const conversations = [
            { sid: "CH1" },
            Object.assign(new Row(), { sid: "CH2" }),
            { sid: "CH3", state: "closed" },
            Object.create({ sid: "CH4", state: "closed" }),
          ];
          const service = rolecall.Service.from({ roles, conversations });
          found = [
            service
              .channels()
              .map(({ sid, state }) => `${sid} ${state}`)
              .sort(),
            service.users(),
          ];
          service.load({ conversations: new Array(1) });
        } catch ({ code, path }) {
          refused = [code, path];
        } finally {
          for (const name of Object.keys(descriptors)) delete prototype[name];
        }
        assert.deepEqual(found, [["CH1 active", "CH2 inactive", "CH3 closed", "CH4 closed"], []], way);
        assert.deepEqual(refused, ["invalid-type", "conversations[0]"], way);
      }
    }
  },

  "an error has its properties as the built-in ones have theirs": (rolecall, assert) => {
    const service = town(rolecall);
    const error = refuses({ rolecall, assert, service }, () => service.setUser(5), "invalid-argument", "identity");
    const denied = refuses(
      { rolecall, assert, service },
      () => service.ability("bob", "CH1").require("removeMember"),
      "permission-denied",
    );
    const builtIn = Object.getOwnPropertyDescriptor(TypeError.prototype, "name");
    // A bundler may call the classes otherwise.
    for (const name of ["RolecallError", "PermissionDenied"]) {
      const { prototype } = rolecall[name];
      assert.deepEqual(Object.getOwnPropertyDescriptor(prototype, "name"), { ...builtIn, value: name });
    }
    const own = { configurable: true, enumerable: true, writable: true };
    assert.deepEqual(Object.getOwnPropertyDescriptor(error, "path"), { ...own, value: "identity" });
    assert.deepEqual(Object.getOwnPropertyDescriptor(error, "code"), { ...own, value: "invalid-argument" });
    assert.sameMembers(Object.keys(denied), ["code", "status", "twilioCode", "decision"]);
  },
};
