// Values that no caller means. Each is made anew, from random choices that a seed repeats.

import { bang, revoked } from "../../package/contract/shared/check.mjs";

/** Throws whatever may be thrown. */
const throwAny = (random) => {
  throw random.pick([
    undefined,
    null,
    "text",
    7n,
    Symbol("thrown"),
    Object.create(null),
    new Proxy({}, { get: bang }),
    Object.assign(new Error("with a code"), { code: "unknown-role", path: 5 }),
    new RangeError("Maximum call stack size exceeded"),
  ]);
};

const everyTrap = (trap) => Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, trap]));

const selfAnswering = (target) => {
  const proxy = new Proxy(target, {
    get: (of, key) => (key === "length" ? 3 : typeof key === "symbol" ? of[key] : proxy),
  });
  return proxy;
};

const cycle = () => {
  const object = {};
  for (const field of FIELDS) object[field] = object;
  return object;
};

/** Names that the package looks for in payloads and in arguments, in every spelling. */
export const FIELDS = [
  ..."rolecall dialect actions roles users channels conversations members participants invites service".split(" "),
  ..."configuration action any own member_only when_closed sid friendly_name unique_name type permissions".split(" "),
  ..."identity role_sid channel_sid conversation_sid conversation created_by state current status user_sid".split(" "),
  ..."participant_identity messaging_binding service_sid chat_service_sid instances items".split(" "),
  ..."default_service_role_sid default_conversation_role_sid default_channel_creator_role_sid".split(" "),
  ..."replace channel owner".split(" "),
].flatMap((name) => [
  ...new Set([
    name,
    name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
    name.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase()),
  ]),
]);

const long = "x".repeat(2000);
const veryLong = "x".repeat(200_000);

/** Strings: those that mean something elsewhere, and those that should mean nothing anywhere. */
const STRINGS = [
  ...["", " ", "\0", "bob\0", "bob ", " bob", "BOB", "Bob", "b\u00adob", "\u202ebob", "bob\u0301", "ﬁ", "İ", "ı", "ß"],
  ...["\ud800", "\udc00", "a\ud800", "\udfff\ud800", "😀", "\ufeff", "\uffff", "null", "undefined", "NaN", "0", "-1"],
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__", "length"],
  ...["[object Object]", "*", ".*", "%", "' or 1=1", "$&", "../..", "any", "own", "self", "system", "then", "toJSON"],
  ...["alice", "bob", "carl", "root", "nobody", "CH1", "CH2", "RLSA", "RLSU", "RLCA", "RLCU", "RLGONE"],
  ...["service admin", "SERVICE ADMIN", "Channel Admin", "chat", "conversations", "service", "channel", "deployment"],
  ...["conversation", "default", "none", "user", "member", "creator", "public", "private", "1", "2", "3"],
  ...["sendMessage", "deleteMessage", "removeMember", "inviteMember", "deleteAnyMessage", "editAnyUserInfo"],
  ...[
    "createConversation",
    "SendMessage",
    "sendMessage ",
    "pin",
    "pinAny",
    "pinOwn",
    "desk",
    "closed",
    "active",
    "joined",
  ],
];

/** Lengths of lists, all of them short: what walks a list of the caller's itself would walk for years. */
const LENGTHS = [0, 5, -1, NaN, "2", undefined, null, Symbol("length"), 2n, { valueOf: bang }, [2]];

class Private {
  #hidden = "alice";
  get identity() {
    return this.#hidden;
  }
  toString() {
    return this.#hidden;
  }
}

