// Where memory ends: the service to which it happens is broken, with a code, and others go on. `npm run test:soak`
// loads pages of every shape, both large ones and such as are small beside what is there; `npm test` one of each.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import binaryen from "binaryen";
import * as slim from "rolecall/slim";
import { RolecallError, Service } from "rolecall/slim";
import { TOWN } from "../hostile/town.mjs";

const MiB = 2 ** 20;
const most = 320 * MiB;

/** Those of scripts/build.mjs. */
const FEATURES = [
  "BulkMemory",
  "BulkMemoryOpt",
  "Multivalue",
  "MutableGlobals",
  "NontrappingFPToInt",
  "ReferenceTypes",
  "SignExt",
]
  .map((name) => binaryen.Features[name])
  .reduce((all, feature) => all | feature);

/** The package's WebAssembly, with an end to its memory. */
function limited() {
  const bytes = readFileSync(new URL(import.meta.resolve("rolecall/rolecall.wasm")));
  const text = binaryen.readBinary(bytes).emitText();
  const ended = text.replace(/\(memory (\$\S+) (\d+)\)/, `(memory $1 $2 ${most / 65_536})`);
  assert.notEqual(ended, text);
  const module = binaryen.parseText(ended);
  module.setFeatures(FEATURES);
  return module.emitBinary();
}

/** Rows of which each page has others. */
const SHAPES = {
  members: (page, at) => ({
    members: { channel_sid: `CH${(page * 50_000 + at) % 9973}`, identity: `user ${page} ${at}`, role_sid: "RLCU" },
  }),
  users: (page, at) => ({ users: { identity: `user ${page} ${at}`, role_sid: "RLSU" } }),
  "users with long names": (page, at) => ({ users: { identity: `${"名".repeat(100)} ${page} ${at}` } }),
  channels: (page, at) => ({ channels: { sid: `CH ${page} ${at}`, created_by: `user ${page} ${at}` } }),
  roles: (page, at) => ({
    roles: {
      sid: `RL ${page} ${at}`,
      friendly_name: `role ${page} ${at}`,
      type: "channel",
      permissions: ["sendMessage"],
    },
  }),
  invites: (page, at) => ({ invites: { channel_sid: "CH1", identity: `user ${page} ${at}`, role_sid: "RLCU" } }),
};

function payload(shape, page, rows) {
  const all = {};
  for (let at = 0; at < rows; at++) {
    for (const [section, row] of Object.entries(SHAPES[shape](page, at))) {
      all[section] ??= [];
      all[section].push(row);
    }
  }
  return all;
}

/** A part of what a service holds, which takes little memory to tell. */
const told = (service) =>
  JSON.stringify([
    service.roles("service"),
    service.members("CH0").slice(0, 10),
    ["alice", "bob", "carl", "user 0 0", "user 1 7"].map((identity) =>
      service.ability(identity, "CH1").actions(identity),
    ),
  ]);

/** Loads page after page until one is refused. */
function fill(shape, rows) {
  const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
  const expected = told(other);
  let pages = 0;
  let before;
  let refused;
  for (; refused === undefined && pages < 1000; pages++) {
    try {
      // A question needs some memory, too: it may be what is refused.
      before = told(service);
      service.load(payload(shape, pages, rows));
    } catch (error) {
      refused = error;
    }
  }
  assert.ok(refused instanceof RolecallError && refused.code === "broken", `page ${pages}: ${refused}`);
  assert.ok(pages > 1, "the first page was refused");
  assert.notEqual(before, undefined);
  // That service answers nothing any more, rather than something that may be wrong; the other one answers as ever.
  for (const ask of [() => service.toJSON(), () => service.ability("bob", "CH1").can("sendMessage")]) {
    assert.throws(ask, (error) => error.code === "broken");
  }
  assert.equal(told(other), expected);
  return pages;
}

if (!isMainThread) {
  await slim.init(limited());
  parentPort.postMessage(fill(...workerData));
} else {
  test("a load with as many warnings, of as long a name, as there can be says them all", {
    skip: process.env.SOAK === undefined && "takes a gigabyte",
  }, async () => {
    const { Service } = await import("rolecall");
    const service = Service.from(TOWN);
    const permissions = ["\u0001".repeat(2 ** 16)];
    const roles = Array.from({ length: 1001 }, (_, at) => ({
      sid: `RL ${at}`,
      friendly_name: `role ${at}`,
      type: "channel",
      permissions,
    }));
    const { warnings, roles: counts } = service.load({ roles });
    assert.equal(counts.added, 1001);
    assert.deepEqual([warnings.length, warnings[1000].code], [1001, "more-warnings"]);
    for (const { message } of warnings.slice(0, 1000))
      assert.ok(message.includes(permissions[0]), message.slice(0, 100));
    service.free();
  });

  describe("with 320 MiB of memory", () => {
    for (const shape of Object.keys(SHAPES)) {
      for (const rows of [10_000, 100_000]) {
        if (process.env.SOAK === undefined && !["roles 100000", "members 10000"].includes(`${shape} ${rows}`)) continue;
        // In a worker, so that each has a memory of its own.
        test(`${shape}: pages of ${rows} are loaded until one is refused`, async (context) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: [shape, rows] });
          const [pages] = await once(worker, "message");
          context.diagnostic(`${pages} pages`);
        });
      }
    }
  });
}
