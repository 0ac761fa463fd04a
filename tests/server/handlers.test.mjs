// The back ends that the documentation shows, run against the vendor's own helper library over a fake transport: what they
// forward, what it does in a page, and how many requests it takes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import express from "express";
import { Service } from "rolecall";
import { root } from "../../scripts/run.mjs";
import { blocksOf } from "../package/pages.mjs";
import { fakeTwilio } from "./twilio.mjs";

const row = (fields) => ({
  account_sid: "AC1",
  chat_service_sid: "IS1",
  date_created: "2026-01-02T03:04:05Z",
  ...fields,
});
const role = (sid, type, ...permissions) => row({ sid, friendly_name: sid, type, permissions });
const participant = (conversation_sid, identity, role_sid = "RL2") =>
  row({ sid: `MB-${conversation_sid}-${identity}`, conversation_sid, identity, role_sid, attributes: '{"secret":1}' });

const world = {
  configuration: row({
    default_chat_service_role_sid: "RL1",
    default_conversation_role_sid: "RL2",
    default_conversation_creator_role_sid: "RL3",
  }),
  roles: [
    role("RL1", "service", "createConversation", "joinConversation"),
    role("RL2", "conversation", "sendMessage", "deleteOwnMessage"),
    role("RL3", "conversation", "sendMessage", "deleteAnyMessage", "removeParticipant"),
  ],
  users: [
    row({ sid: "US1", identity: "alice", role_sid: "RL1", attributes: '{"secret":1}' }),
    row({ sid: "US2", identity: "a/b#c?d@e.org", role_sid: "RL1" }),
  ],
  conversations: [
    row({ sid: "CH1", unique_name: "desk", state: "active", created_by: "bob", attributes: '{"secret":1}' }),
    row({ sid: "CH2", unique_name: null, state: "closed", created_by: "alice", attributes: '{"secret":1}' }),
  ],
  participants: [
    participant("CH1", "alice"),
    participant("CH1", "bob", "RL3"),
    participant("CH1", "newcomer"),
    participant("CH1", "a/b#c?d@e.org"),
    ...Array.from({ length: 1196 }, (_, number) => participant("CH1", `member ${number}`)),
    participant("CH2", "alice"),
  ],
};

const folder = mkdtempSync(join(tmpdir(), "rolecall-"));
let current;
let copies = 0;

/** The files that a page shows, in a folder of their own and with a memory of their own. */
async function load(page, first) {
  const copy = join(folder, String(copies++));
  mkdirSync(copy);
  const blocks = blocksOf(page).filter(({ kind }) => kind === "js");
  for (const { file, source } of blocks) if (file) writeFileSync(join(copy, file), source);
  const handler = blocks.find(({ source }) => source.includes('from "twilio"'));
  if (page === "README.md") writeFileSync(join(copy, first), handler.source);
  return import(pathToFileURL(join(copy, first)).href);
}