const made = {
  primitive: (random) =>
    random.pick([undefined, null, true, false, 0, -0, 1, -1, NaN, Infinity, 2 ** 32, 2 ** 53, 1e308, 0n, -(2n ** 70n)]),
  symbol: (random) => random.pick([Symbol("alice"), Symbol.for("alice"), Symbol.iterator, Symbol.toPrimitive]),
  string: (random) => random.pick(STRINGS),
  "joined strings": (random) => random.pick(STRINGS) + random.pick(STRINGS),
  "any characters": (random) =>
    String.fromCharCode(...Array.from({ length: random.below(9) }, () => random.below(0x10000))),
  "long string": (random) => (random.below(50) ? random.pick([long, `${long}\ud800`, `é${long}`]) : veryLong),
  "list of strings": (random) => Array.from({ length: random.below(4) }, () => random.pick(STRINGS)),
  list: (random, world, depth) => Array.from({ length: random.below(3) }, () => hostile(random, world, depth + 1)),
  "sparse list": (random) => {
    const list = new Array(1 + random.below(3));
    list[random.below(3)] = random.pick(STRINGS);
    return list;
  },
  "list of holes": (random) => new Array(random.pick([1, 100, 2 ** 16])),
  object: (random, world, depth) => {
    const object = random.below(2) ? {} : Object.create(null);
    for (let fields = random.below(4); fields > 0; fields--) {
      object[random.pick(FIELDS)] = hostile(random, world, depth + 1);
    }
    return random.pick([(it) => it, Object.freeze, Object.seal])(object);
  },
  "list-like": (random) => ({ length: random.pick([0, 1, -1, NaN, "2", 1e9]), 0: random.pick(STRINGS) }),
  "boxed primitive": (random) => Object(random.pick([...STRINGS.slice(0, 9), 1, true, 1n, Symbol("x")])),
  "object of the language": (random) =>
    random.pick([
      () => new Date(NaN),
      () => /alice/g,
      () => new Map([["identity", "alice"]]),
      () => new Set(["sendMessage"]),
      () => new WeakMap(),
      () => new ArrayBuffer(8),
      () => new Uint8Array(8),
      () => new DataView(new ArrayBuffer(8)),
      () => Promise.resolve("alice"),
      () => new Error("alice"),
      () => new Private(),
      () => globalThis,
      () => Object.prototype,
      () => Array.prototype,
      () => Function.prototype,
      () => Reflect,
      () => (typeof document === "undefined" ? undefined : document.all),
    ])(),
  function: (random) =>
    random.pick([
      () => {},
      () => "alice",
      function alice() {},
      class {},
      async () => {},
      function* () {},
      bang,
      String,
      Proxy,
    ]),
  cycle,
  "string by conversion": (random) => {
    const text = random.pick(STRINGS);
    return random.pick([
      { toString: () => text },
      { valueOf: () => text, toString: bang },
      { [Symbol.toPrimitive]: () => text },
      { toJSON: () => text },
      { toString: bang, valueOf: bang, [Symbol.toPrimitive]: bang, toJSON: bang },
    ]);
  },
  "revoked proxy": (random) => revoked(random.pick([{}, [], () => {}])),
  "throwing proxy": (random) =>
    new Proxy(random.pick([{}, [], () => {}]), everyTrap(random.below(4) ? bang : () => throwAny(random))),
  "proxy that answers itself": (random) => selfAnswering(random.pick([{}, []])),
  "proxy of a string": (random) => new Proxy(Object(random.pick(STRINGS)), {}),
  "proxy of a list with another length": (random) => {
    const length = random.pick(LENGTHS);
    return new Proxy(["sendMessage"], { get: (list, key) => (key === "length" ? length : list[key]) });
  },
  "list whose iterator is another": (random) =>
    Object.assign(["sendMessage"], { [Symbol.iterator]: random.pick([bang, undefined, () => ({ next: bang })]) }),
  "object of the package's": (random, world) => {
    const { Service, RolecallError } = world.rolecall;
    const freed = () => {
      const service = new Service();
      service.free();
      return service;
    };
    class Mine extends Service {
      toJSON() {
        throwAny(random);
      }
    }
    return random.pick([
      () => world.service,
      () => world.ability,
      () => new Proxy(world.service, {}),
      () => new Proxy(world.ability, {}),
      () => Object.create(world.service),
      () => Object.create(Service.prototype),
      freed,
      () => new Mine(),
      () => Service,
      () => Service.prototype,
      () => new RolecallError("unknown-role", "mine"),
    ])();
  },
  "getters that throw": (random) => withGetters(random, () => () => throwAny(random)),
  "getters that call back": (random, world, depth) =>
    withGetters(random, () => {
      const value = hostile(random, world, depth + 1);
      return () => {
        world.callBack(random);
        return value;
      };
    }),
  "getters that give something else each time": (random, world, depth) =>
    withGetters(random, () => {
      const values = [hostile(random, world, depth + 1), random.pick(STRINGS), hostile(random, world, depth + 1)];
      let reads = 0;
      return () => values[reads++ % values.length];
    }),
};

/** An object or a list of which some fields or elements are getters. */
function withGetters(random, make) {
  const object = random.below(3) ? {} : [];
  const names = Array.isArray(object) ? ["0", "1"] : FIELDS.filter(() => random.below(6) === 0);
  for (const name of names)
    Object.defineProperty(object, name, { get: make(name), enumerable: true, configurable: true });
  return object;
}

const kinds = Object.keys(made);

/** Any of them. `world` has the package, a service and an ability of it, and `callBack`. */
export function hostile(random, world, depth = 0) {
  const kind = depth > 1 ? random.pick(["primitive", "string", "symbol"]) : random.pick(kinds);
  return made[kind](random, world, depth);
}

/** The way to each place in a value: itself, each field, each element, and theirs. */
function placesOf(value, way = []) {
  if (typeof value !== "object" || value === null) return [way];
  return [way, ...Object.keys(value).flatMap((key) => placesOf(value[key], [...way, key]))];
}

function replaced(value, way, at, by) {
  if (at === way.length) return by(value);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[way[at]] = replaced(value[way[at]], way, at + 1, by);
  return copy;
}

const placesKnown = new WeakMap();

/** The value with something hostile in the place of one of its parts. `template` is plain. */
export function infested(random, world, template) {
  if (typeof template === "function") return hostile(random, world);
  let places = typeof template === "object" && placesKnown.get(template);
  if (!places) {
    places = placesOf(template);
    if (typeof template === "object" && template !== null) placesKnown.set(template, places);
  }
  return replaced(template, random.pick(places), 0, () => hostile(random, world));
}
