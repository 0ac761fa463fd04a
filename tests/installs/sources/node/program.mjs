import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PermissionDenied, Service } from "rolecall";
import { toCedar } from "rolecall/cedar";
import { bind } from "rolecall/dom";
import * as slim from "rolecall/slim";
import { follow } from "rolecall/twilio";

const access = JSON.parse(readFileSync("access.json", "utf8"));
const service = Service.from(access);
const alice = service.ability("alice", "CH1");
assert.equal(alice.can("deleteMessage", "bob"), false);
assert.throws(() => alice.require("deleteMessage", "bob"), PermissionDenied);
service.grant("channel user", "deleteAnyMessage");
assert.equal(alice.can("deleteMessage", "bob"), true);

assert.deepEqual([typeof toCedar, typeof bind, typeof follow], ["function", "function", "function"]);
await slim.init(readFileSync(createRequire(import.meta.url).resolve("rolecall/rolecall.wasm")));
assert.equal(slim.Service.from(access).ability("alice", "CH1").can("sendMessage"), true);
