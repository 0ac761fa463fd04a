// A Worker gets its WebAssembly as a module that was deployed along with it.
import wasm from "rolecall/rolecall.wasm";
import { init, Service } from "rolecall/slim";
import access from "./access.json";

await init(wasm);
const service = Service.from(access);

const answer = (identity) => {
  const decision = service.ability(identity, "CH1").explain("deleteMessage", "bob");
  return new Response(decision.message, { status: decision.allowed ? 200 : decision.status });
};

function mustBe(expected, actual) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
}

export default {
  fetch: (request) => answer(new URL(request.url).searchParams.get("identity")),
  test() {
    mustBe(403, answer("alice").status);
    service.grant("channel user", "deleteAnyMessage");
    mustBe(200, answer("alice").status);
  },
};
