import wasm from "rolecall/rolecall.wasm";
import { init, Service } from "rolecall/slim";

await init(wasm);

export default {
  async fetch(request) {
    const answer = await fetch("https://example.com/chat/access/CH1", { headers: request.headers });
    const service = Service.from(await answer.json());
    const decision = service.ability("alice", "CH1").explain("deleteMessage", "bob");
    return decision.allowed ? new Response("deleted") : Response.json(decision, { status: decision.status });
  },
};
