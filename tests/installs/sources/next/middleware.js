// At the edge, which compiles nothing while it runs: the WebAssembly is deployed along with this file. Named by its path,
// since Turbopack and webpack both take `?module` for a part of the name that they look up in the exports.
import { NextResponse } from "next/server";
import { init, Service } from "rolecall/slim";
import access from "./access.json";
import wasm from "./node_modules/rolecall/rolecall.wasm?module";

export const config = { matcher: "/moderate" };

export async function middleware(request) {
  await init(wasm);
  const service = Service.from(access);
  service.createRole({ friendlyName: "moderator", type: "channel", permissions: ["deleteAnyMessage"] });
  service.setMember("CH1", "bob", "moderator");
  const decision = service
    .ability(request.nextUrl.searchParams.get("identity"), "CH1")
    .explain("deleteMessage", "carol");
  return decision.allowed ? NextResponse.next() : new NextResponse(decision.message, { status: decision.status });
}
