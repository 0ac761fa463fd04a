// The back end of examples/server.rs refuses with what the browser says.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { PermissionDenied, Service } from "rolecall";
import { root } from "../../scripts/run.mjs";

describe("the example server", () => {
  const service = Service.from(JSON.parse(readFileSync(join(root, "examples", "access.json"), "utf8")));
  let server;
  let address;
  before(async () => {
    const program = ["run", "--quiet", "--locked", "--example", "server"];
    server = spawn("cargo", program, {
      cwd: root,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface(server.stdout)) {
      address = line;
      break;
    }
    assert.match(address ?? "nothing", /^http:/, "what the server printed");
  });
  after(async () => {
    server.kill();
    await once(server, "close");
  });

  const remove = (identity, conversation, message) =>
    fetch(`${address}/conversations/${conversation}/messages/${message}`, {
      method: "DELETE",
      headers: identity === undefined ? {} : { "x-identity": identity },
    });

  /** What the browser throws. */
  function denial(identity, conversation, owner) {
    try {
      service.ability(identity, conversation).require("deleteMessage", owner);
    } catch (error) {
      assert.ok(error instanceof PermissionDenied);
      return error;
    }
    return assert.fail("the browser allows it");
  }

  for (const [what, identity, conversation, message, owner, reason] of [
    ["somebody else's message", "alice", "CH1", "IM2", "bob", "not-owner"],
    ["a system message", "alice", "CH1", "IM3", null, "unknown-owner"],
    ["a message that does not exist", "alice", "CH1", "IM9", null, "unknown-owner"],
    ["a message in a conversation that is not known", "alice", "CH9", "IM1", null, "unknown-channel"],
    ["what a stranger asks for", "mallory", "CH1", "IM1", "alice", "unknown-user"],
  ]) {
    test(`answers 403 with the browser's decision for ${what}`, async () => {
      const answer = await remove(identity, conversation, message);
      const { status, decision } = denial(identity, conversation, owner);
      assert.equal(decision.reason, reason);
      assert.equal(answer.status, status);
      assert.deepEqual(await answer.json(), decision);
    });
  }

  test("answers 401 for nobody", async () => {
    assert.equal((await remove(undefined, "CH1", "IM1")).status, 401);
  });

  test("deletes what the browser allows, once", async () => {
    assert.equal(service.ability("alice", "CH1").can("deleteMessage", "alice"), true);
    const answer = await remove("alice", "CH1", "IM1");
    assert.deepEqual([answer.status, await answer.json()], [200, "IM1"]);
    assert.equal((await remove("alice", "CH1", "IM1")).status, 403, "now it is nobody's");
  });

  test("answers 404 only to those who may delete any message", async () => {
    assert.equal(service.ability("bob", "CH1").can("deleteMessage", null), true);
    assert.equal((await remove("bob", "CH1", "IM9")).status, 404);
  });
});
