// The state of the demo page as a link.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { read, write } from "../../www/link.js";

const nothing = {
  example: undefined,
  payload: undefined,
  identity: "",
  edits: [],
  tab: undefined,
  channel: undefined,
  seats: [],
  disabled: false,
};

describe("a link", () => {
  for (const [name, kept, text] of [
    ["of nothing", {}, ""],
    ["of an example", { example: "community", tab: "users" }, "example=community&tab=users"],
    [
      "of people and a channel with any name",
      { channel: "a&b=c#d", seats: ["__proto__", "renée@ferries.example"] },
      "in=a%26b%3Dc%23d&as=__proto__&as=ren%C3%A9e%40ferries.example",
    ],
    ["of a newcomer", { identity: "nina & co" }, "me=nina+%26+co"],
    ["of disabled controls", { disabled: true }, "denied=disabled"],
    [
      "of edits and of data",
      {
        payload: '{"roles": []}',
        edits: [
          ["grant", "RL1", "sendMessage"],
          ["erase", "CH1", "ü"],
        ],
      },
    ],
  ]) {
    test(`${name} is read as it was written`, async () => {
      const written = await write({ ...nothing, ...kept });
      if (text !== undefined) assert.equal(written, text);
      assert.match(written, /^[\w%&=.+*-]*$/);
      assert.deepEqual(await read(written), { ...nothing, ...kept });
    });
  }

  const edits = async (value) => (await write({ ...nothing, edits: value })).slice("edits=".length);
  for (const [name, text] of [
    ["cut off", async () => `edits=${(await edits([["say", "CH1", "x".repeat(100)]])).slice(0, 8)}`],
    ["no text at all", () => "edits=%%%"],
    ["no list of calls", async () => `edits=${await edits([[7]])}`],
  ]) {
    test(`that is ${name} is refused`, async () => {
      const damaged = await text();
      await assert.rejects(read(damaged));
    });
  }
});