before(() => {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "twilio"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  // The library itself, with a transport that asks nobody.
  writeFileSync(join(modules, "twilio", "package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(modules, "twilio", "index.js"),
    `import twilio from ${JSON.stringify(pathToFileURL(join(root, "node_modules", "twilio", "lib", "index.js")).href)};
    const httpClient = { request: (options) => globalThis.twilioTransport.request(options) };
    export default () => twilio("AC1", "a token", { httpClient });`,
  );
  for (const name of ["express", "rolecall"]) symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  process.env.TWILIO_SERVICE_SID = "IS1";
});
beforeEach(() => {
  current = fakeTwilio(world);
  globalThis.twilioTransport = current.httpClient;
});
after(() => {
  delete globalThis.twilioTransport;
  rmSync(folder, { recursive: true, force: true });
});

/** As it is after JSON, which is how a page gets it. */
const sent = (value) => JSON.parse(JSON.stringify(value));

for (const [page, file, name] of [
  ["README.md", "access.js", "access"],
  ["docs/server.md", "access.js", "accessTo"],
]) {
  describe(`the handler of ${page}`, () => {
    let access;
    beforeEach(async () => {
      access = (await load(page, file))[name];
    });

    test("forwards what a member needs, and nothing else", async () => {
      const payload = sent(await access("alice", "CH1"));
      assert.deepEqual(payload.users, [{ identity: "alice", roleSid: "RL1" }]);
      assert.deepEqual(payload.conversations, [{ sid: "CH1", uniqueName: "desk", state: "active" }]);
      assert.deepEqual(payload.participants, [{ conversationSid: "CH1", identity: "alice", roleSid: "RL2" }]);
      assert.deepEqual(Object.keys(payload.roles[0]), ["sid", "friendlyName", "type", "permissions"]);
      assert.doesNotMatch(JSON.stringify(payload), /secret|AC1|bob|member \d/);
      const service = Service.from(payload, { identity: "alice" });
      assert.deepEqual(service.lastLoad.warnings, []);
      const alice = service.ability("alice", "desk");
      assert.deepEqual([alice.can("sendMessage"), alice.can("deleteMessage", "bob")], [true, false]);
    });

    test("sends no more requests for 1,200 participants than for one", async () => {
      await access("alice", "CH1");
      assert.deepEqual(current.requests.sort(), [
        "GET Configuration",
        "GET Conversations/CH1",
        "GET Conversations/CH1/Participants/alice",
        "GET Roles",
        "GET Users/alice",
      ]);
    });

    test("has a newcomer get the default role", async () => {
      const payload = sent(await access("newcomer", "CH1"));
      assert.deepEqual(payload.users, []);
      const service = Service.from(payload, { identity: "newcomer" });
      assert.equal(service.ability("newcomer").can("createConversation"), true);
      assert.equal(service.ability("newcomer", "CH1").can("sendMessage"), true);
      assert.deepEqual(service.lastLoad.warnings, []);
    });

    for (const [end, status] of [
      ["/Users/alice", 500],
      ["/Users/alice", 429],
      ["/Users/alice", 401],
      ["/Participants/alice", 503],
      ["/Roles", 404],
      ["/Configuration", 404],
      ["/Conversations/CH1", 503],
    ]) {
      test(`fails where ${end} is answered with ${status}`, async () => {
        current.failures.set(end, status);
        await assert.rejects(access("alice", "CH1"), { status });
      });
    }

    test("takes nobody else's row for one whose identity is another one's SID", async () => {
      current = fakeTwilio({ ...world, participants: [...world.participants, participant("CH1", "US1")] });
      globalThis.twilioTransport = current.httpClient;
      const payload = sent(await access("US1", "CH1"));
      assert.deepEqual(payload.users, []);
      assert.deepEqual(payload.participants, [{ conversationSid: "CH1", identity: "US1", roleSid: "RL2" }]);
      assert.doesNotMatch(JSON.stringify((await access("MB-CH1-bob", "CH1")) ?? "not in it"), /bob/);
    });

    test("asks for an identity as it is written", async () => {
      const payload = sent(await access("a/b#c?d@e.org", "CH1"));
      assert.equal(payload.users[0].identity, "a/b#c?d@e.org");
      assert.equal(payload.participants[0].identity, "a/b#c?d@e.org");
    });
  });
}

describe("the handler of docs/server.md, later", () => {
  test("sends three requests for each conversation, where the list of participants takes 26", async () => {
    const { accessTo } = await load("docs/server.md", "access.js");
    await accessTo("alice", "CH1");
    current.requests.length = 0;
    await accessTo("bob", "CH1");
    assert.deepEqual(current.requests.sort(), [
      "GET Conversations/CH1",
      "GET Conversations/CH1/Participants/bob",
      "GET Users/bob",
    ]);

    current.requests.length = 0;
    const { default: twilio } = await import(
      pathToFileURL(join(root, "node_modules", "twilio", "lib", "index.js")).href
    );
    const chat = twilio("AC1", "a token", current).conversations.v1.services("IS1");
    await Promise.all([chat.roles.list(), chat.users("alice").fetch()]);
    assert.equal((await chat.conversations("CH1").participants.list()).length, 1200);
    assert.equal(current.requests.length, 26);
  });

  test("fetches roles again after a minute, and when it is told to; a failure is not kept", async (context) => {
    const { accessTo, forgetRoles } = await load("docs/server.md", "access.js");
    const rolesWereFetched = async () => {
      current.requests.length = 0;
      await accessTo("alice", "CH1").catch(() => {});
      return current.requests.includes("GET Roles");
    };
    context.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
    current.failures.set("/Configuration", 500);
    assert.equal(await rolesWereFetched(), true);
    current.failures.clear();
    assert.equal(await rolesWereFetched(), true);
    assert.equal(await rolesWereFetched(), false);
    context.mock.timers.tick(59_000);
    assert.equal(await rolesWereFetched(), false);
    context.mock.timers.tick(1000);
    assert.equal(await rolesWereFetched(), true);
    forgetRoles();
    assert.equal(await rolesWereFetched(), true);
  });

  test("lists many conversations in two requests and one for each page", async () => {
    const { accessToAll } = await load("docs/server.md", "access.js");
    const payload = sent(await accessToAll("alice"));
    assert.deepEqual(current.requests.sort(), [
      "GET Configuration",
      "GET ParticipantConversations?Identity=alice&PageSize=50",
      "GET Roles",
      "GET Users/alice",
    ]);
    assert.doesNotMatch(JSON.stringify(payload), /secret|US-/);
    const service = Service.from(payload, { identity: "alice" });
    assert.deepEqual(service.lastLoad.warnings, []);
    assert.deepEqual(
      service.channels().map(({ sid, uniqueName, createdBy, state }) => [sid, uniqueName, createdBy, state]),
      [
        ["CH1", "desk", "bob", "active"],
        ["CH2", null, "alice", "closed"],
      ],
    );
    const alice = service.ability("alice", "CH1");
    assert.deepEqual([alice.can("viewConversation"), alice.can("sendMessage")], [true, false]);

    // Opened: the role in it comes along, and the other conversation stays.
    const { accessTo } = await load("docs/server.md", "access.js");
    service.load(sent(await accessTo("alice", "CH1")), { replace: true, channel: "CH1" });
    assert.equal(alice.can("sendMessage"), true);
    assert.equal(service.ability("alice", "CH2").can("viewConversation"), true);
  });

  for (const [count, pages] of [
    [50, [""]],
    [51, ["", "&Page=1"]],
    [120, ["", "&Page=1", "&Page=2"]],
  ]) {
    test(`lists ${count} conversations by ${pages.length} pages`, async () => {
      const { accessToAll } = await load("docs/server.md", "access.js");
      const sids = Array.from({ length: count }, (_, number) => `CH${number}`);
      current = fakeTwilio({
        ...world,
        conversations: sids.map((sid) => row({ sid, unique_name: null, state: "active", created_by: "bob" })),
        participants: sids.map((sid) => participant(sid, "alice")),
      });
      globalThis.twilioTransport = current.httpClient;
      const payload = sent(await accessToAll("alice"));
      assert.deepEqual(
        payload.conversations.map(({ conversationSid }) => conversationSid),
        sids,
      );
      assert.deepEqual(current.requests.sort(), [
        "GET Configuration",
        ...pages.map((page) => `GET ParticipantConversations?Identity=alice&PageSize=50${page}`),
        "GET Roles",
        "GET Users/alice",
      ]);
    });
  }
});

describe("the routes and the page of docs/server.md", () => {
  let server;
  let address;
  before(async () => {
    const { routes } = await load("docs/server.md", "routes.js");
    server = express()
      .use(routes((request) => request.headers["x-identity"]))
      .listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    address = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  const get = (path, identity) => fetch(`${address}${path}`, { headers: { "x-identity": identity } });

  test("answer", async (context) => {
    context.mock.method(console, "error", () => {});
    const first = await get("/chat/access", "alice");
    assert.deepEqual([first.status, first.headers.get("cache-control")], [200, "private, no-cache"]);
    const headers = { "x-identity": "alice", "if-none-match": first.headers.get("etag") };
    // As a browser's cache asks: what an application asks with such a header, `fetch` sends with no-cache.
    const [again] = await once(request(`${address}/chat/access`, { headers }).end(), "response");
    again.resume();
    assert.equal(again.statusCode, 304, "nothing has changed");
    assert.equal((await get("/chat/access/CH1", "alice")).status, 200);
    assert.equal((await get("/chat/access/desk", "alice")).status, 200);
    assert.equal((await get("/chat/access/CH9", "alice")).status, 404, "no such conversation");
    assert.equal((await get("/chat/access/CH1", "mallory")).status, 404, "not in it");
    for (const trick of ["CH1%23x", "CH1%3Fx", "CH1%2F..", "CH1%2FParticipants%2Fbob%23"]) {
      assert.equal((await get(`/chat/access/${trick}`, "mallory")).status, 404, trick);
    }
    assert.equal((await get("/chat/access/CH1", "MB-CH1-bob")).status, 404, "an identity that is another one's SID");
    for (const [end, status] of [
      ["/Users/alice", 500],
      ["/Roles", 404],
    ]) {
      const { routes } = await load("docs/server.md", "routes.js");
      current.failures.clear();
      current.failures.set(end, status);
      const other = express()
        .use(routes(() => "alice"))
        .listen(0, "127.0.0.1");
      await new Promise((resolve) => other.once("listening", resolve));
      const { status: answered } = await fetch(`http://127.0.0.1:${other.address().port}/chat/access/CH1`);
      other.close();
      assert.equal(answered, 502, end);
    }
  });

  test("have a page refresh one conversation, and swap nothing", async (context) => {
    const payload = await (await get("/chat/access/CH1", "alice")).json();
    const service = Service.from(payload, { identity: "alice" });
    service.load({ participants: [{ conversation_sid: "CH2", identity: "alice", role_sid: "RL2" }] });
    service.load({ participants: [{ conversation_sid: "CH1", identity: "gone", role_sid: "RL2" }] });
    const alice = service.ability("alice", "CH1");
    let calls = 0;
    alice.subscribe(() => calls++);

    const { refresh } = await load("docs/server.md", "refresh.js");
    const real = globalThis.fetch;
    context.mock.method(globalThis, "fetch", (path) =>
      real(`${address}${path}`, { headers: { "x-identity": "alice" } }),
    );

    await refresh(service, "CH1", "alice");
    assert.deepEqual([calls, service.members("CH1").length, service.members("CH2").length], [0, 1, 1]);
    assert.equal(service.ability("alice", "CH1"), alice);

    current = fakeTwilio({
      ...world,
      participants: world.participants.map((one) => (one.identity === "alice" ? { ...one, role_sid: "RL3" } : one)),
    });
    globalThis.twilioTransport = current.httpClient;
    const reports = await Promise.all([refresh(service, "CH1", "alice"), refresh(service, "CH1", "alice")]);
    assert.equal(reports[0], undefined, "the first is overtaken");
    assert.deepEqual([calls, alice.can("deleteMessage", "bob")], [1, true]);

    await refresh(service, "CH9", "alice");
    context.mock.method(console, "error", () => {});
    current.failures.set("/Conversations/CH1", 404);
    await refresh(service, "CH1", "alice");
    assert.equal(alice.explain("sendMessage").reason, "unknown-channel");
    current.failures.set("/Conversations/CH1", 500);
    await assert.rejects(refresh(service, "CH1", "alice"), /502/);
  });
});

describe("how a page of docs/server.md stays up to date", () => {
  const payload = (role_sid) => ({
    roles: world.roles,
    conversations: [{ sid: "CH1" }],
    participants: [{ conversation_sid: "CH1", identity: "alice", role_sid }],
  });
  const answer = (body) => ({ ok: true, status: 200, json: async () => body });
  let service;
  let errors;
  const onError = (error) => errors.push(error.message);
  const roles = (one = service) => one.members("CH1").map(({ roleSid }) => roleSid);
  beforeEach(() => {
    service = Service.from(payload("RL2"));
    errors = [];
  });

  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    test(`the later refresh counts, if the bodies come in the order ${order}`, async (context) => {
      const { refresh } = await load("docs/server.md", "refresh.js");
      const bodies = [];
      const json = () => new Promise((resolve) => bodies.push(resolve));
      context.mock.method(globalThis, "fetch", async () => ({ ok: true, status: 200, json }));
      const reports = [];
      while (reports.length < 2) {
        reports.push(refresh(service, "CH1", "alice"));
        await setImmediate(); // its body is on its way
      }
      for (const index of order) {
        bodies[index](payload(["RL2", "RL3"][index]));
        await reports[index];
      }
      assert.equal(await reports[0], undefined);
      assert.deepEqual(roles(), ["RL3"]);
    });
  }

  test("two services, and two conversations of one, are refreshed at the same time", async (context) => {
    const { refresh } = await load("docs/server.md", "refresh.js");
    context.mock.method(globalThis, "fetch", async (path) =>
      path.endsWith("CH1") ? answer(payload("RL3")) : { ok: false, status: 404 },
    );
    const other = Service.from(payload("RL2"));
    other.load({ conversations: [{ sid: "CH2" }] });
    await Promise.all([refresh(service, "CH1"), refresh(other, "CH1"), refresh(other, "CH2")]);
    assert.deepEqual([roles(), roles(other)], [["RL3"], ["RL3"]]);
    assert.deepEqual(
      other.channels().map(({ sid }) => sid),
      ["CH1"],
    );
  });

  test("keepFresh refreshes when the page is looked at, and every minute then", async (context) => {
    const { keepFresh } = await load("docs/server.md", "keep-fresh.js");
    context.mock.timers.enable({ apis: ["setInterval"] });
    globalThis.document = Object.assign(new EventTarget(), { hidden: false });
    context.after(() => delete globalThis.document);
    const look = (hidden) => {
      document.hidden = hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const { mock } = context.mock.method(globalThis, "fetch", async () => answer(payload("RL3")));
    const stop = keepFresh(service, "CH1", "alice", onError);
    for (const [act, requests] of [
      [() => {}, 0],
      [() => context.mock.timers.tick(59_999), 0],
      [() => context.mock.timers.tick(1), 1],
      [() => look(true), 1],
      [() => context.mock.timers.tick(120_000), 1],
      [() => look(false), 2],
      [() => context.mock.timers.tick(60_000), 3],
    ]) {
      act();
      assert.equal(mock.callCount(), requests, String(act));
    }
    await setImmediate();
    assert.deepEqual([roles(), errors], [["RL3"], []]);

    mock.mockImplementation(async () => ({ ok: false, status: 502 }));
    look(false);
    await setImmediate();
    assert.deepEqual(errors, ["the access to CH1 was answered with 502"]);

    stop();
    look(false);
    context.mock.timers.tick(60_000);
    assert.equal(mock.callCount(), 4);
  });

  test("followPushes refreshes with each event, and whenever the connection is there", async (context) => {
    const sources = [];
    globalThis.EventSource = class {
      isClosed = false;
      constructor(address) {
        sources.push(Object.assign(this, { address }));
      }
      close() {
        this.isClosed = true;
      }
    };
    context.after(() => delete globalThis.EventSource);
    const { followPushes } = await load("docs/server.md", "follow-pushes.js");
    const { mock } = context.mock.method(globalThis, "fetch", async () => answer(payload("RL3")));
    const stop = followPushes(service, "CH1", "alice", onError);
    assert.deepEqual(
      sources.map(({ address }) => address),
      ["/chat/events"],
    );
    const [source] = sources;
    source.onopen();
    source.onmessage({ data: "roles" });
    assert.equal(mock.callCount(), 2);
    await setImmediate();
    assert.deepEqual([roles(), errors], [["RL3"], []]);
    mock.mockImplementation(async () => Promise.reject(new Error("no network")));
    source.onmessage({ data: "roles" });
    await setImmediate();
    assert.deepEqual(errors, ["no network"]);
    stop();
    assert.equal(source.isClosed, true);
  });

  test("the back end tells each page that is open", { timeout: 10_000 }, async (context) => {
    const { events, rolesChanged } = await load("docs/server.md", "events.js");
    const server = express().get("/chat/events", events).listen(0, "127.0.0.1");
    await once(server, "listening");
    context.after(() => server.close().closeAllConnections());
    const open = async () => {
      const response = await fetch(`http://127.0.0.1:${server.address().port}/chat/events`);
      assert.deepEqual(
        ["content-type", "cache-control"].map((name) => response.headers.get(name)),
        ["text/event-stream", "no-cache"],
      );
      return response.body.getReader();
    };
    const closed = new Promise((resolve) => server.once("connection", (socket) => socket.once("close", resolve)));
    const pages = [await open(), await open()];
    const told = async (page) => new TextDecoder().decode((await page.read()).value);
    rolesChanged();
    for (const page of pages) assert.equal(await told(page), "data: roles\n\n");
    await pages[0].cancel();
    await closed;
    rolesChanged();
    assert.equal(await told(pages[1]), "data: roles\n\n");
    await pages[1].cancel();
  });
});
