/** @jest-environment node */
const { Service } = require("rolecall");
const access = require("./access.json");

const service = Service.from(access);

test("a member deletes what is hers, a moderator everything", () => {
  const alice = service.ability("alice", "CH1");
  expect(alice.can("deleteMessage", "bob")).toBe(false);
  service.grant("channel user", "deleteAnyMessage");
  expect(alice.can("deleteMessage", "bob")).toBe(true);
});
