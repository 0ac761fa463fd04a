// Loading that goes wrong, at each of the places where something of the caller's runs: it changes nothing.

import { Naive } from "./naive.mjs";
import { TOWN } from "./town.mjs";

/** The payload behind proxies that call `read` before each thing that is read of it. */
function watched(value, read) {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(of, key) {
      read();
      return watched(of[key], read);
    },
  });
}

/** In every form and spelling, so that every way of reading is gone. */
const PAYLOADS = {
  "a snapshot": TOWN,
  "list pages": {
    roles: { roles: TOWN.roles, meta: {} },
    users: { users: [{ identity: "eve", roleSid: "RLSU" }] },
    conversations: { conversations: [{ conversationSid: "CH7" }] },
    participants: { participants: [{ conversation_sid: "CH7", identity: "eve", role_sid: "RLCU" }] },
    configuration: { defaultChatServiceRoleSid: "RLSA" },
  },
  "single rows": {
    roles: { sid: "RLX", friendlyName: "x", type: "channel", permissions: ["sendMessage", "xAny"] },
    users: { identity: "eve", role_sid: "RLSA" },
    channels: { sid: "CH8", type: "public", createdBy: "eve" },
    members: { channelSid: "CH8", identity: "eve", roleSid: "RLX" },
    invites: { channel_sid: "CH8", identity: "bob" },
  },
};

/** How many things are read of it. */
function readsOf({ Service }, payload) {
  let reads = 0;
  Service.from(watched(payload, () => reads++)).free();
  return reads;
}

export const tests = {
  "an error at the n-th thing that is read changes nothing, for each n": (rolecall, assert) => {
    const { Service, RolecallError } = rolecall;
    for (const [about, payload] of Object.entries(PAYLOADS)) {
      const all = readsOf(rolecall, payload);
      assert.isAbove(all, 40, about);
      const service = Service.from(TOWN);
      const before = JSON.stringify(service);
      let told = 0;
      service.subscribe(() => told++);
      for (let at = 0; at < all; at++) {
        let left = at;
        const failing = watched(payload, () => {
          if (left-- === 0) throw new Error("the caller's own");
        });
        for (const call of [() => service.load(failing, { replace: at % 2 === 0 }), () => Service.from(failing)]) {
          left = at;
          let error;
          try {
            call();
          } catch (thrown) {
            error = thrown;
          }
          assert.instanceOf(error, RolecallError, `${about}, ${at}: ${error}`);
          assert.equal(error.code, "unreadable", `${about}, ${at}`);
        }
        assert.equal(JSON.stringify(service), before, `${about}, ${at}`);
      }
      assert.equal(told, 0);
      assert.isTrue(service.ability("bob", "CH1").can("deleteMessage", "bob"));
    }
  },

  "a service that is freed at the n-th thing that is read is freed, and nothing else happens": (rolecall, assert) => {
    const { Service } = rolecall;
    const payload = PAYLOADS["single rows"];
    const all = readsOf(rolecall, payload);
    for (let at = 0; at < all; at++) {
      const [service, other] = [Service.from(TOWN), Service.from(TOWN)];
      let left = at;
      const freeing = watched(payload, () => left-- === 0 && service.free());
      assert.throws(() => service.load(freeing), rolecall.RolecallError, /freed/);
      assert.equal(JSON.stringify(other), JSON.stringify(Service.from(TOWN)));
    }
  },

  "what is asked at the n-th thing that is read is answered as before the load, or as the getter left it": (
    rolecall,
    assert,
  ) => {
    const payload = PAYLOADS["list pages"];
    const all = readsOf(rolecall, payload);
    for (let at = 0; at < all; at++) {
      const service = rolecall.Service.from(TOWN);
      const bob = service.ability("bob", "CH1");
      let left = at;
      let asked = 0;
      const asking = watched(payload, () => {
        if (left-- > 0) return;
        asked++;
        // Half of them change something in the middle, too.
        if (left === -1 && at % 2) service.removeMember("CH1", "bob");
        const naive = new Naive(service.toJSON());
        for (const action of ["sendMessage", "deleteMessage", "removeMember", "joinChannel"]) {
          assert.equal(bob.can(action, "bob"), naive.can("bob", "CH1", action, "bob"), `${at} ${action}`);
        }
      });
      service.load(asking);
      assert.isAbove(asked, 0);
      assert.equal(bob.can("sendMessage"), at % 2 === 0);
      assert.isTrue(service.ability("eve", "CH7").can("sendMessage"));
      service.free();
    }
  },

  "a list without an end, and a text without one, are refused": (rolecall, assert) => {
    const { Service, RolecallError } = rolecall;
    const service = Service.from(TOWN);
    const before = JSON.stringify(service);
    let reads = 0;
    const endless = (element, length) =>
      new Proxy([], {
        get: (list, key) => {
          if (typeof key === "symbol") return list[key];
          reads++;
          return key === "length" ? length : element;
        },
      });
    const bob = service.ability("bob", "CH1");
    for (const length of [Number.POSITIVE_INFINITY, 2 ** 53, 1e12]) {
      const calls = [
        () => service.load({ users: endless({ identity: "eve" }, length) }),
        () => service.load({ roles: [{ sid: "RL7", type: "channel", permissions: endless("sendMessage", length) }] }),
        () => service.updateRole("RLCU", endless("sendMessage", length)),
        () => bob.canEach(["sendMessage"], endless("bob", length)),
        () => bob.canEach(endless("sendMessage", length), ["bob"]),
      ];
      for (const call of calls) {
        assert.throws(call, RolecallError, undefined, `${call} ${length}`);
        assert.equal(JSON.stringify(service), before);
      }
    }
    assert.isBelow(reads, 1000, "it is refused by its length, before an element is read");
  },
};
