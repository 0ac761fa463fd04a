import { bang, produced, refuses, revoked } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

/** Every trap throws. */
const throwing = (target) =>
  new Proxy(target, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, bang])));

/** Values that no caller means, by name. Each is made anew. */
const VALUES = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  0: () => 0,
  NaN: () => NaN,
  "-1": () => -1,
  "2 ** 32": () => 2 ** 32,
  bigint: () => 10n,
  symbol: () => Symbol("alice"),
  "Symbol.iterator": () => Symbol.iterator,
  "empty text": () => "",
  "lone surrogate": () => "\ud800",
  "text with a null": () => "a\0b",
  "long text": () => "x".repeat(100_000),
  __proto__: () => "__proto__",
  constructor: () => "constructor",
  function: () => () => "alice",
  class: () => class {},
  object: () => ({}),
  "object without prototype": () => Object.create(null),
  list: () => [],
  "list of a list": () => [[]],
  // biome-ignore lint/suspicious/noSparseArray: that is what it is
  "sparse list": () => [, "sendMessage"],
  "list of a symbol": () => [Symbol("sendMessage")],
  "list of 1e9": () => new Array(1e9),
  "boxed text": () => new String("alice"),
  date: () => new Date(Number.NaN),
  "object whose toString throws": () => ({ toString: bang, valueOf: bang, [Symbol.toPrimitive]: bang }),
  "object whose toJSON throws": () => ({ toJSON: bang }),
  "array buffer": () => new ArrayBuffer(8),
  "typed array": () => new Uint8Array(8),
  "revoked proxy": () => revoked({}),
  "revoked proxy of a list": () => revoked([]),
  "revoked proxy of a function": () => revoked(() => {}),
  "throwing proxy": () => throwing({}),
  "throwing proxy of a list": () => throwing([]),
  "proxy of a list whose length is a symbol": () =>
    new Proxy([], { get: (list, key) => (key === "length" ? Symbol("length") : Reflect.get(list, key)) }),
  "proxy of a list whose length throws when compared": () =>
    new Proxy([], { get: (list, key) => (key === "length" ? { valueOf: bang } : Reflect.get(list, key)) }),
  "list whose iterator throws": () => Object.assign(["sendMessage"], { [Symbol.iterator]: bang }),
  "proxy that answers itself": () => {
    const proxy = new Proxy({}, { get: () => proxy });
    return proxy;
  },
  "proxy of a list that answers itself": () => {
    const proxy = new Proxy([], {
      get: (list, key) => (key === "length" ? 3 : typeof key === "symbol" ? list[key] : proxy),
    });
    return proxy;
  },
};

/** An object whose every field that the package knows is got by that. */
const withGetters = (get) =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      [
        ..."dialect roles replace friendlyName friendly_name type permissions sid createdBy channel owner any own".split(
          " ",
        ),
        ..."memberOnly whenClosed uniqueName state users channels members invites service identity rolecall".split(" "),
        ..."actions".split(" "),
      ].map((field) => [field, { get, enumerable: true }]),
    ),
  );

VALUES["object whose getters throw"] = () => withGetters(bang);

