// A Worker gets its WebAssembly as a module that was deployed along with it.
import { init as initWhole } from "rolecall";
import wasm from "rolecall/rolecall.wasm";
import { init, Service } from "rolecall/slim";
import access from "./access.json";

await init(wasm);
const service = Service.from(access);

const answer = (identity) => {
  const decision = service.ability(identity, "CH1").explain("deleteMessage", "bob");
  return new Response(decision.message, { status: decision.allowed ? 200 : decision.status });
};

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
}

export default {
  fetch: (request) => answer(new URL(request.url).searchParams.get("identity")),
  async test() {
    equal(answer("alice").status, 403);
    service.grant("channel user", "deleteAnyMessage");
    equal(answer("alice").status, 200);
    // The one that brings its WebAssembly as bytes would have to compile it.
    const error = await initWhole().catch((reason) => reason);
    equal(error.name, "RolecallError");
    equal(error.code, "webassembly-blocked");
  },
};
