// The policy of this page allows scripts, but no WebAssembly.
import { init, Service } from "rolecall";
import { equal, failure, verdict } from "./verdict.js";

await verdict(async () => {
  for (const run of [() => new Service(), () => init(), () => Service.from({ roles: [] })]) {
    const error = await failure(run);
    equal(error.name, "RolecallError");
    equal(error.code, "webassembly-blocked");
    equal(error.message.includes("wasm-unsafe-eval"), true);
  }
});
