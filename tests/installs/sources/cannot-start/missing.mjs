// Node without its compilers has no WebAssembly, as React Native's Hermes and Safari's Lockdown Mode have none.
import assert from "node:assert/strict";
import { init, Service } from "rolecall";
import * as slim from "rolecall/slim";
import { refusal } from "./refusal.mjs";

assert.equal(typeof WebAssembly, "undefined");
await refusal(() => new Service(), "webassembly-missing");
await refusal(() => Service.from({ roles: [] }), "webassembly-missing");
await refusal(() => init(), "webassembly-missing");
await refusal(() => slim.init(new Uint8Array(8)), "webassembly-missing");
