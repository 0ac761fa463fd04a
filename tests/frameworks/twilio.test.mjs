// rolecall/twilio with a client that tells of things as the SDK's does: one emitter for all conversations, participants
// whose fields change in place, lists that come later.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { beforeEach, describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Service } from "rolecall";
import { follow } from "rolecall/twilio";

const payload = {
  roles: [
    { sid: "RL1", friendly_name: "user", type: "service", permissions: ["createConversation"] },
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
  participants = [];
  /** What fetching the participants waits for. */
  answers = Promise.resolve();
  fetched = 0;

  constructor(sid, ...participants) {
    this.sid = sid;
    for (const [identity, roleSid] of participants) this.participants.push(new Participant(this, identity, roleSid));
  }

  async getParticipants() {
    this.fetched++;
    // The SDK's list is what is known at the end, not at the beginning.
    await this.answers;
    return [...this.participants];
  }
}

class Client extends EventEmitter {
  user = { identity: "alice" };
  /** Pages of the conversations that the client is in. */
  pages = [[]];

  async getSubscribedConversations() {
    const page = (at) => ({
      items: this.pages[at],
      hasNextPage: at + 1 < this.pages.length,
      nextPage: async () => page(at + 1),
    });
    return page(0);
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

describe("following the SDK's client", () => {
  let client;
  let service;
  let one;
  let reported;
  beforeEach((context) => {
    client = new Client();
    service = Service.from(payload);
    one = new Conversation("CH1", ["alice", "RL2"], ["bob", "RL3"], [null, "RL2"]);
    reported = context.mock.method(console, "error", () => {}).mock;
  });
  const errors = () => reported.calls.map(({ arguments: [error] }) => error.code ?? error.message);
  const members = (sid) => service.members(sid).map(({ identity, roleSid }) => `${identity} ${roleSid}`);
  const settled = () => setImmediate();

  test("puts in what the client is in already, page by page, without those who have no identity", async () => {
    client.pages = [[one], [new Conversation("CH2", ["carol", "RL2"])]];
    service.load({ participants: [{ conversation_sid: "CH1", identity: "gone", role_sid: "RL3" }] });
    follow(client, service);
    await settled();
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);
    assert.deepEqual(members("CH2"), ["carol RL2"]);
    assert.deepEqual(service.channels(), [
      { sid: "CH1", type: "private", createdBy: "alice" },
      { sid: "CH2", type: "private", createdBy: "alice" },
    ]);
    assert.deepEqual(errors(), []);
  });

  test("keeps in step with each event", async () => {
    const stop = follow(client, service);
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
    assert.deepEqual(errors(), []);
    stop();
  });

  test("takes up a creator who becomes known, and no more of what is updated", async () => {
    follow(client, service);
    one.createdBy = "";
    client.joinConversation(one);
    await settled();
    let changes = 0;
    service.subscribe(() => changes++);
    one.createdBy = "bob";
    client.emit("conversationUpdated", { conversation: one, updateReasons: ["lastMessage", "lastReadMessageIndex"] });
    client.update(one.participants[0], { lastReadMessageIndex: 7 });
    assert.equal(changes, 0);
    client.emit("conversationUpdated", { conversation: one, updateReasons: ["createdBy"] });
    assert.equal(changes, 1);
    assert.equal(service.channels()[0].createdBy, "bob");
  });

  test("does not undo what happens while a list is on its way", async () => {
    follow(client, service);
    const happenings = [
      [() => client.leave(one.participants[1]), ["alice RL2"]],
      [() => client.join(one, "carol", "RL2"), ["alice RL2", "carol RL2"]],
      [() => client.update(one.participants[0], { roleSid: "RL3" }), ["alice RL3", "carol RL2"]],
      [() => client.leaveConversation(one), ["carol RL2"]],
      [() => client.emit("conversationRemoved", one), []],
    ];
    for (const [happen, expected] of happenings) {
      let arrive;
      const late = new Promise((resolve) => {
        arrive = resolve;
      });
      const list = [...one.participants];
      one.getParticipants = async () => {
        one.getParticipants = Conversation.prototype.getParticipants;
        await late;
        return list;
      };
      client.joinConversation(one);
      happen();
      arrive();
      await settled();
      assert.deepEqual(members("CH1").sort(), expected, String(happen));
    }
    assert.deepEqual(errors(), []);
  });

  test("puts in a conversation that is seen and not entered", async () => {
    follow(client, service);
    client.emit("conversationAdded", one);
    await settled();
    assert.deepEqual(service.channels(), [{ sid: "CH1", type: "private", createdBy: "alice" }]);
    assert.deepEqual([members("CH1"), one.fetched], [[], 0]);
  });

  test("a list that was left behind ends none that was asked for after it, and is not put in after the end", async () => {
    const stop = follow(client, service);
    /** What the list that was asked for first, second, and so on waits for. */
    const arrivals = [];
    one.getParticipants = async () => {
      const list = [...one.participants];
      await new Promise((resolve) => arrivals.push(resolve));
      return list;
    };
    client.joinConversation(one);
    client.leaveConversation(one);
    client.joinConversation(one);
    assert.equal(arrivals.length, 2);
    arrivals[0]();
    await settled();
    assert.deepEqual(members("CH1"), []);
    arrivals[1]();
    await settled();
    assert.deepEqual(members("CH1"), ["alice RL2", "bob RL3"]);

    client.leaveConversation(one);
    client.joinConversation(one);
    stop();
    arrivals[2]();
    await settled();
    assert.deepEqual(members("CH1"), ["bob RL3"]);
    assert.deepEqual(errors(), []);
  });

  test("reports what goes wrong, to nobody's harm", async () => {
    const two = new Conversation("CH2", ["bob", "RL2"]);
    one.getParticipants = async () => {
      throw new Error("no network");
    };
    client.pages = [[one, two]];
    follow(client, service);
    await settled();
    assert.deepEqual(errors(), ["no network"]);
    assert.deepEqual(members("CH2"), ["bob RL2"]);

    // A role SID that is no text: the service refuses the row, and the SDK goes on with its other listeners.
    let heard = 0;
    client.on("participantJoined", () => heard++);
    client.join(two, "mallory", 7);
    client.join(two, "carol", "RL2");
    await settled();
    assert.equal(heard, 2);
    assert.deepEqual(errors(), ["no network", "invalid-type"]);
    assert.deepEqual(members("CH2"), ["bob RL2", "carol RL2"]);

    const broken = new Client();
    broken.getSubscribedConversations = async () => {
      throw new Error("not signed in");
    };
    follow(broken, service);
    await settled();
    assert.deepEqual(errors(), ["no network", "invalid-type", "not signed in"]);
  });

  test("a role that comes later counts from then on", async () => {
    follow(client, service);
    client.join(one, "carol", "RL9");
    const carol = service.ability("carol", "CH1");
    assert.equal(carol.can("sendMessage"), false);
    service.load({ roles: [{ sid: "RL9", type: "conversation", permissions: ["sendMessage"] }] });
    assert.equal(carol.can("sendMessage"), true);
  });

  test("ends: no listener is left, and nothing that is on its way is put in", async () => {
    client.pages = [[one], [new Conversation("CH2", ["bob", "RL2"])]];
    const stop = follow(client, service);
    assert.notEqual(client.eventNames().length, 0);
    stop();
    assert.deepEqual(client.eventNames(), []);
    await settled();
    client.join(one, "carol", "RL2");
    assert.deepEqual(service.channels(), []);
    stop();
    assert.deepEqual(errors(), []);
  });

  test("a client that cannot be listened to is left without a listener", () => {
    const refused = new Error("not this one");
    const on = client.on.bind(client);
    client.on = (event, listener) => {
      if (event === "conversationJoined") throw refused;
      return on(event, listener);
    };
    assert.throws(
      () => follow(client, service),
      (error) => error === refused,
    );
    assert.deepEqual(client.eventNames(), []);
  });

  test("after the service was freed nothing is thrown at the SDK, and each event is reported", async () => {
    client.pages = [[one]];
    const stop = follow(client, service);
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
      () => client.emit("conversationUpdated", { conversation: one, updateReasons: ["createdBy"] }),
      () => client.emit("conversationRemoved", one),
    ];
    for (const event of events) {
      event();
      await settled();
      assert.deepEqual([...new Set(errors().splice(0))], ["freed"], String(event));
      assert.throws(() => alice.can("sendMessage"), { code: "freed" });
    }
    assert.equal(heard, 1);
    stop();
    client.join(one, "dora", "RL2");
    await settled();
    assert.deepEqual(client.eventNames(), ["participantJoined"]);
  });
});