/** Every method with what it takes, so that each argument in turn may be something else. */
const CALLS = (rolecall, service, ability) => [
  ["new Service", (...given) => new rolecall.Service(...given), [{}]],
  ["new Service: dialect", (dialect) => new rolecall.Service({ dialect }), ["chat"]],
  ["new Service: roles", (roles) => new rolecall.Service({ roles }), ["none"]],
  ["Service.from", (...given) => rolecall.Service.from(...given), [{}, {}]],
  ["Service.from: dialect", (dialect) => rolecall.Service.from({}, { dialect }), ["chat"]],
  ["load", (...given) => service.load(...given), [{}, {}]],
  ...["roles", "users", "channels", "members", "invites", "service", "actions", "rolecall", "dialect"].map(
    (section) => [`load: ${section}`, (value) => service.load({ [section]: value }), [undefined]],
  ),
  ["load: a row", (row) => service.load({ users: [row] }), [{ identity: "eve", role_sid: "RL9" }]],
  ["load: a row's field", (identity) => service.load({ users: [{ identity, role_sid: "RL9" }] }), ["eve"]],
  ["load: a row's role", (role_sid) => service.load({ users: [{ identity: "eve", role_sid }] }), ["RL9"]],
  [
    "load: a row's list",
    (permissions) => service.load({ roles: { sid: "RL8", type: "channel", permissions } }),
    [["sendMessage"]],
  ],
  [
    "load: an element",
    (element) => service.load({ roles: { sid: "RL8", type: "channel", permissions: [element] } }),
    ["sendMessage"],
  ],
  ["load: channel", (channel) => service.load({ users: [] }, { channel }), ["CH1"]],
  ["load: identity", (identity) => service.load({ users: [] }, { identity }), ["eve"]],
  ["load: replace", (replace) => service.load({ users: { identity: "eve", role_sid: "RL9" } }, { replace }), [false]],
  ["roles", (...given) => service.roles(...given), ["service"]],
  ["role", (...given) => service.role(...given), ["Channel User", "channel"]],
  [
    "createRole",
    (role) => service.createRole(role),
    [{ friendlyName: "a", type: "channel", permissions: ["sendMessage"] }],
  ],
  [
    "createRole: fields",
    (friendlyName, type, permissions, sid) => service.createRole({ friendlyName, type, permissions, sid }),
    ["a", "channel", ["sendMessage"], undefined],
  ],
  ["updateRole", (...given) => service.updateRole(...given), ["Channel User", ["sendMessage"], "channel"]],
  ["grant", (...given) => service.grant(...given), ["Channel User", "sendMessage", "channel"]],
  ["revoke", (...given) => service.revoke(...given), ["Channel User", "sendMediaMessage", "channel"]],
  ["deleteRole", (...given) => service.deleteRole(...given), ["unused", "channel"]],
  ["setDefaultRole", (...given) => service.setDefaultRole(...given), ["member", "Channel User"]],
  ["setUser", (...given) => service.setUser(...given), ["eve", "Service User"]],
  ["removeUser", (...given) => service.removeUser(...given), ["eve"]],
  ["createChannel", (channel) => service.createChannel(channel), [{ sid: "CH8" }]],
  [
    "createChannel: fields",
    (sid, type, createdBy, uniqueName, state) => service.createChannel({ sid, type, createdBy, uniqueName, state }),
    ["CH7", "private", "eve", "seven", "active"],
  ],
  ["setChannelState", (...given) => service.setChannelState(...given), ["CH1", "inactive"]],
  ["joinChannel", (...given) => service.joinChannel(...given), ["CH1", "eve"]],
  ["removeChannel", (...given) => service.removeChannel(...given), ["CH8"]],
  ["setMember", (...given) => service.setMember(...given), ["CH1", "eve", "Channel User"]],
  ["removeMember", (...given) => service.removeMember(...given), ["CH1", "eve"]],
  ["invite", (...given) => service.invite(...given), ["CH1", "eve", "Channel User"]],
  ["acceptInvite", (...given) => service.acceptInvite(...given), ["CH1", "carl"]],
  ["declineInvite", (...given) => service.declineInvite(...given), ["CH1", "eve"]],
  ["members", (...given) => service.members(...given), ["CH1"]],
  ["invites", (...given) => service.invites(...given), ["CH1"]],
  ["ability", (...given) => service.ability(...given), ["eve", "CH1"]],
  ["whoCan", (...given) => service.whoCan(...given), ["deleteMessage", { channel: "CH1" }]],
  ["whoCan: fields", (channel, owner) => service.whoCan("deleteMessage", { channel, owner }), ["CH1", "bob"]],
  ["preview", (...given) => service.preview(...given), [() => {}]],
  ["defineAction", (...given) => service.defineAction(...given), ["own", { any: "own" }]],
  [
    "defineAction: fields",
    (any, own, memberOnly, whenClosed) => service.defineAction("own2", { any, own, memberOnly, whenClosed }),
    ["own", "own", true, true],
  ],
  ["subscribe", (...given) => service.subscribe(...given)(), [() => {}]],
  ["can", (...given) => ability.can(...given), ["deleteMessage", "eve"]],
  ["cannot", (...given) => !ability.cannot(...given), ["deleteMessage", "eve"]],
  ["has", (...given) => ability.has(...given), ["removeMember"]],
  ["canEach", (...given) => ability.canEach(...given), [["deleteMessage"], ["eve"]]],
  ["actions", (...given) => ability.actions(...given), ["eve"]],
  ["explain", (...given) => ability.explain(...given), ["deleteMessage", "eve"]],
  ["require", (...given) => ability.require(...given), ["deleteMessage", "bob"]],
  ["ability.subscribe", (...given) => ability.subscribe(...given)(), [() => {}]],
];

