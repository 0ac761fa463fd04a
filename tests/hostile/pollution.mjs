// What a page does to the prototypes of the language changes no answer: the same program, with and without.

import { TOWN } from "./town.mjs";
import { FIELDS } from "./values.mjs";

/** Loads, asks, changes, previews and fails; gives everything that came of it as one text. */
function program({ Service }) {
  const said = [];
  const attempt = (call) => {
    try {
      said.push(call());
    } catch (error) {
      // Read as own ones: what a prototype says of them is what the test put there.
      said.push([error.name, ...Object.entries(Object.getOwnPropertyDescriptors(error)).flatMap(codeOrPath)]);
    }
  };
  const service = Service.from(TOWN);
  for (const identity of ["bob", "dora", "nobody"]) {
    for (const channel of ["CH1", undefined]) {
      const ability = service.ability(identity, channel);
      for (const owner of [identity, "somebody else", null]) {
        for (const action of ["deleteMessage", "removeMember", "pin"]) {
          attempt(() => [ability.can(action, owner), ability.cannot(action, owner), ability.explain(action, owner)]);
          attempt(() => ability.require(action, owner));
        }
        attempt(() => ability.actions(owner));
      }
      attempt(() => [ability.has("removeMember"), ability.permissions()]);
      attempt(() => ability.canEach(["deleteMessage", "removeMember"], [identity, "somebody else", null]));
    }
  }
  attempt(() => service.whoCan("deleteMessage", {}));
  attempt(() => service.whoCan("deleteMessage", { owner: "bob", channel: "CH1" }));
  attempt(() => service.load({ users: [{ identity: "eve" }], channels: { sid: "CH3" } }));
  attempt(() => service.load({ members: [{ channel_sid: "CH3", identity: "eve" }] }));
  attempt(() => service.load({ roles: [{ sid: "RL9", type: "channel" }] }));
  attempt(() => service.load({ roles: [{ type: "channel", permissions: [] }] }));
  attempt(() => service.load({ roles: { sid: "RL8", type: "channel", permissions: new Array(2) } }));
  attempt(() => service.load({ users: new Array(2) }));
  attempt(() => service.load({ users: [] }, {}));
  attempt(() => service.load(Object.create(null)));
  attempt(() => service.createRole({ friendlyName: "a", type: "channel", permissions: ["sendMessage"], sid: "RL7" }));
  attempt(() => service.createRole({ friendlyName: "b", type: "channel" }));
  attempt(() => service.updateRole("a", new Array(1)));
  attempt(() => service.createChannel({ sid: "CH4" }));
  attempt(() => service.createChannel({}));
  attempt(() => service.defineAction("star", { any: "star" }));
  attempt(() => service.defineAction("moon", {}));
  attempt(() => service.preview((draft) => draft.grant("a", "removeMember")));
  attempt(() => service.setMember("CH4", "eve", "a"));
  attempt(() => service.deleteRole("a"));
  attempt(() => [service.roles(), service.users(), service.channels(), service.members("CH1"), service.invites("CH1")]);
  attempt(() => new Service({}).users());
  attempt(() => new Service({}).dialect);
  attempt(() => Service.from({ users: [{ identity: "eve", role_sid: "RL1" }] }, {}).toJSON());
  attempt(() => service.toJSON());
  service.free();
  return said;
}

/** Without taking the entry apart by a pattern, which calls a `return` that is there. */
const codeOrPath = (entry) => (["code", "path"].includes(entry[0]) ? [`${entry[0]} ${entry[1].value}`] : []);

/** Names that answers have, and errors, and descriptors of properties. */
const OTHER_NAMES = [
  ..."allowed reason missing status twilioCode message permission decision code path cause stack version".split(" "),
  ..."friendlyName scope warnings added updated unchanged removed skipped identity self other then toJSON".split(" "),
  ..."get set value writable enumerable configurable done next return index input groups length size".split(" "),
  ..."deleteMessage removeMember createMessage sendMessage pin star bob alice CH1 RLCA undefined null".split(" "),
];

/** Adds a property, runs, and takes it away. */
function polluting(prototype, name, descriptor, run) {
  // Without a prototype, since what is put there may be `get` or `value`.
  Object.defineProperty(prototype, name, Object.assign(Object.create(null), { configurable: true }, descriptor));
  try {
    return run();
  } finally {
    delete prototype[name];
  }
}

/** How a name may come to be on a prototype. */
const MANNERS = {
  "can be written": (value) => ({ value, writable: true, enumerable: true }),
  "is read only": (value) => ({ value, writable: false }),
  "is a getter": (value) => ({ get: () => value }),
  "is a getter and a setter": (value) => ({ get: () => value, set() {} }),
};

const VALUES = {
  true: true,
  "an admin's SID": "RLCA",
  "an identity": "bob",
  "a list of permissions": ["removeMember", "deleteAnyMessage"],
  rows: [{ channel_sid: "CH1", identity: "nobody", role_sid: "RLCA" }],
  "a function": () => "RLCA",
};

