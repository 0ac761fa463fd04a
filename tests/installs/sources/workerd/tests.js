// What asks the Worker of docs/frameworks.md, and the back end that the Worker asks.
import { init, Service } from "rolecall";
import access from "./access.json";

function mustBe(expected, actual) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
}

async function codeOf(run) {
  try {
    await run();
  } catch ({ code }) {
    return code;
  }
  return "none";
}

export default {
  /** The back end. It knows who asks by what the Worker passes on. */
  fetch(request) {
    const more = request.headers.get("cookie") === "is=moderator" ? ["deleteAnyMessage"] : [];
    const roles = access.roles.map((role) => ({ ...role, permissions: [...role.permissions, ...more] }));
    return Response.json({ ...access, roles });
  },

  async test(_, { worker }) {
    const denied = await worker.fetch("https://example.com/");
    mustBe(403, denied.status);
    mustBe("not-owner", (await denied.json()).reason);
    const allowed = await worker.fetch("https://example.com/", { headers: { cookie: "is=moderator" } });
    mustBe(200, allowed.status);
    mustBe("deleted", await allowed.text());

    // The entry point that has its WebAssembly as bytes would have to compile them, which a Worker may not.
    mustBe("webassembly-blocked", await codeOf(() => new Service()));
    mustBe("webassembly-blocked", await codeOf(() => init()));
  },
};
