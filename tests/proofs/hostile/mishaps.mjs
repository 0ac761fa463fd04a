// Data and callbacks that go wrong in each place where something of the caller's runs: it is refused with a code or answered,
// and changes nothing else. Each also while another service tells its listeners.

import { bang, revoked } from "../../package/contract/shared/check.mjs";
import { TOWN } from "./town.mjs";
import { FIELDS } from "./values.mjs";

/** The code of what it throws, or what it returns. */
function outcome({ RolecallError }, call) {
  try {
    return call();
  } catch (error) {
    return error instanceof RolecallError ? error.code : `threw ${Object.prototype.toString.call(error)}`;
  }
}

/** Runs it by itself, and in a listener of another service. */
function everywhere({ Service }, run) {
  run();
  const other = Service.from(TOWN);
  let thrown;
  other.subscribe(() => {
    try {
      run();
    } catch (error) {
      thrown = { error };
    }
  });
  const bob = other.ability("bob", "CH1");
  other.removeMember("CH1", "bob");
  if (thrown) throw thrown.error;
  if (bob.can("sendMessage")) throw new Error("what was listened to is as before");
  other.free();
}

/** Calls it; a `RolecallError` with that code must come, and the service must be as before and usable. */
function refused(rolecall, assert, service, call, code, about) {
  const before = JSON.stringify(service);
  everywhere(rolecall, () => assert.equal(outcome(rolecall, call), code, about));
  assert.equal(JSON.stringify(service), before, about);
  assert.isTrue(service.ability("bob", "CH1").can("deleteMessage", "bob"), about);
  assert.isFalse(service.ability("bob", "CH1").can("removeMember"), about);
}

/** Runs it while errors that nobody catches are kept, and returns them. */
function reportsOf(run, show = () => {}) {
  const reports = [];
  const { reportError } = globalThis;
  const { error } = console;
  globalThis.reportError = console.error = (thrown) => {
    reports.push(thrown);
    show(thrown);
  };
  try {
    run();
  } finally {
    globalThis.reportError = reportError;
    console.error = error;
  }
  return reports;
}

/** The payload behind proxies that call `read` before each thing that is read of it, with the way to that. */
function watched(value, read, way = "payload") {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(of, key) {
      // Whether it is something that must be awaited or written down first is no reading of it.
      if (!["then", "json", "toJSON"].includes(key)) read(`${way}.${String(key)}`);
      return watched(of[key], read, `${way}.${String(key)}`);
    },
  });
}

/** How many things are read of it. */
function readsOf({ Service }, payload) {
  let reads = 0;
  Service.from(watched(payload, () => reads++)).free();
  return reads;
}

/** In every form, so that every way of reading is gone. */
const PAYLOADS = {
  "a snapshot": TOWN,
  pages: {
    roles: { roles: TOWN.roles, meta: {} },
    users: { instances: [{ identity: "eve", roleSid: "RLSU" }] },
    conversations: { items: [{ conversationSid: "CH7", state: { current: "active" }, status: "joined" }] },
    participants: { participants: [{ conversation: { sid: "CH7" }, identity: "eve", role_sid: "RLCU" }] },
    configuration: { defaultChatServiceRoleSid: "RLSA" },
  },
  "single rows": {
    roles: { sid: "RLX", friendlyName: "x", type: "channel", permissions: ["sendMessage", "xAny"] },
    users: { identity: "eve", role_sid: "RLSA" },
    channels: { sid: "CH8", UniqueName: "eight", type: "public", createdBy: "eve" },
    members: { channelSid: "CH8", identity: "eve", roleSid: "RLX" },
    invites: { channel_sid: "CH8", identity: "bob" },
  },
};

const nested = (levels, inside) => {
  let value = inside;
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { roles: value, conversation: value };
  return value;
};

const cycle = (start) => {
  for (const field of FIELDS) start[field] ??= start;
  return start;
};

/** A list that says that it is longer than it is. */
const claiming = (length, element, read = () => {}) =>
  new Proxy([], {
    get: (list, key) => {
      if (typeof key === "symbol") return list[key];
      read();
      return key === "length" ? length : element;
    },
  });

