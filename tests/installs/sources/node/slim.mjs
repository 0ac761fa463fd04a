// By itself, since what `rolecall` has started `rolecall/slim` finds ready.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { init, Service } from "rolecall/slim";

const read = (file) => readFileSync(createRequire(import.meta.url).resolve(file));
await init(read("rolecall/rolecall.wasm"));
const service = Service.from(JSON.parse(read("./access.json")));
assert.equal(service.ability("alice", "CH1").can("sendMessage"), true);
