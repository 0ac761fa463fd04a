// A million memberships, loaded page by page, while somebody asks all the time: before, in the middle of and after each
// page, each answer is that of the rows which are there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "rolecall";
import { Random } from "../hostile/town.mjs";
import { wasmBytes } from "./memory.mjs";

const users = 100_000;
const pages = 100;
const rowsOfPage = 10_000;
/** Each user is in ten of the channels. */
const channelOf = (row) => `CH${(row * 7919 + Math.floor(row / users) * 13) % 10_000}`;
const userOf = (row) => `user${row % users}`;
const isAdmin = (row) => row % 3 === 0;

const roles = [
  { sid: "RL1", friendly_name: "admin", type: "channel", permissions: ["sendMessage", "deleteAnyMessage"] },
  { sid: "RL2", friendly_name: "user", type: "channel", permissions: ["sendMessage", "deleteOwnMessage"] },
];

/** What a member of that row may do with its own message and with another's; with none, what nobody's row allows. */
const answers = (ability, user) =>
  [
    ability.can("sendMessage"),
    ability.can("deleteMessage", user),
    ability.can("deleteMessage", "somebody else"),
  ].join();
const expected = (row, loaded) => (row < loaded ? `true,true,${isAdmin(row)}` : "false,false,false");

test("a million memberships are loaded while checks run, in 64 MiB", (context) => {
  const random = new Random(1);
  const service = new Service({ roles: "none" });
  service.load({ roles });
  /** Abilities that are held, each with its row; half of them are listened to. */
  const held = Array.from({ length: 2000 }, () => random.below(pages * rowsOfPage)).map((row) => {
    const ability = service.ability(userOf(row), channelOf(row));
    const watched = { row, ability, told: 0 };
    if (row % 2 === 0) ability.subscribe(() => watched.told++);
    return watched;
  });
  let asked = 0;
  let loaded = 0;
  const askHeld = ({ row, ability }) => {
    asked++;
    assert.equal(answers(ability, userOf(row)), expected(row, loaded), `row ${row} of ${loaded}`);
  };
  const askAny = () => {
    const row = random.below(pages * rowsOfPage);
    askHeld({ row, ability: service.ability(userOf(row), channelOf(row)) });
  };

  for (let page = 0; page < pages; page++) {
    const members = Array.from({ length: rowsOfPage }, (_, at) => {
      const row = page * rowsOfPage + at;
      const member = { channel_sid: channelOf(row), identity: userOf(row), role_sid: isAdmin(row) ? "RL1" : "RL2" };
      if (at % 500 > 0) return member;
      // Read in the middle of the load: then nothing of it is there yet.
      return Object.defineProperty(member, "identity", {
        get: () => {
          askAny();
          askHeld(random.pick(held));
          return userOf(row);
        },
      });
    });
    const report = service.load({ members });
    assert.deepEqual(report.members, { added: rowsOfPage, updated: 0, unchanged: 0, removed: 0, skipped: 0 });
    loaded += rowsOfPage;
    for (let turn = 0; turn < 50; turn++) askAny();
    for (const watched of held) askHeld(watched);
  }

  // The budget of docs/performance.md.
  const inUse = wasmBytes();
  context.diagnostic(`${(inUse / 2 ** 20).toFixed(1)} MiB of WebAssembly memory`);
  assert.ok(inUse <= 64 * 2 ** 20, `${inUse} bytes of WebAssembly memory`);
  for (const { row, told } of held) assert.equal(told, row % 2 === 0 ? 1 : 0, `row ${row}`);
  assert.equal(asked, pages * (20 * 2 + 50 + held.length));
  assert.equal(service.users().length, 0);
  service.free();
});