export const tests = {
  "what a page puts onto Object.prototype is no field of a payload, of options or of an answer": (rolecall, assert) => {
    const expected = JSON.stringify(program(rolecall));
    assert.include(expected, '"allowed":true');
    const names = new Set([...FIELDS, ...OTHER_NAMES]);
    const wrong = [];
    // Two of the values in turn, so that each name meets all of them in some manner.
    let turn = 0;
    for (const name of names) {
      for (const [manner, describe] of Object.entries(MANNERS)) {
        for (const [what, value] of Object.entries(VALUES).filter((_, at) => at % 3 === turn % 3)) {
          let found;
          try {
            found = polluting(Object.prototype, name, describe(value), () => program(rolecall));
          } catch (error) {
            found = String(error);
          }
          // Written down afterwards, since JSON.stringify would call a toJSON that is there.
          if (JSON.stringify(found) !== expected) wrong.push(`Object.prototype.${name} ${manner}, ${what}`);
        }
        turn++;
      }
    }
    assert.deepEqual(wrong, []);
  },

  "a builtin that throws, or an iterator that lies, allows nothing and changes nothing by halves": (
    rolecall,
    assert,
  ) => {
    const { Service } = rolecall;
    const expected = JSON.stringify(Service.from(TOWN));
    let refused = 0;
    let answered = 0;
    for (const { about, owner, name, value } of patches()) {
      const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
      const bob = service.ability("bob", "CH1");
      bob.can("deleteMessage", "bob");
      const carl = service.ability("carl", "CH1");
      // What is denied to them, as a call that gives true or throws; and calls that change nothing, or all.
      const denied = [
        () => bob.can("removeMember"),
        () => carl.can("sendMessage"),
        () => bob.can("deleteMessage", "alice"),
        () => bob.has("removeMember"),
        () => bob.explain("removeMember").allowed,
        () => bob.require("removeMember") === undefined,
        () => bob.canEach(["removeMember"], ["bob"])[0].removeMember,
        () => service.whoCan("removeMember", { channel: "CH1" }).includes("bob"),
      ];
      const changes = [
        () => service.setUser("bob", "Service User"),
        () => service.load({ users: [{ identity: "bob", role_sid: "RLSU" }] }),
        () => service.updateRole("RLSU", ["createChannel", "joinChannel", "editOwnUserInfo"]),
        () => service.preview((draft) => draft.removeUser("bob")),
      ];
      const outcomes = [];
      const found = Object.getOwnPropertyDescriptor(owner, name);
      const descriptor = { __proto__: null, ...found, value };
      Object.defineProperty(owner, name, descriptor);
      try {
        for (let at = 0; at < denied.length; at++) outcomes[at] = thrown(denied[at]);
        for (let at = 0; at < changes.length; at++) thrown(changes[at]);
      } finally {
        Object.defineProperty(owner, name, found);
      }
      for (const outcome of outcomes) {
        assert.notEqual(outcome, true, about);
        if (outcome === refusal) refused++;
        else answered++;
      }
      let text;
      try {
        text = JSON.stringify(service);
      } catch (error) {
        assert.equal(error.code, "broken", about);
        text = expected;
      }
      assert.equal(text, expected, about);
      assert.equal(JSON.stringify(other), expected, about);
      service.free();
      other.free();
    }
    assert.isAbove(refused, 10);
    assert.isAbove(answered, 1000);
  },

  "a builtin that throws while something is changed leaves no answer from before": (rolecall, assert) => {
    const { Service } = rolecall;
    let removed = 0;
    let refused = 0;
    for (const { about, owner, name, value } of patches()) {
      const service = Service.from(TOWN);
      const bob = service.ability("bob", "CH1");
      assert.isTrue(bob.can("sendMessage"), about);
      const found = Object.getOwnPropertyDescriptor(owner, name);
      Object.defineProperty(owner, name, { __proto__: null, ...found, value });
      try {
        thrown(() => service.removeMember("CH1", "bob"));
      } finally {
        Object.defineProperty(owner, name, found);
      }
      const answer = thrown(() => bob.can("sendMessage"));
      const isThere = thrown(() => service.members("CH1").some(({ identity }) => identity === "bob"));
      assert.equal(answer, isThere, about);
      if (answer === false) removed++;
      if (answer === refusal) refused++;
      service.free();
    }
    assert.isAbove(removed, 100);
    assert.isAbove(refused, 0);
  },
};

const refusal = {};

/** What it gives, or that it throws. Uses nothing that may be patched. */
function thrown(call) {
  try {
    return call();
  } catch {
    return refusal;
  }
}

/** Every function of the language that a program of this kind may use, made to throw; and iterators that give lies. */
function* patches() {
  const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]());
  const owners = {
    Array,
    "Array.prototype": Array.prototype,
    "ArrayIterator.prototype": arrayIterator,
    "Map.prototype": Map.prototype,
    "MapIterator.prototype": Object.getPrototypeOf(new Map().values()),
    "Set.prototype": Set.prototype,
    "WeakRef.prototype": WeakRef.prototype,
    "FinalizationRegistry.prototype": FinalizationRegistry.prototype,
    String,
    "String.prototype": String.prototype,
    "RegExp.prototype": RegExp.prototype,
    "TypedArray.prototype": Object.getPrototypeOf(Uint8Array.prototype),
    "TextEncoder.prototype": TextEncoder.prototype,
    "TextDecoder.prototype": TextDecoder.prototype,
    "Function.prototype": Function.prototype,
    Math,
    JSON,
    Reflect,
  };
  const lies = [
    ["gives nothing", () => ({ next: () => ({ done: true, value: undefined }) })],
    ["gives -1 without an end of four", () => [-1, -1, -1, -1].values()],
  ];
  const bang = () => {
    throw refusal;
  };
  for (const [owner, object] of Object.entries(owners)) {
    for (const name of Reflect.ownKeys(object)) {
      const { value, writable, configurable } = Object.getOwnPropertyDescriptor(object, name);
      if (typeof value !== "function" || !configurable || !writable || name === "constructor") continue;
      yield { about: `${owner}.${String(name)} throws`, owner: object, name, value: bang };
    }
  }
  for (const [about, value] of lies) {
    yield { about: `the iterator of lists ${about}`, owner: Array.prototype, name: Symbol.iterator, value };
  }
  let calls = 0;
  yield {
    about: "next of the iterator of lists gives -1, four at a time",
    owner: arrayIterator,
    name: "next",
    value: () => ({ done: calls++ % 5 === 4, value: -1 }),
  };
}
