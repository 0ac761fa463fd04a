// What `follow` uses of the SDK, asked of the SDK's own code: its types may say more than it has.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Service } from "rolecall";
import { follow } from "rolecall/twilio";

const require = createRequire(import.meta.url);
const { Client, Conversation, Participant } = require("@twilio/conversations");
const { version } = require("@twilio/conversations/package.json");

const events = [];
const client = {
  user: { identity: "alice" },
  getSubscribedConversations: async () => ({ items: [], hasNextPage: false }),
  on: (event) => events.push(event),
  off: () => {},
};
await follow(client, new Service()).ready;

// Version 2.0 has "stateChanged" alone, by which follow learns the same.
const later = version.startsWith("2.0.") ? ["initialized"] : [];
assert.equal(events.length, 11);
assert.deepEqual(
  events.filter((event) => Client[event] !== event),
  later,
);

for (const [Class, names] of [
  [Client, ["user", "getSubscribedConversations", "on", "off"]],
  [Conversation, ["uniqueName", "createdBy", "state", "status", "getParticipants"]],
  [Participant, ["identity", "roleSid"]],
]) {
  assert.deepEqual(
    names.filter((name) => !(name in Class.prototype)),
    [],
  );
}
