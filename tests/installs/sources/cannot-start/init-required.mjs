// Chromium before 115, and web views made of it, refuse to compile more than 4 kB at once on the main thread.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { refusal } from "./refusal.mjs";

const limit = 4096;
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, args) {
    if (args[0].byteLength <= limit) return Reflect.construct(target, args);
    throw new RangeError(
      "WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.",
    );
  },
});
const { init, Service } = await import("rolecall");

await refusal(() => new Service(), "init-required");
await init();
const service = Service.from(JSON.parse(readFileSync("access.json", "utf8")));
assert.equal(service.ability("alice", "CH1").can("sendMessage"), true);
