// Operations done over and over keep the memory of the WebAssembly and of JavaScript flat, and what nobody holds is
// collected. `npm run test:soak` does a million of each kind.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Service } from "rolecall";
import { TOWN } from "../hostile/town.mjs";
import { wasmBytes } from "./memory.mjs";
import { OPERATIONS } from "./operations.mjs";
import { soak, turnOfEvents, uncollected } from "./soak.mjs";

const count = Number(process.env.SOAK ?? 10_000);

/** What the engine itself keeps of compiled code and the like, in bytes; and what one operation may leave. */
const noise = 512 * 1024;
const each = 4;

describe(`each of these, ${count} times, leaves no memory in use:`, () => {
  for (const name of Object.keys(OPERATIONS)) {
    test(name, async (context) => {
      const { heap, wasm, wasmInUse } = await soak(name, count);
      context.diagnostic(`${name}: heap ${heap}, WebAssembly ${wasm} of ${wasmInUse}`);
      // What decodes the model has a page. The model has more: its stack alone takes sixteen.
      assert.ok(wasmInUse > 2 ** 20, `${wasmInUse} bytes are not the model's memory`);
      assert.equal(wasm, 0, "bytes of WebAssembly");
      assert.ok(heap < noise + (count / 2) * each, `the heap grew by ${heap} bytes`);
    });
  }
});

describe("what nobody holds is collected:", () => {
  const service = Service.from(TOWN);
  const table = {
    "abilities that were asked": (turn) => {
      const ability = service.ability(`user ${turn}`, "CH1");
      ability.can("sendMessage");
      return ability;
    },
    "abilities that were listened to": (turn) => {
      const ability = service.ability(`user ${turn}`, "CH1");
      ability.subscribe(() => {})();
      return ability;
    },
    services: () => Service.from(TOWN),
    "services that were freed": () => {
      const service = Service.from(TOWN);
      service.free();
      return service;
    },
    "services with abilities and listeners": () => {
      const service = Service.from(TOWN);
      service.ability("bob", "CH1").subscribe(() => {});
      service.subscribe(() => service.users());
      return service;
    },
  };
  for (const [name, make] of Object.entries(table)) {
    test(name, async () => assert.equal(await uncollected(make, 500), 0));
  }

  test("what is freed at once, without waiting for that", () => {
    const make = () => Service.from(TOWN).free();
    make();
    const before = wasmBytes();
    // In one turn, in which nobody is told of what was collected.
    for (let turn = 0; turn < 20_000; turn++) make();
    assert.equal(wasmBytes(), before);
  });

  test("but one that is asked for before its forerunner is forgotten stays the one", async () => {
    const ask = () => service.ability("zoe", "CH1");
    ask();
    // Until then what was made in this turn is held.
    await turnOfEvents();
    globalThis.gc();
    const held = ask();
    // In this turn the service is told that the first is gone.
    await turnOfEvents();
    await turnOfEvents();
    assert.equal(ask(), held);
  });

  test("but not an ability that somebody listens to, as long as its service is there", async () => {
    let told = 0;
    service.ability("bob", "CH1").subscribe(() => told++);
    assert.equal(await uncollected(() => service.ability("bob", "CH1"), 1), 1);
    service.removeMember("CH1", "bob");
    assert.equal(told, 1);
  });
});
