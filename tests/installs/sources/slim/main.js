import wasm from "rolecall/rolecall.wasm";
import { init, Service } from "rolecall/slim";
import access from "./access.json";
import { show } from "./view.js";

await init(new URL(wasm, import.meta.url));
show(Service.from(access));