/** What bob, whom the calls are about, may do and may not, whatever was tried. */
function stillAnswers({ Service }, assert, service, about) {
  const [alice, bob, nobody] = ["alice", "bob", "nobody"].map((identity) => service.ability(identity, "CH1"));
  assert.isTrue(alice.can("deleteMessage", "bob"), about);
  assert.isTrue(bob.can("deleteMessage", "bob"), about);
  assert.isFalse(bob.can("deleteMessage", "alice"), about);
  assert.isFalse(bob.can("removeMember"), about);
  assert.deepEqual(nobody.actions("nobody"), [], about);
  assert.deepEqual(new Service({ roles: "none" }).roles(), [], about);
}

/** Calls it; gives the answer, or throws what is no RolecallError. */
function attempt(rolecall, assert, service, call, about) {
  const before = JSON.stringify(service);
  try {
    return { answer: call() };
  } catch (error) {
    assert.instanceOf(error, rolecall.RolecallError, `${about}: ${error?.stack ?? String(error)}`);
    assert.match(error.code, /^[a-z-]+$/, about);
    assert.match(error.message, /\S/, about);
    assert.equal(JSON.stringify(service), before, `${about} changed something`);
    produced.add(error.code);
    return { error };
  }
}

/** Answers of these say "allowed" or "granted". */
const YES = {
  canEach: (answer) => answer.some((row) => row.deleteMessage),
  can: (answer) => answer === true,
  cannot: (answer) => answer === true,
  has: (answer) => answer === true,
  explain: (answer) => answer.allowed,
  actions: (answer) => answer.includes("deleteMessage"),
  require: () => true,
  whoCan: (answer) => answer.includes("bob"),
};

