const assert = require("node:assert/strict");
const { PermissionDenied, Service } = require("rolecall");
const { toCedar } = require("rolecall/cedar");
const { bind } = require("rolecall/dom");
const { init } = require("rolecall/slim");
const { follow } = require("rolecall/twilio");
const access = require("./access.json");

const service = Service.from(access);
const alice = service.ability("alice", "CH1");
assert.equal(alice.can("deleteMessage", "bob"), false);
assert.throws(() => alice.require("deleteMessage", "bob"), PermissionDenied);
service.grant("channel user", "deleteAnyMessage");
assert.equal(alice.can("deleteMessage", "bob"), true);
for (const value of [toCedar, bind, init, follow]) assert.equal(typeof value, "function");
