// Does an operation many times, and looks at how much memory is in use in the middle and at the end. Needs `--expose-gc`.

import { Service } from "rolecall";
import { TOWN } from "../hostile/town.mjs";
import { wasmBytes } from "./memory.mjs";
import { OPERATIONS } from "./operations.mjs";

/** Where the engine would else let garbage lie for as long as the heap of JavaScript, which it is small in, has room. */
const collectedOnTheWay = OPERATIONS["a service that nobody holds"];

/** Finalizers run between turns. */
export const turnOfEvents = () => new Promise((resolve) => setImmediate(resolve));

/** Collects all that can be, finalizers included. */
async function collect() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await turnOfEvents();
  }
}

async function used() {
  await collect();
  return { heap: process.memoryUsage().heapUsed, wasm: wasmBytes() };
}

async function repeat(operation, service, bob, from, to) {
  for (let turn = from; turn < to; turn++) {
    operation(service, bob, turn);
    if (turn % 500 !== 499) continue;
    if (operation === collectedOnTheWay) globalThis.gc();
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
