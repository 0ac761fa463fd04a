import { NextResponse } from "next/server";
import { init, Service } from "rolecall/slim";
import wasm from "./node_modules/rolecall/rolecall.wasm?module";

export const config = { matcher: "/moderate" };

export async function middleware(request) {
  await init(wasm);
  const answer = await fetch(new URL("/chat/access/CH1", request.url), { headers: request.headers });
  const service = Service.from(await answer.json());
  const decision = service.ability("alice", "CH1").explain("deleteMessage", "bob");
  return decision.allowed ? NextResponse.next() : new NextResponse(decision.message, { status: decision.status });
}
