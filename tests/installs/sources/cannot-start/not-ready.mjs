import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { init, Service } from "rolecall/slim";
import { refusal } from "./refusal.mjs";

await refusal(() => new Service(), "not-ready");
await refusal(() => Service.from({ roles: [] }), "not-ready");
await init(readFileSync(createRequire(import.meta.url).resolve("rolecall/rolecall.wasm")));
new Service().free();
