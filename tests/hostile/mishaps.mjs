// Errors and ends in places where nobody expects them: each is answered, or refused with a code, and leaves the rest alone.

import { bang, revoked } from "../package/contract/shared/throwing.mjs";
import { TOWN } from "./town.mjs";

/** The code of what it throws, or its answer. */
function outcome({ RolecallError }, call) {
  try {
    return call();
  } catch (error) {
    return error instanceof RolecallError ? error.code : `threw ${Object.prototype.toString.call(error)}`;
  }
}

/** Runs it while errors that nobody catches are kept, and gives them back. */
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

export const tests = {
  "what only looks like a service is read as any object is": (rolecall, assert) => {
    const { Service } = rolecall;
    class Mine extends Service {
      toJSON() {
        throw 5;
      }
    }
    const freed = new Service();
    freed.free();
    const table = [
      ["a service", () => Service.from(TOWN), "alice bob dora root"],
      [
        "a service whose toJSON is another",
        () => Object.assign(Service.from(TOWN), { toJSON: bang }),
        "alice bob dora root",
      ],
      ["a class of one's own", () => new Mine(), ""],
      ["a freed service", () => freed, "freed"],
      ["what inherits from a service's prototype", () => Object.create(Service.prototype), "unreadable"],
      ["what inherits from a service", () => Object.create(Service.from(TOWN)), "unreadable"],
      ["a proxy of a service", () => new Proxy(Service.from(TOWN), {}), "unreadable"],
    ];
    for (const [about, make, expected] of table) {
      const users = ({ identity }) => identity;
      const answer = outcome(rolecall, () => Service.from(make()).users().map(users).join(" "));
      assert.equal(answer, expected, about);
    }
  },

  "a preview's function may give anything back but a promise": (rolecall, assert) => {
    const service = rolecall.Service.from(TOWN);
    const table = [
      ["nothing", () => undefined, 0],
      ["a revoked proxy", () => revoked({}), 0],
      // biome-ignore lint/suspicious/noThenProperty: that is what it is
      ["an object with then", () => ({ then: bang }), 0],
      ["a promise", () => Promise.resolve(), "invalid-argument"],
      ["a promise that fails", () => Promise.reject(new Error("later")), "invalid-argument"],
      ["a promise that cannot be caught", () => Object.assign(Promise.resolve(), { catch: bang }), "invalid-argument"],
    ];
    for (const [about, change, expected] of table) {
      assert.equal(
        outcome(rolecall, () => service.preview(change).length),
        expected,
        about,
      );
    }
  },

  "what a listener throws stops nobody, even where it cannot be shown": (rolecall, assert) => {
    const thrown = [
      undefined,
      null,
      Symbol("thrown"),
      revoked({}),
      Object.create(null),
      {
        get stack() {
          return bang();
        },
      },
    ];
    for (const error of thrown) {
      const service = rolecall.Service.from(TOWN);
      let told = 0;
      service.subscribe(() => {
        throw error;
      });
      service.subscribe(() => told++);
      service.ability("bob", "CH1").subscribe(() => told++);
      const reports = reportsOf(() => service.removeMember("CH1", "bob"), bang);
      assert.equal(told, 2);
      assert.isTrue(reports.length === 1 && reports[0] === error);
    }
  },

  "a service may be freed in the middle of anything": (rolecall, assert) => {
    const { Service } = rolecall;
    /** Calls that run something of the caller's, which frees; and what they give. */
    const table = [
      ["a listener of the service", (service) => service.setUser("eve"), undefined],
      ["a listener of an ability", (service) => service.removeMember("CH1", "bob"), true],
      ["a preview", (service, free) => service.preview(free), "freed"],
      ["a preview's draft", (service) => service.preview((draft) => draft.free()), "freed"],
      [
        "a getter of a payload",
        (service, free) =>
          service.load({
            get users() {
              return free();
            },
          }),
        "freed",
      ],
      [
        "a getter of options",
        (service, free) =>
          service.load(
            {},
            {
              get replace() {
                return free();
              },
            },
          ),
        "freed",
      ],
      [
        "a getter of a target",
        (service, free) =>
          service.whoCan("pin", {
            get owner() {
              return free();
            },
          }),
        "freed",
      ],
      ["a list of actions", (_, free, bob) => bob.canEach([{ toString: bang }, free()], []), "freed"],
      [
        "a getter of owners",
        (_, free, bob) => bob.canEach(["pin"], Object.defineProperty([""], 0, { get: free })),
        "freed",
      ],
    ];
    for (const [about, call, expected] of table) {
      const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
      const bob = service.ability("bob", "CH1");
      assert.isTrue(bob.can("sendMessage"));
      let told = 0;
      const free = () => {
        service.free();
        service.free();
      };
      if (about === "a listener of the service") service.subscribe(free);
      if (about === "a listener of an ability") bob.subscribe(free);
      const reports = reportsOf(() => {
        const answer = outcome(rolecall, () => call(service, free, bob));
        assert.equal(answer, expected, about);
      });
      assert.deepEqual(reports, [], about);
      if (about === "a preview's draft") assert.isTrue(bob.can("sendMessage"), about);
      else {
        service.free();
        assert.equal(
          outcome(rolecall, () => bob.can("sendMessage")),
          "freed",
          about,
        );
        assert.equal(
          outcome(rolecall, () => service.subscribe(() => told++)),
          "freed",
          about,
        );
      }
      assert.equal(told, 0);
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

  "a builtin that throws what is no error breaks one service, with a code": (rolecall, assert) => {
    const { parse } = JSON;
    const [service, other] = [rolecall.Service.from(TOWN), rolecall.Service.from(TOWN)];
    const { get } = Map.prototype;
    for (const thrown of [Symbol("thrown"), Object.create(null), revoked({})]) {
      Map.prototype.get = JSON.parse = () => {
        throw thrown;
      };
      const answers = [];
      try {
        answers.push(outcome(rolecall, () => service.setUser("évé")));
      } finally {
        Map.prototype.get = get;
        JSON.parse = parse;
      }
      assert.deepEqual(answers, ["broken"]);
    }
    assert.isTrue(other.ability("bob", "CH1").can("sendMessage"));
  },
};
