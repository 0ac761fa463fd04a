// rolecall/twilio with a client that tells of things as the SDK's does: one emitter for all conversations, participants
// whose fields change in place, lists that come later, fail, or never come.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Service } from "rolecall";
import { follow } from "rolecall/twilio";
import { npmProgram, root } from "../../scripts/run.mjs";
import { blocksOf } from "../package/pages.mjs";

const payload = {
  roles: [
    { sid: "RL1", friendly_name: "user", type: "service", permissions: ["createConversation", "joinConversation"] },
    { sid: "RL2", friendly_name: "member", type: "conversation", permissions: ["sendMessage"] },
    { sid: "RL3", friendly_name: "admin", type: "conversation", permissions: ["sendMessage", "deleteAnyMessage"] },
  ],
  users: [{ identity: "alice", role_sid: "RL1" }],
};

class Participant {
  constructor(conversation, identity, roleSid) {
    Object.assign(this, { sid: `MB ${identity}`, conversation, identity, roleSid });
  }
}

class Conversation {
  status = "joined";
  createdBy = "alice";
  uniqueName = null;
  state = { current: "active", dateUpdated: new Date() };
  participants = [];
  /** How often the list was asked for. */
  fetched = 0;
  /** What the next lists wait for, in order: promises that may be rejected. */
  waits = [];

  constructor(sid, ...participants) {
    this.sid = sid;
    for (const [identity, roleSid] of participants) this.participants.push(new Participant(this, identity, roleSid));
  }

  async getParticipants() {
    this.fetched++;
    // The SDK's list is what is known at the end, not at the beginning.
    await this.waits.shift();
    return [...this.participants];
  }
}

class Client extends EventEmitter {
  user = { identity: "alice" };
  /** Pages of the conversations that the client is in. */
  pages = [[]];
  listed = 0;

  async getSubscribedConversations() {
    this.listed++;
    const page = (at) => ({
      items: this.pages[at],
      hasNextPage: at + 1 < this.pages.length,
      nextPage: async () => page(at + 1),
    });
    return page(0);
  }

  connect() {
    for (const state of ["connecting", "connected"]) this.emit("connectionStateChanged", state);
  }

  join(conversation, identity, roleSid) {
    const participant = new Participant(conversation, identity, roleSid);
    conversation.participants.push(participant);
    this.emit("participantJoined", participant);
    return participant;
  }

  update(participant, change, reason = Object.keys(change)[0]) {
    Object.assign(participant, change);
    this.emit("participantUpdated", { participant, updateReasons: [reason] });
  }

  leave(participant) {
    const { participants } = participant.conversation;
    participants.splice(participants.indexOf(participant), 1);
    this.emit("participantLeft", participant);
  }

  updateConversation(conversation, change, reason = Object.keys(change)[0]) {
    Object.assign(conversation, change);
    this.emit("conversationUpdated", { conversation, updateReasons: [reason] });
  }

  joinConversation(conversation) {
    conversation.status = "notParticipating";
    this.emit("conversationAdded", conversation);
    conversation.status = "joined";
    this.emit("conversationJoined", conversation);
  }

  leaveConversation(conversation) {
    conversation.status = "notParticipating";
    this.emit("conversationLeft", conversation);
  }
}

const settled = () => setImmediate();

/** A promise that is resolved or rejected from outside. */
function deferred() {
  const functions = {};
  const promise = new Promise((resolve, reject) => Object.assign(functions, { resolve, reject }));
  promise.catch(() => {});
  return Object.assign(functions, { promise });
}

/** A promise that is rejected already, and of which nobody need hear. */
function failed(message) {
  const { promise, reject } = deferred();
  reject(new Error(message));
  return promise;
}

/** How a promise is: "pending", "resolved", or the code that it was rejected with. */
async function state(promise) {
  const outcome = promise.then(
    () => "resolved",
    (error) => error.code,
  );
  return Promise.race([outcome, settled().then(() => "pending")]);
}

