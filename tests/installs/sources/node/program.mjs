import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PermissionDenied, Service } from "rolecall";
import { toCedar } from "rolecall/cedar";
import { bind } from "rolecall/dom";
import { follow } from "rolecall/twilio";

const service = Service.from(JSON.parse(readFileSync("access.json", "utf8")));
const alice = service.ability("alice", "CH1");
assert.equal(alice.can("deleteMessage", "bob"), false);
assert.throws(() => alice.require("deleteMessage", "bob"), PermissionDenied);
service.grant("channel user", "deleteAnyMessage");
assert.equal(alice.can("deleteMessage", "bob"), true);
assert.deepEqual([typeof toCedar, typeof bind, typeof follow], ["function", "function", "function"]);
