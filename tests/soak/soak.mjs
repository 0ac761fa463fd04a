// Does an operation many times, and looks at how much memory is in use in the middle and at the end. Needs `--expose-gc`.

import { TOWN } from "../hostile/town.mjs";
import { bang } from "../package/contract/shared/throwing.mjs";

/** The memory of the WebAssembly, which nothing but its instance knows. */
let memory;
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(real, given) {
    const instance = Reflect.construct(real, given);
    memory ??= instance.exports.memory;
    return instance;
  },
});
const { Service } = await import("rolecall");
const { can: svelteCan } = await import("rolecall/svelte");
const { useCan: vueCan } = await import("rolecall/vue");
const { effectScope } = await import("vue");

/** For what is meant to fail. */
const fails = (call) => {
  try {
    call();
  } catch {
    return;
  }
  throw new Error(`${call} did not fail`);
};

/** What is done over and over, to a service and an ability of it, with the number of the turn. */
export const OPERATIONS = {
  can: (_, bob, turn) => bob.can("deleteMessage", turn % 2 ? "bob" : "alice"),
  "can after a change": (service, bob, turn) => {
    service.setMember("CH1", "bob", turn % 2 ? "RLCA" : "RLCU");
    bob.can("deleteMessage", "alice");
  },
  "can with an owner never seen": (_, bob, turn) => bob.can("deleteMessage", `owner ${turn}`),
  "can with an action never seen": (_, bob, turn) => fails(() => bob.can(`action ${turn}`)),
  "has with a permission never seen": (_, bob, turn) => bob.has(`permission ${turn}`),
  canEach: (_, bob) => bob.canEach(["deleteMessage", "removeMember"], ["bob", "alice"]),
  explain: (_, bob, turn) => bob.explain("deleteMessage", `owner ${turn}`),
  "require that throws": (_, bob) => fails(() => bob.require("removeMember")),
  actions: (_, bob) => bob.actions("bob"),
  whoCan: (service) => service.whoCan("deleteMessage", { channel: "CH1" }),
  "role by its name": (service) => service.role("channel user"),
  "members and users": (service) => [service.members("CH1"), service.users()],
  toJSON: (service) => service.toJSON(),
  "a user who comes and goes": (service, _, turn) => {
    service.setUser(`user ${turn}`);
    service.removeUser(`user ${turn}`);
  },
  "a channel that comes and goes": (service, _, turn) => {
    service.createChannel({ sid: `CH ${turn}`, createdBy: `user ${turn}` });
    service.removeChannel(`CH ${turn}`);
    service.removeUser(`user ${turn}`);
  },
  "a role that comes and goes": (service, _, turn) => {
    const role = { friendlyName: `role ${turn}`, type: "channel", permissions: ["sendMessage"] };
    service.createRole({ ...role, sid: `RL ${turn}` });
    service.deleteRole(`RL ${turn}`);
  },
  "a permission of one's own that comes and goes": (service, _, turn) =>
    service.load({ roles: [{ sid: "RLX", type: "channel", permissions: [`permission ${turn}`] }] }),
  "an invite that comes and goes": (service, _, turn) => {
    service.invite("CH1", `user ${turn}`);
    service.declineInvite("CH1", `user ${turn}`);
  },
  "grant and revoke": (service) => {
    service.grant("RLCU", "removeMember");
    service.revoke("RLCU", "removeMember");
  },
  "load of the same": (service) => service.load(TOWN),
  "load of other users, which replaces": (service, _, turn) =>
    service.load({ users: [{ identity: `user ${turn}`, role_sid: "RLSU" }] }, { replace: true }),
  "load that fails": (service, _, turn) => fails(() => service.load({ users: [{ identity: `user ${turn}` }, {}] })),
  "load with a getter that throws": (service) =>
    fails(() => service.load(Object.defineProperty({}, "users", { get: bang }))),
  "call that fails": (service, _, turn) => fails(() => service.setUser(`user ${turn}`, "no such role")),
  preview: (service) => service.preview((draft) => draft.grant("RLCU", "removeMember")),
  "preview that throws": (service) => fails(() => service.preview(bang)),
  "subscribe and stop": (service, bob) => {
    service.subscribe(() => {})();
    bob.subscribe(() => {})();
  },
  "an ability that nobody holds": (service, _, turn) => service.ability(`user ${turn}`, "CH1").can("sendMessage"),
  "a service that is freed": () => Service.from(TOWN).free(),
  "a service that nobody holds": () => Service.from(TOWN),
  "a svelte store": (_, bob) => svelteCan(bob, "sendMessage").subscribe(() => {})(),
  "a vue ref": (_, bob) => {
    const scope = effectScope();
    scope.run(() => vueCan(bob, "sendMessage").value);
    scope.stop();
  },
};

/** Where the engine would else let garbage lie for as long as the heap of JavaScript, which it is small in, has room. */
const collectedOnTheWay = OPERATIONS["a service that nobody holds"];

const turnOfEvents = () => new Promise((resolve) => setImmediate(resolve));

/** Collects all that can be, finalizers included. */
async function collect() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await turnOfEvents();
  }
}

async function used() {
  await collect();
  return { heap: process.memoryUsage().heapUsed, wasm: memory.buffer.byteLength };
}

async function repeat(operation, service, bob, from, to) {
  for (let turn = from; turn < to; turn++) {
    operation(service, bob, turn);
    if (turn % 500 !== 499) continue;
    if (operation === collectedOnTheWay) globalThis.gc();
    // Finalizers run between tasks only.
    await turnOfEvents();
  }
}

/**
 * Does an operation `count` times. Gives by how many bytes the two memories grew in the second half: what leaks grows in it
 * as in the first, and what only warms up does not.
 */
export async function soak(name, count) {
  const operation = OPERATIONS[name];
  const service = Service.from(TOWN);
  const bob = service.ability("bob", "CH1");
  await repeat(operation, service, bob, 0, count / 2);
  const middle = await used();
  await repeat(operation, service, bob, count / 2, count);
  const end = await used();
  service.free();
  return { heap: end.heap - middle.heap, wasm: end.wasm - middle.wasm, wasmInUse: end.wasm };
}

/** How many of these, made and held by nobody, are still there once all that can be is collected. */
export async function uncollected(make, count) {
  const made = Array.from({ length: count }, (_, turn) => new WeakRef(make(turn)));
  await turnOfEvents();
  await collect();
  return made.filter((one) => one.deref() !== undefined).length;
}

export { Service };