describe("following the SDK's client", () => {
  let client;
  let service;
  let one;
  let errors;
  let reported;
  beforeEach((context) => {
    client = new Client();
    service = Service.from(payload);
    one = new Conversation("CH1", ["alice", "RL2"], ["bob", "RL3"], [null, "RL2"]);
    errors = [];
    reported = context.mock.method(console, "error", () => {}).mock;
  });
  const onError = (error, conversation) => errors.push([error.code ?? error.message, conversation]);
  const uncaught = () => reported.calls.map(({ arguments: [error] }) => error.code ?? error.message);
  const members = (sid) => service.members(sid).map(({ identity, roleSid }) => `${identity} ${roleSid}`);
  const channel = (sid) => service.channels().find((one) => one.sid === sid);

  test("loads what the client is in already, page by page, without those who have no identity", async () => {
    client.pages = [[one], [new Conversation("CH2", ["carol", "RL2"])]];
    service.load({ participants: [{ conversation_sid: "CH1", identity: "gone", role_sid: "RL3" }] });
    const { ready } = follow(client, service, { onError });
    await ready;
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);
    assert.deepEqual(members("CH2"), ["carol RL2"]);
    assert.deepEqual(
      service.channels().map(({ sid, type, createdBy, state }) => [sid, type, createdBy, state]),
      [
        ["CH1", "private", "alice", "active"],
        ["CH2", "private", "alice", "active"],
      ],
    );
    assert.deepEqual(service.lastLoad.warnings, []);
    assert.deepEqual(errors, []);
  });

  test("is ready when all lists are in, and not before", async () => {
    const [list, participants] = [deferred(), deferred()];
    const listed = client.getSubscribedConversations.bind(client);
    client.getSubscribedConversations = () => list.promise.then(listed);
    client.pages = [[one], [new Conversation("CH2", ["carol", "RL2"])]];
    one.waits = [participants.promise];
    const { ready } = follow(client, service, { onError });
    assert.equal(await state(ready), "pending");
    list.resolve();
    assert.equal(await state(ready), "pending");
    participants.resolve();
    assert.equal(await state(ready), "resolved");
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);

    const empty = follow(new Client(), service, { onError });
    assert.equal(await state(empty.ready), "resolved");
  });

  test("is ready though a conversation is left or removed before its list is in", async () => {
    for (const event of ["conversationLeft", "conversationRemoved"]) {
      const followed = new Client();
      const hanging = new Conversation(`CH ${event}`);
      hanging.waits = [deferred().promise];
      followed.pages = [[hanging]];
      const { ready } = follow(followed, service, { onError });
      assert.equal(await state(ready), "pending");
      followed.emit(event, hanging);
      assert.equal(await state(ready), "resolved", event);
    }
  });

  test("keeps in step with each event", async () => {
    const stop = follow(client, service, { onError });
    await settled();
    client.joinConversation(one);
    await settled();
    let carol;
    const steps = [
      [() => {}, ["alice RL2", "bob RL3"]],
      [() => (carol = client.join(one, "carol", "RL2")), ["alice RL2", "bob RL3", "carol RL2"]],
      [() => client.update(carol, { roleSid: "RL3" }), ["alice RL2", "bob RL3", "carol RL3"]],
      [() => client.update(one.participants[0], { roleSid: "RL3" }), ["alice RL3", "bob RL3", "carol RL3"]],
      [() => client.join(one, null, "RL3"), ["alice RL3", "bob RL3", "carol RL3"]],
      [() => client.join(one, "", "RL3"), ["alice RL3", "bob RL3", "carol RL3"]],
      [() => client.leave(one.participants[1]), ["alice RL3", "carol RL3"]],
      [() => client.leaveConversation(one), ["carol RL3"]],
      [() => client.emit("conversationRemoved", one), []],
      [() => client.joinConversation(one), ["alice RL3", "carol RL3"]],
    ];
    for (const [step, expected] of steps) {
      step();
      await settled();
      assert.deepEqual(members("CH1").sort(), expected, String(step));
    }
    assert.equal(service.ability("alice", "CH1").can("deleteMessage", "bob"), true);
    assert.deepEqual(errors, []);
    stop();
  });

  test("follows the creator, the state and the unique name, and no more of what is updated", async () => {
    follow(client, service, { onError });
    one.createdBy = "";
    client.joinConversation(one);
    await settled();
    const alice = service.ability("alice", "desk");
    let changes = 0;
    service.subscribe(() => changes++);
    client.updateConversation(one, { lastMessage: { index: 1 } });
    client.updateConversation(one, { attributes: {} });
    client.update(one.participants[0], { lastReadMessageIndex: 7 });
    assert.equal(changes, 0);
    client.updateConversation(one, { createdBy: "bob" });
    assert.equal(channel("CH1").createdBy, "bob");
    assert.equal(alice.can("sendMessage"), false);
    client.updateConversation(one, { uniqueName: "desk" });
    assert.equal(alice.can("sendMessage"), true);
    client.updateConversation(one, { state: { current: "inactive" } });
    assert.equal(alice.can("sendMessage"), true);
    client.updateConversation(one, { state: { current: "closed" } });
    assert.equal(alice.explain("sendMessage").reason, "closed");
    assert.equal(changes, 4);
    assert.deepEqual(errors, []);
  });

  test("a conversation that is created and not yet joined is known, and joined by nobody", async () => {
    const { ready } = follow(client, service, { onError });
    await ready;
    one.status = "notParticipating";
    client.emit("conversationAdded", one);
    await settled();
    assert.deepEqual([channel("CH1").createdBy, members("CH1"), one.fetched], ["alice", [], 0]);
    const alice = service.ability("alice", "CH1");
    assert.deepEqual([alice.can("joinConversation"), alice.can("sendMessage")], [true, false]);
    client.joinConversation(one);
    await settled();
    assert.deepEqual([alice.can("joinConversation"), alice.can("sendMessage")], [false, true]);
  });

  test("of a conversation that is listed and not joined no participants are fetched", async () => {
    one.status = "notParticipating";
    client.pages = [[one]];
    await follow(client, service, { onError }).ready;
    assert.deepEqual([channel("CH1").sid, members("CH1"), one.fetched], ["CH1", [], 0]);
  });

  test("a conversation that the SDK tells of while it is listed is fetched once", async () => {
    client.pages = [[one]];
    const { ready } = follow(client, service, { onError });
    client.joinConversation(one);
    await ready;
    assert.equal(one.fetched, 1);
  });

  test("the last who leaves takes no conversation along", async () => {
    client.pages = [[one]];
    await follow(client, service, { onError }).ready;
    while (one.participants.length > 0) client.leave(one.participants[0]);
    assert.deepEqual([members("CH1"), channel("CH1")?.sid], [[], "CH1"]);
    client.leaveConversation(one);
    assert.equal(channel("CH1")?.sid, "CH1");
  });

  test("does not undo what happens while a list is on its way", async () => {
    follow(client, service, { onError });
    const happenings = [
      [() => client.leave(one.participants[1]), ["alice RL2"]],
      [() => client.join(one, "carol", "RL2"), ["alice RL2", "carol RL2"]],
      [() => client.update(one.participants[0], { roleSid: "RL3" }), ["alice RL3", "carol RL2"]],
      [() => client.leaveConversation(one), ["carol RL2"]],
      [() => client.emit("conversationRemoved", one), []],
    ];
    for (const [happen, expected] of happenings) {
      const late = deferred();
      const list = [...one.participants];
      one.getParticipants = async () => {
        one.getParticipants = Conversation.prototype.getParticipants;
        await late.promise;
        return list;
      };
      client.joinConversation(one);
      happen();
      late.resolve();
      await settled();
      assert.deepEqual(members("CH1").sort(), expected, String(happen));
    }
    assert.deepEqual(errors, []);
  });

  test("a list that was left behind ends none that was asked for after it, and is not loaded after the end", async () => {
    const stop = follow(client, service, { onError });
    const [first, second, third] = [deferred(), deferred(), deferred()];
    one.waits = [first.promise, second.promise];
    client.joinConversation(one);
    client.leaveConversation(one);
    client.joinConversation(one);
    first.resolve();
    await settled();
    assert.deepEqual(members("CH1"), []);
    second.resolve();
    await settled();
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);

    client.leaveConversation(one);
    one.waits = [third.promise];
    client.joinConversation(one);
    stop();
    third.resolve();
    await settled();
    assert.deepEqual(members("CH1"), ["bob RL3"]);
    assert.deepEqual(errors, []);
  });

  test("events that come too late bring nothing and nobody back", async () => {
    const two = new Conversation("CH2", ["alice", "RL2"], ["bob", "RL2"]);
    client.pages = [[one, two]];
    await follow(client, service, { onError }).ready;
    client.emit("conversationRemoved", one);
    client.update(one.participants[1], { roleSid: "RL2" });
    client.updateConversation(one, { state: { current: "closed" } });
    client.leave(one.participants[1]);
    assert.equal(channel("CH1"), undefined);
    client.leaveConversation(two);
    client.update(two.participants[0], { roleSid: "RL3" });
    assert.deepEqual(members("CH2"), ["bob RL2"]);
    assert.deepEqual(errors, []);
  });

  test("a list of conversations that comes late brings none back", async () => {
    const list = deferred();
    client.getSubscribedConversations = () => list.promise;
    const { ready } = follow(client, service, { onError });
    client.joinConversation(one);
    await settled();
    client.leaveConversation(one);
    const two = new Conversation("CH2", ["alice", "RL2"]);
    client.joinConversation(two);
    client.emit("conversationRemoved", two);
    list.resolve({ items: [one, two], hasNextPage: false });
    await ready;
    assert.deepEqual([members("CH1"), channel("CH2")], [["bob RL3"], undefined]);
  });

  test("a list that failed is fetched again when the connection is back, and others are not", async () => {
    const two = new Conversation("CH2", ["bob", "RL2"]);
    one.waits = [failed("no network"), failed("still none")];
    client.pages = [[one, two]];
    const { ready } = follow(client, service, { onError });
    assert.equal(await state(ready), "pending");
    assert.deepEqual(errors.splice(0), [["no network", "CH1"]]);
    assert.deepEqual(members("CH2"), ["bob RL2"]);
    client.emit("connectionStateChanged", "disconnected");
    await settled();
    assert.equal(one.fetched, 1);
    client.connect();
    assert.equal(await state(ready), "pending");
    assert.deepEqual(errors.splice(0), [["still none", "CH1"]]);
    client.join(one, "carol", "RL2");
    client.connect();
    assert.equal(await state(ready), "resolved");
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3", "carol RL2"]);
    client.connect();
    await settled();
    assert.deepEqual([one.fetched, two.fetched, client.listed], [3, 1, 1]);
    assert.deepEqual(uncaught(), []);
  });

  test("a list of conversations that failed is fetched again, without what is there already", async () => {
    const two = new Conversation("CH2", ["bob", "RL2"]);
    const listed = client.getSubscribedConversations.bind(client);
    const failures = [new Error("no network"), new Error("no second page")];
    client.getSubscribedConversations = async () => {
      if (failures.length === 2) throw failures.shift();
      const first = await listed();
      return failures.length === 0 ? first : { ...first, nextPage: () => Promise.reject(failures.shift()) };
    };
    client.pages = [[one], [two]];
    const { ready } = follow(client, service, { onError });
    await settled();
    assert.deepEqual(errors.splice(0), [["no network", undefined]]);
    client.connect();
    await settled();
    assert.deepEqual(errors.splice(0), [["no second page", undefined]]);
    assert.equal(await state(ready), "pending");
    client.connect();
    assert.equal(await state(ready), "resolved");
    assert.deepEqual([one.fetched, two.fetched], [1, 1]);
  });

  test("a list that fails after the connection came back is fetched again at once", async () => {
    const late = deferred();
    one.waits = [late.promise];
    client.pages = [[one]];
    const { ready } = follow(client, service, { onError });
    await settled();
    client.connect();
    late.reject(new Error("timed out"));
    assert.equal(await state(ready), "resolved");
    assert.deepEqual(errors, [["timed out", "CH1"]]);
    assert.equal(one.fetched, 2);
  });

  test("who is signed in may become known after a conversation is left", async () => {
    for (const [user, tell] of [
      [undefined, () => client.emit("initialized")],
      [{ identity: "" }, () => client.emit("stateChanged", "initialized")],
      [{ identity: "" }, () => client.connect()],
      [{ identity: "" }, () => client.emit("conversationAdded", new Conversation("CH2"))],
    ]) {
      client = new Client();
      client.user = user;
      service.load({
        conversations: { sid: "CH1" },
        participants: { sid: "CH1", conversation_sid: "CH1", identity: "alice" },
      });
      const stop = follow(client, service, { onError });
      client.leaveConversation(one);
      await settled();
      assert.deepEqual(members("CH1"), ["alice "]);
      client.user = { identity: "alice" };
      tell();
      assert.deepEqual(members("CH1"), []);
      stop();
    }
    assert.deepEqual(errors, []);
  });

  test("errors of the service disturb neither the SDK nor what follows", async () => {
    client.pages = [[one]];
    follow(client, service, { onError });
    await settled();
    let heard = 0;
    client.on("participantJoined", () => heard++);
    // A role SID that is no string: the service refuses the row.
    client.join(one, "mallory", 7);
    client.join(one, "carol", "RL2");
    assert.equal(heard, 2);
    assert.deepEqual(errors, [["invalid-type", "CH1"]]);
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3", "carol RL2"]);
    assert.deepEqual(uncaught(), []);
  });

  test("without onError, and if it throws, errors are reported as uncaught ones, and following goes on", async () => {
    const onThrowing = () => {
      throw new Error("mine");
    };
    for (const [options, expected] of [
      [undefined, ["no network", "invalid-type"]],
      [{}, ["no network", "invalid-type"]],
      [{ onError: undefined }, ["no network", "invalid-type"]],
      [{ onError: onThrowing }, ["mine", "mine"]],
    ]) {
      client = new Client();
      const two = new Conversation("CH2", ["bob", "RL2"]);
      one.waits = [failed("no network")];
      client.pages = [[one, two]];
      const stop = follow(client, service, options);
      await settled();
      client.join(two, "mallory", 7);
      client.join(two, "carol", "RL2");
      assert.deepEqual(uncaught(), expected);
      assert.deepEqual(members("CH2"), ["bob RL2", "carol RL2"]);
      stop();
      service.removeMember("CH2", "carol");
      reported.resetCalls();
    }
  });

  test("options that are none are refused before anything is listened to", () => {
    for (const [options, path] of [
      [null, "options"],
      [{ onError: "log" }, "onError"],
      [{ onError: null }, "onError"],
      [{ onerror() {} }, "onerror"],
    ]) {
      assert.throws(() => follow(client, service, options), { name: "RolecallError", code: "invalid-argument", path });
    }
    assert.deepEqual(client.eventNames(), []);
  });

  test("a role that comes later counts from then on", async () => {
    follow(client, service, { onError });
    client.join(one, "carol", "RL9");
    const carol = service.ability("carol", "CH1");
    assert.equal(carol.can("sendMessage"), false);
    service.load({
      roles: [{ sid: "RL9", friendly_name: "late", type: "conversation", permissions: ["sendMessage"] }],
    });
    assert.equal(carol.can("sendMessage"), true);
  });

  test("ends though lists never come: no listener is left, nothing is loaded, and ready is rejected", async () => {
    one.waits = [new Promise(() => {})];
    const late = deferred();
    const two = new Conversation("CH2", ["bob", "RL2"]);
    two.waits = [late.promise];
    client.pages = [[one, two]];
    const stop = follow(client, service, { onError });
    assert.notEqual(client.eventNames().length, 0);
    await settled();
    stop();
    assert.equal(await state(stop.ready), "stopped");
    await assert.rejects(stop.ready, { name: "RolecallError", code: "stopped" });
    assert.deepEqual(client.eventNames(), []);
    late.resolve();
    client.join(one, "carol", "RL2");
    client.connect();
    await settled();
    assert.deepEqual(service.channels(), []);
    stop();
    assert.deepEqual([errors, uncaught(), one.fetched], [[], [], 1]);
  });

  test("ends while the conversations are listed", async () => {
    const list = deferred();
    client.getSubscribedConversations = () => list.promise;
    const stop = follow(client, service, { onError });
    stop();
    list.reject(new Error("no network"));
    assert.equal(await state(stop.ready), "stopped");
    assert.deepEqual(errors, []);
  });

  test("the end takes nothing back from who was ready", async () => {
    client.pages = [[one]];
    const stop = follow(client, service, { onError });
    await stop.ready;
    stop();
    assert.equal(await state(stop.ready), "resolved");
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);
  });

  test("a client that cannot be listened to is left without a listener", () => {
    const refused = new Error("not this one");
    const on = client.on.bind(client);
    client.on = (event, listener) => {
      if (event === "conversationJoined") throw refused;
      return on(event, listener);
    };
    assert.throws(
      () => follow(client, service, { onError }),
      (error) => error === refused,
    );
    assert.deepEqual(client.eventNames(), []);
  });

  test("a client that refuses to be left alone is left alone with all that it does not refuse", async () => {
    const off = client.off.bind(client);
    const refused = ["stateChanged", "participantLeft"];
    client.off = (event, listener) => {
      if (refused.includes(event)) throw new Error(`not ${event}`);
      return off(event, listener);
    };
    client.pages = [[one]];
    const stop = follow(client, service, { onError });
    await stop.ready;
    stop();
    assert.deepEqual(client.eventNames(), refused);
    assert.deepEqual(
      errors.splice(0),
      refused.map((event) => [`not ${event}`, undefined]),
    );
    client.leave(one.participants[0]);
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);

    // Nor does it hide why it could not be listened to.
    client = new Client();
    client.on = (event, listener) => {
      if (event === "conversationJoined") throw new Error("not to be joined");
      return EventEmitter.prototype.on.call(client, event, listener);
    };
    client.off = () => {
      throw new Error("not to be left");
    };
    assert.throws(() => follow(client, service, { onError }), { message: "not to be joined" });
    assert.equal(errors.length, client.eventNames().length);
    assert.notEqual(errors.length, 0);
  });

  test("a page that promises a next one and has none is an error, and no end", async () => {
    client.getSubscribedConversations = async () => ({ items: [one], hasNextPage: true });
    const { ready } = follow(client, service, { onError });
    assert.equal(await state(ready), "pending");
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);
    assert.equal(errors.length, 1);
    assert.match(errors[0][0], /nextPage/);
  });

  test("after the service was freed nothing is thrown at the SDK, and each event is an error", async () => {
    client.pages = [[one]];
    const stop = follow(client, service, { onError });
    await settled();
    const alice = service.ability("alice", "CH1");
    service.free();
    let heard = 0;
    client.on("participantJoined", () => heard++);
    const events = [
      () => client.join(one, "carol", "RL2"),
      () => client.update(one.participants[0], { roleSid: "RL3" }),
      () => client.leave(one.participants[1]),
      () => client.leaveConversation(one),
      () => client.joinConversation(one),
      () => client.updateConversation(one, { state: { current: "closed" } }),
      () => client.emit("conversationRemoved", one),
    ];
    for (const event of events) {
      event();
      await settled();
      assert.deepEqual([...new Set(errors.splice(0).map(String))], ["freed,CH1"], String(event));
      assert.throws(() => alice.can("sendMessage"), { code: "freed" });
    }
    assert.equal(heard, 1);
    stop();
    client.join(one, "dora", "RL2");
    await settled();
    assert.deepEqual(client.eventNames(), ["participantJoined"]);
  });

  test("whatever fails, is late and overtakes, the service has in the end what the SDK has", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = numbers(seed);
      const pick = (list) => list[random() % list.length];
      client = new Client();
      service = Service.from(payload);
      const conversations = ["CH1", "CH2", "CH3"].map((sid) => new Conversation(sid, ["alice", "RL2"], ["bob", "RL3"]));
      const waiting = [];
      for (const conversation of conversations) {
        conversation.getParticipants = async () => {
          const early = [...conversation.participants];
          const wait = deferred();
          waiting.push(wait);
          await wait.promise;
          return random() % 2 ? early : [...conversation.participants];
        };
      }
      const listed = client.getSubscribedConversations.bind(client);
      client.getSubscribedConversations = async () => {
        const wait = deferred();
        waiting.push(wait);
        await wait.promise;
        return listed();
      };
      client.pages = [conversations.slice(0, 2), conversations.slice(2)];
      const { ready } = follow(client, service, { onError });

      /** Answers one of the requests that wait, or has it fail. */
      const answer = () => {
        const [wait] = waiting.splice(random() % Math.max(1, waiting.length), 1);
        if (random() % 3) wait?.resolve();
        else wait?.reject(new Error("no network"));
      };
      const steps = [
        answer,
        answer,
        () => client.connect(),
        (conversation) => client.join(conversation, `user ${random() % 5}`, pick(["RL2", "RL3"])),
        ({ participants }) => participants.length > 0 && client.leave(pick(participants)),
        ({ participants }) =>
          participants.length > 0 && client.update(pick(participants), { roleSid: pick(["RL2", "RL3"]) }),
        (conversation) => client.updateConversation(conversation, { state: { current: pick(["active", "closed"]) } }),
        (conversation) => conversation.status === "joined" && client.leaveConversation(conversation),
        (conversation) => conversation.status !== "joined" && client.joinConversation(conversation),
      ];
      for (let step = 0; step < 60; step++) {
        const conversation = pick(conversations);
        // Nobody is in a conversation twice, and what has been left tells of nothing.
        const act = pick(steps);
        const isAboutParticipants = act.length === 1 && ![steps.at(-1), steps.at(-2)].includes(act);
        if (!isAboutParticipants || conversation.status === "joined") act(conversation);
        conversation.participants = [
          ...new Map(conversation.participants.map((participant) => [participant.identity, participant])).values(),
        ];
        if (random() % 2) await settled();
      }
      for (let round = 0; round < 10; round++) {
        for (const wait of waiting.splice(0)) wait.resolve();
        await settled();
        client.connect();
        await settled();
      }
      assert.equal(await state(ready), "resolved", `seed ${seed}`);
      for (const conversation of conversations.filter(({ status }) => status === "joined")) {
        assert.deepEqual(
          members(conversation.sid).sort(),
          conversation.participants.map(({ identity, roleSid }) => `${identity} ${roleSid}`).sort(),
          `seed ${seed}, ${conversation.sid}`,
        );
        assert.equal(channel(conversation.sid).state, conversation.state.current, `seed ${seed}, ${conversation.sid}`);
      }
    }
  });
});

test("the fake of the documentation is a client, to TypeScript too", () => {
  const { source } = blocksOf("docs/frameworks.md").find(({ source }) => source.includes("new EventEmitter()"));
  const folder = join(root, "target", "fake");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "fake.js"), source);
  const options = ["--checkJs", "--noEmit", "--skipLibCheck", "--strict", "--target", "es2022", "--types", "node"];
  const { stdout, status } = spawnSync(
    npmProgram("tsc"),
    ["--ignoreConfig", ...options, "--module", "nodenext", join(folder, "fake.js")],
    { encoding: "utf8" },
  );
  rmSync(folder, { recursive: true });
  assert.deepEqual([stdout, status], ["", 0]);
});

/** A function of pseudo-random numbers. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