export const tests = {
  "a text or a list of texts that is longer than an argument may be is refused before it crosses": (
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

  "a text of a payload that is longer than one may be is refused, wherever it is": (rolecall, assert) => {
    const most = "x".repeat(2 ** 16);
    const role = (changes) => ({ sid: "RL1", friendly_name: "r", type: "channel", permissions: [], ...changes });
    const table = [
      ["roles[0].sid", (long) => ({ roles: [role({ sid: long })] })],
      ["roles[0].permissions[1]", (long) => ({ roles: [role({ permissions: ["sendMessage", long] })] })],
      ["users[1].identity", (long) => ({ users: [{ identity: "zoe" }, { identity: long }] })],
      ["users[0].roleSid", (long) => ({ users: [{ identity: "zoe", roleSid: long }] })],
      ["channels[0].sid", (long) => ({ channels: [{ sid: long }] })],
      ["members[0].identity", (long) => ({ members: [{ channel_sid: "CH1", identity: long, role_sid: "RLCU" }] })],
      ["dialect", (long) => ({ dialect: long })],
    ];
    for (const [path, payload] of table) {
      const service = town(rolecall);
      const long = payload(`${most}x`);
      refuses({ rolecall, assert, service }, () => service.load(long), "too-large", path, path);
      // Also where it is no text.
      const hostile = payload(`${most}\ud800`);
      refuses({ rolecall, assert, service }, () => service.load(hostile), "too-large", path, path);
    }
    const service = town(rolecall);
    service.load({ roles: [role({ permissions: [most] })], users: [{ identity: most }] });
    const again = rolecall.Service.from(service.toJSON());
    assert.deepEqual(again.toJSON(), service.toJSON());
    assert.deepEqual(again.role("RL1").permissions, [most]);
  },

  "whatever is given in the place of an argument: an answer or a RolecallError, and never a yes": (
    rolecall,
    assert,
  ) => {
    const shared = town(rolecall);
    let refused = 0;
    for (const [name, , good] of CALLS(rolecall, shared, shared.ability("bob", "CH1"))) {
      for (const place of good.keys()) {
        for (const [what, make] of Object.entries(VALUES)) {
          // What a function throws that a preview calls is the caller's own.
          if (name === "preview" && typeof make() === "function") continue;
          const about = `${name}, argument ${place}: ${what}`;
          const service = town(rolecall);
          const ability = service.ability("bob", "CH1");
          const [, call] = CALLS(rolecall, service, ability).find(([each]) => each === name);
          const given = good.with ? good.with(place, make()) : Object.assign([...good], { [place]: make() });
          const { answer, error } = attempt(rolecall, assert, service, () => call(...given), about);
          if (error) {
            refused++;
            stillAnswers(rolecall, assert, service, about);
          } else if (Object.hasOwn(YES, name)) {
            assert.isFalse(YES[name](answer), `${about} is a yes`);
          }
          JSON.stringify(service);
          service.free();
        }
      }
    }
    assert.isAbove(refused, 1000);
    shared.free();
  },

  "no arguments at all": (rolecall, assert) => {
    const service = town(rolecall);
    const ability = service.ability("bob", "CH1");
    let refused = 0;
    for (const [name, call] of CALLS(rolecall, service, ability)) {
      if (name.includes(":") || name === "preview") continue;
      if (attempt(rolecall, assert, service, () => call(), `${name}()`).error) refused++;
    }
    assert.isAbove(refused, 20);
    stillAnswers(rolecall, assert, service);
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
    assert.throws(() => service.ability("bob", "CH1").can.call({ identity: "bob" }, "sendMessage"), TypeError);
    stillAnswers(rolecall, assert, service);
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

  "a polluted Object.prototype allows nothing": (rolecall, assert) => {
    const polluted = {
      permissions: ["removeMember"],
      role_sid: "RL1",
      roleSid: "RL1",
      allowed: true,
      own: "x",
      replace: true,
    };
    for (const [key, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, key, { value, configurable: true, enumerable: true, writable: true });
    }
    try {
      const service = town(rolecall);
      stillAnswers(rolecall, assert, service);
      assert.isFalse(service.ability("bob", "CH1").explain("removeMember").allowed);
    } finally {
      for (const key of Object.keys(polluted)) delete Object.prototype[key];
    }
    assert.notProperty({}, "allowed");
  },

  "a polluted prototype adds no field to a payload and takes none away": (rolecall, assert) => {
    const payload = {
      roles: [{ sid: "RL1", type: "deployment", permissions: ["createChannel"] }],
      users: [{ identity: "alice", role_sid: "RL1" }, { identity: "bob" }],
    };
    const users = [
      { identity: "alice", roleSid: "RL1" },
      { identity: "bob", roleSid: "" },
    ];
    const table = {
      role_sid: "RL1",
      roleSid: "RL1",
      identity: "eve",
      permissions: ["joinChannel"],
      friendly_name: "polluted",
      members: [{ channel_sid: "CH1", identity: "bob", role_sid: "RL1" }],
      configuration: { default_chat_service_role_sid: "RL1" },
    };
    for (const prototype of [Object.prototype, Array.prototype]) {
      for (const [name, value] of Object.entries(table)) {
        Object.defineProperty(prototype, name, { value, configurable: true });
        try {
          const service = rolecall.Service.from(payload);
          const role = service.role("RL1");
          assert.deepEqual(service.users(), users, name);
          assert.deepEqual([role.friendlyName, ...role.permissions], ["RL1", "createChannel"], name);
          assert.isEmpty(service.channels(), name);
          assert.throws(() => service.setUser("carl"), /no default role/, name);
        } finally {
          delete prototype[name];
        }
      }
    }
  },
};
