const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { PermissionDenied, Service } = require("rolecall");
const { toCedar } = require("rolecall/cedar");
const { bind } = require("rolecall/dom");
const { follow } = require("rolecall/twilio");
const slim = require("rolecall/slim");
const access = require("./access.json");

function ask(service) {
  const alice = service.ability("alice", "CH1");
  assert.equal(alice.can("deleteMessage", "bob"), false);
  assert.throws(() => alice.require("deleteMessage", "bob"), PermissionDenied);
  service.grant("channel user", "deleteAnyMessage");
  assert.equal(alice.can("deleteMessage", "bob"), true);
}

ask(Service.from(access));
assert.deepEqual([typeof toCedar, typeof bind, typeof follow], ["function", "function", "function"]);
const bytes = readFileSync(require.resolve("rolecall/rolecall.wasm"));
slim.init(bytes).then(() => {
  const alice = slim.Service.from(access).ability("alice", "CH1");
  assert.equal(alice.can("sendMessage"), true);
});