export const tests = {
  "each thing in a payload is read at most once": ({ Service }, assert) => {
    for (const payload of Object.values(PAYLOADS)) {
      const reads = new Map();
      Service.from(watched(payload, (way) => reads.set(way, (reads.get(way) ?? 0) + 1))).free();
      assert.isAbove(reads.size, 20);
      assert.deepEqual(
        [...reads].filter(([, count]) => count > 1),
        [],
      );
    }
  },

  "an error at the n-th thing that is read changes nothing, for each n": (rolecall, assert) => {
    const { Service } = rolecall;
    for (const [about, payload] of Object.entries(PAYLOADS)) {
      const all = readsOf(rolecall, payload);
      assert.isAbove(all, 20, about);
      const service = Service.from(TOWN);
      let calls = 0;
      service.subscribe(() => calls++);
      for (let at = 0; at < all; at++) {
        let left;
        const failing = watched(payload, () => {
          if (left-- === 0) throw new Error("the caller's own");
        });
        const tries = [() => service.load(failing, { replace: at % 2 === 0 }), () => Service.from(failing)];
        for (const call of tries) {
          const again = () => {
            left = at;
            return call();
          };
          refused(rolecall, assert, service, again, "unreadable", `${about}, ${at}`);
        }
      }
      assert.equal(calls, 0);
    }
  },

  "a getter that throws ten thousand times leaves every service as it was": (rolecall, assert) => {
    const { Service } = rolecall;
    const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
    const before = JSON.stringify(service);
    const throwing = (field) => Object.defineProperty({ identity: "eve" }, field, { get: bang, enumerable: true });
    const payloads = [
      throwing("users"),
      { users: [throwing("role_sid")] },
      { members: [throwing("conversation")] },
      { roles: [{ sid: "RL9", type: "channel", permissions: new Proxy(["a"], { get: bang }) }] },
    ];
    const run = () => {
      for (let turn = 0; turn < 10_000; turn++) {
        assert.equal(
          outcome(rolecall, () => service.load(payloads[turn % 4])),
          "unreadable",
        );
      }
    };
    everywhere(rolecall, run);
    assert.equal(JSON.stringify(service), before);
    assert.equal(JSON.stringify(other), before);
    for (const one of [service, other]) {
      one.setUser("eve");
      assert.isTrue(one.ability("eve").can("createChannel"));
      one.free();
    }
  },

  "a service that is freed at the n-th thing that is read is freed, and nothing else happens": (rolecall, assert) => {
    const { Service } = rolecall;
    const payload = PAYLOADS["single rows"];
    const all = readsOf(rolecall, payload);
    for (let at = 0; at < all; at++) {
      const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
      let left = at;
      const freeing = watched(payload, () => left-- === 0 && service.free());
      assert.throws(() => service.load(freeing), rolecall.RolecallError, /freed/);
      assert.equal(JSON.stringify(other), JSON.stringify(Service.from(TOWN)));
    }
  },

  "a question at the n-th thing that is read is answered as before the load, or as the getter left it": (
    rolecall,
    assert,
  ) => {
    const payload = PAYLOADS.pages;
    const all = readsOf(rolecall, payload);
    for (let at = 0; at < all; at++) {
      const service = rolecall.Service.from(TOWN);
      const bob = service.ability("bob", "CH1");
      let left = at;
      let asked = 0;
      const asking = watched(payload, () => {
        if (left-- !== 0) return;
        asked++;
        // Half of them change something in the middle, too.
        if (at % 2) service.removeMember("CH1", "bob");
        const fresh = rolecall.Service.from(service.toJSON());
        for (const action of ["sendMessage", "deleteMessage", "removeMember", "joinChannel"]) {
          assert.equal(bob.can(action, "bob"), fresh.ability("bob", "CH1").can(action, "bob"), `${at} ${action}`);
        }
        fresh.free();
      });
      service.load(asking, { identity: "eve" });
      assert.equal(asked, 1);
      assert.equal(bob.can("sendMessage"), at % 2 === 0);
      assert.isTrue(service.ability("eve", "CH7").can("sendMessage"));
      service.free();
    }
  },

  "a list without an end, deep nesting and cycles are refused, or read as far as they mean something": (
    rolecall,
    assert,
  ) => {
    const { Service } = rolecall;
    const service = Service.from(TOWN);
    const bob = service.ability("bob", "CH1");
    let reads = 0;
    for (const length of [Number.POSITIVE_INFINITY, 2 ** 53, 1e12, 1e9]) {
      const list = (element) => claiming(length, element, () => reads++);
      const calls = [
        [() => service.load({ users: list({ identity: "eve" }) }), "too-large"],
        [() => service.load({ members: { instances: list({ identity: "eve" }) } }), "too-large"],
        [
          () => service.load({ roles: [{ sid: "RL7", type: "channel", permissions: list("sendMessage") }] }),
          "too-large",
        ],
        [() => service.updateRole("RLCU", list("sendMessage")), "too-large"],
        [() => bob.canEach(["sendMessage"], list("bob")), "too-large"],
        [() => bob.canEach(list("sendMessage"), ["bob"]), "too-large"],
      ];
      for (const [call, code] of calls) refused(rolecall, assert, service, call, code, `${call} ${length}`);
    }
    assert.isBelow(reads, 2000, "it is refused by its length, before an element is read");
    const holes = new Array(1e9);
    refused(rolecall, assert, service, () => service.load({ users: holes }), "too-large", "holes");

    const deep = nested(10_000, { sid: "RL9" });
    const tables = [
      [() => service.load({ roles: deep }), "missing-field"],
      [() => service.load({ users: [deep] }), "missing-field"],
      [() => service.load({ users: [{ identity: deep }] }), "invalid-type"],
      [() => service.load({ members: [{ identity: "eve", conversation: deep }] }), "missing-field"],
      [() => service.load({ roles: [{ sid: "RL9", type: "channel", permissions: [deep] }] }), "invalid-type"],
      [() => service.load(revoked({})), "unreadable"],
      [() => service.load(revoked([])), "unreadable"],
      [() => service.load({ users: revoked([]) }), "unreadable"],
      [() => service.load(cycle({})), "invalid-type"],
      [() => service.load({ users: [cycle({})] }), "invalid-type"],
      [() => service.load({ members: [cycle({ identity: "eve" })] }), "invalid-type"],
      [() => service.load(nested(10_000, {}), deep), "invalid-argument"],
    ];
    for (const [call, code] of tables) {
      const found = outcome(rolecall, call);
      assert.match(
        String(found),
        /^(missing-field|invalid-\w+|too-large|unreadable)$/,
        `${call}: ${found}, about ${code}`,
      );
      refused(rolecall, assert, service, call, found, String(call));
    }
    assert.deepEqual(Service.from({ users: [{ identity: "eve", role_sid: "RL1", other: deep }] }).users().length, 1);
  },

  "a lone surrogate is refused in every string, and never becomes another": (rolecall, assert) => {
    const service = rolecall.Service.from(TOWN);
    // The character that such strings become elsewhere, so that the two would be one.
    service.setUser("\ufffd");
    service.setMember("CH1", "\ufffd", "Channel Admin");
    for (const lone of ["\ud800", "\udc00", "a\ud83d", "\ude00b", "\udfff\ud800"]) {
      const payloads = [
        { users: [{ identity: lone }] },
        { users: [{ identity: "eve", role_sid: lone }] },
        { roles: [{ sid: lone, type: "channel", permissions: [] }] },
        { roles: [{ sid: "RL9", type: "channel", friendly_name: lone, permissions: [] }] },
        { roles: [{ sid: "RL9", type: "channel", permissions: [lone] }] },
        { channels: [{ sid: lone }] },
        { channels: [{ sid: "CH9", unique_name: lone, created_by: lone }] },
        { conversations: [{ sid: "CH9", participant_identity: lone }] },
        { participants: [{ conversation: { sid: lone }, identity: "eve" }] },
        { invites: [{ channel_sid: "CH1", identity: lone }] },
        { actions: [{ action: lone, any: "x" }] },
      ];
      const calls = [
        ...payloads.map((payload) => () => service.load(payload)),
        () => service.setUser(lone),
        () => service.setMember("CH1", lone),
        () => service.joinChannel("CH1", lone),
        () => service.invite("CH1", lone),
        () => service.createChannel({ sid: lone }),
        () => service.createChannel({ sid: "CH9", uniqueName: lone }),
        () => service.createRole({ friendlyName: lone, type: "channel", permissions: ["sendMessage"] }),
        () => service.grant("Channel User", lone),
        () => service.defineAction(lone, { any: "x" }),
        () => service.load({}, { identity: lone }),
      ];
      for (const call of calls) {
        const found = outcome(rolecall, call);
        assert.include(["invalid-string", "unknown-permission"], found, String(call));
        refused(rolecall, assert, service, call, found, String(call));
      }
      for (const ask of [
        () => service.ability(lone, "CH1").can("removeMember"),
        () => service.ability("bob", "CH1").can("deleteMessage", lone),
        () => service.ability(lone, "CH1").can("deleteMessage", "\ufffd"),
      ]) {
        assert.include([false, "invalid-string"], outcome(rolecall, ask), String(ask));
      }
    }
  },

  "what a page assigned to the language's prototypes is no field of anything": (rolecall, assert) => {
    const { Service } = rolecall;
    /** Loads, asks, changes, previews and fails; returns everything that came of it. */
    const program = () => {
      const found = [];
      const attempt = (call) => found.push(outcome(rolecall, call));
      const service = Service.from(TOWN, {});
      const bob = service.ability("bob", "CH1");
      for (const owner of ["bob", "alice", null]) {
        attempt(() => [bob.can("deleteMessage", owner), bob.explain("removeMember", owner), bob.actions(owner)]);
      }
      attempt(() => bob.canEach(["deleteMessage", "removeMember"], ["bob", null]));
      attempt(() => service.whoCan("deleteMessage", {}));
      attempt(() => service.load({ users: [{ identity: "eve" }], channels: { sid: "CH7" }, members: [] }, {}));
      attempt(() => service.load({ members: [{ channel_sid: "CH7", identity: "eve" }, {}] }));
      attempt(() => service.load({ roles: [{ sid: "RL9", type: "channel" }] }));
      attempt(() => service.load({ users: new Array(2) }));
      attempt(() => service.load(Object.create(null)));
      attempt(() => service.load({ nothing: 1 }));
      attempt(() => service.createRole({ friendlyName: "b", type: "channel" }));
      attempt(() => service.createChannel({ sid: "CH8" }));
      attempt(() => service.createChannel({}));
      attempt(() => service.defineAction("star", { any: "star" }));
      attempt(() => service.updateRole("RLCU", new Array(1)));
      attempt(() => service.preview((draft) => draft.grant("RLCU", "removeMember")));
      attempt(() => new Service({}).dialect);
      attempt(() => service.toJSON());
      service.free();
      return found;
    };
    const expected = JSON.stringify(program());
    assert.include(expected, '"allowed":false');
    const values = [
      ...["RLCA", "bob", true, ["removeMember"], [{ channel_sid: "CH1", identity: "nobody", role_sid: "RLCA" }]],
      { sid: "CH1", current: "closed" },
    ];
    const names = [...FIELDS, "friendlyName", "memberOnly", "allowed", "reason", "warnings", "bob", "CH1", "RLCA"];
    for (const prototype of [Object.prototype, Array.prototype, Function.prototype]) {
      for (const [turn, name] of names.entries()) {
        if (Object.hasOwn(prototype, name)) continue;
        // What a payload has are objects; of lists and functions a few will do.
        if (prototype !== Object.prototype && turn % 4 !== 0) continue;
        for (const value of values.filter((_, at) => at % 3 === turn % 3)) {
          prototype[name] = value;
          let found;
          try {
            found = program();
          } finally {
            delete prototype[name];
          }
          assert.equal(JSON.stringify(found), expected, `${name} as ${JSON.stringify(value)}`);
        }
      }
    }
  },

  "what only looks like a service is read as any object is, or refused": (rolecall, assert) => {
    const { Service } = rolecall;
    class Mine extends Service {
      toJSON() {
        return { users: [{ identity: "mine" }] };
      }
    }
    const freed = new Service();
    freed.free();
    const users = (make) =>
      outcome(rolecall, () =>
        Service.from(make())
          .users()
          .map(({ identity }) => identity)
          .join(" "),
      );
    const table = [
      [() => Service.from(TOWN), "alice bob dora root"],
      [() => new Proxy(Service.from(TOWN), {}), "alice bob dora root"],
      [() => Object.create(Service.from(TOWN)), "alice bob dora root"],
      [() => ({ toJSON: () => TOWN }), "alice bob dora root"],
      [() => new Mine(), "mine"],
      [() => freed, "unreadable"],
      [() => Object.create(Service.prototype), "unreadable"],
      [() => Object.assign(Service.from(TOWN), { toJSON: bang }), "unreadable"],
      [() => ({ toJSON: bang }), "unreadable"],
    ];
    for (const [make, expected] of table) assert.equal(users(make), expected, String(make));
  },

  "a preview's function may return anything but a promise": (rolecall, assert) => {
    const service = rolecall.Service.from(TOWN);
    const table = [
      [() => undefined, 0],
      [() => revoked({}), 0],
      [() => Promise.resolve(), "invalid-argument"],
      [() => Promise.reject(new Error("later")), "invalid-argument"],
      [() => Object.assign(Promise.resolve(), { catch: bang }), "invalid-argument"],
    ];
    for (const [change, expected] of table) {
      assert.equal(
        outcome(rolecall, () => service.preview(change).length),
        expected,
        String(change),
      );
    }
  },

  "what a listener throws stops nobody, even where it cannot be shown": (rolecall, assert) => {
    const thrown = [undefined, null, Symbol("thrown"), revoked({}), Object.create(null)];
    for (const error of thrown) {
      const service = rolecall.Service.from(TOWN);
      let calls = 0;
      service.subscribe(() => {
        throw error;
      });
      service.subscribe(() => calls++);
      service.ability("bob", "CH1").subscribe(() => calls++);
      const reports = reportsOf(() => service.removeMember("CH1", "bob"), bang);
      assert.equal(calls, 2);
      assert.isTrue(reports.length === 1 && reports[0] === error);
    }
  },

  "a service may be freed in the middle of anything": (rolecall, assert) => {
    const { Service } = rolecall;
    const getter = (field, get) => Object.defineProperty({}, field, { get, enumerable: true });
    /** Calls that run something of the caller's, which frees; and what they return. */
    const table = {
      "a listener of the service": [(service) => service.setUser("eve"), undefined],
      "a listener of an ability": [(service) => service.removeMember("CH1", "bob"), true],
      "a preview": [(service, free) => service.preview(() => void free()), "freed"],
      "a preview's draft": [(service) => service.preview((draft) => draft.free()), "freed"],
      "a getter of a payload": [(service, free) => service.load(getter("users", free)), "freed"],
      "a payload's toJSON": [(service, free) => service.load({ toJSON: () => ({ users: free() }) }), "freed"],
      "a getter of options": [
        (service, free) =>
          service.load(
            {},
            getter("replace", () => !free()),
          ),
        "freed",
      ],
      "a getter of a target": [
        (service, free) =>
          service.whoCan(
            "pin",
            getter("owner", () => String(free())),
          ),
        "freed",
      ],
      "a getter of owners": [
        (_, free, bob) => bob.canEach(["pin"], Object.defineProperty([""], 0, { get: () => String(free()) })),
        "freed",
      ],
    };
    for (const [about, [call, expected]] of Object.entries(table)) {
      const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
      const bob = service.ability("bob", "CH1");
      assert.isTrue(bob.can("sendMessage"));
      const free = () => {
        service.free();
        service.free();
        return [];
      };
      if (about === "a listener of the service") service.subscribe(free);
      if (about === "a listener of an ability") bob.subscribe(free);
      const reports = reportsOf(() => {
        assert.equal(
          outcome(rolecall, () => call(service, free, bob)),
          expected,
          about,
        );
      });
      assert.deepEqual(reports, [], about);
      const isDraft = about === "a preview's draft";
      assert.equal(
        outcome(rolecall, () => bob.can("sendMessage")),
        isDraft ? true : "freed",
        about,
      );
      assert.equal(JSON.stringify(other), JSON.stringify(Service.from(TOWN)), about);
    }
  },

  "canEach answers as the service is when all is read": (rolecall, assert) => {
    const service = rolecall.Service.from(TOWN);
    const bob = service.ability("bob", "CH1");
    assert.deepEqual({ ...bob.canEach(["sendMessage"], [null])[0] }, { sendMessage: true });
    const leaving = Object.defineProperty([null], 0, { get: () => service.removeMember("CH1", "bob") && null });
    assert.deepEqual({ ...bob.canEach(["sendMessage"], leaving)[0] }, { sendMessage: false });
  },
};
