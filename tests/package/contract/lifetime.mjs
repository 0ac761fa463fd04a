import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Every call of a service and of an ability of it. */
const calls = (service, ability) => [
  () => service.toJSON(),
  () => JSON.stringify(service),
  () => service.dialect,
  () => service.version,
  () => service.load({}),
  () => service.roles(),
  () => service.role("Channel User"),
  () => service.createRole({ friendlyName: "a", type: "channel", permissions: ["sendMessage"] }),
  () => service.updateRole("Channel User", ["sendMessage"]),
  () => service.grant("Channel User", "removeMember"),
  () => service.revoke("Channel User", "sendMessage"),
  () => service.deleteRole("Channel User"),
  () => service.setDefaultRole("member", "Channel User"),
  () => service.setUser("alice"),
  () => service.removeUser("alice"),
  () => service.createChannel({ sid: "CH9" }),
  () => service.setChannelState("CH1", "inactive"),
  () => service.joinChannel("CH1", "dora"),
  () => service.removeChannel("CH9"),
  () => service.setMember("CH1", "bob"),
  () => service.removeMember("CH1", "bob"),
  () => service.invite("CH1", "bob"),
  () => service.acceptInvite("CH1", "carl"),
  () => service.declineInvite("CH1", "carl"),
  () => service.users(),
  () => service.channels(),
  () => service.members("CH1"),
  () => service.invites("CH1"),
  () => service.ability("alice", "CH1"),
  () => service.ability("new", "CH1"),
  () => service.whoCan("sendMessage", { channel: "CH1" }),
  () => service.preview(() => {}),
  () => service.defineAction("pin", { any: "pin" }),
  () => service.subscribe(() => {}),
  () => ability.version,
  () => ability.can("sendMessage"),
  () => ability.can("deleteMessage", "alice"),
  () => ability.cannot("sendMessage"),
  () => ability.has("sendMessage"),
  () => ability.permissions(),
  () => ability.actions(),
  () => ability.explain("sendMessage"),
  () => ability.require("sendMessage"),
  () => ability.subscribe(() => {}),
];

export const tests = {
  "everything works until the service is freed, and then throws freed": (rolecall, assert) => {
    for (const free of [(service) => service.free(), (service) => service[dispose]()]) {
      const working = town(rolecall);
      for (const call of calls(town(rolecall), working.ability("alice", "CH1")))
        assert.doesNotThrow(call, String(call));
      const service = town(rolecall);
      const ability = service.ability("alice", "CH1");
      const { version } = ability;
      assert.isNumber(version);
      assert.isTrue(ability.can("sendMessage"));
      let told = 0;
      const stops = [service.subscribe(() => told++), ability.subscribe(() => told++)];
      assert.equal(free(service), undefined);
      for (const call of calls(service, ability)) refuses({ rolecall, assert }, call, "freed", undefined, String(call));
      assert.equal(free(service), undefined);
      for (const stop of stops) assert.equal(stop(), undefined);
      assert.equal(told, 0);
      assert.deepEqual([ability.identity, ability.channel], ["alice", "CH1"]);
    }
  },

  "a freed service leaves others alone": (rolecall, assert) => {
    const services = Array.from({ length: 20 }, () => town(rolecall));
    for (const [at, service] of services.entries()) if (at % 2 === 0) service.free();
    for (const service of services.filter((_, at) => at % 2 === 1)) {
      assert.isTrue(service.ability("alice", "CH1").can("sendMessage"));
    }
    assert.isTrue(town(rolecall).ability("alice", "CH1").can("sendMessage"));
  },

  "the methods are those of the contract": ({ Service }, assert) => {
    /** Those of the class, and `subscribe`, which is each object's own, so that it works without it. */
    const names = (object) =>
      [...Object.getOwnPropertyNames(Object.getPrototypeOf(object)), "subscribe"]
        .filter((name) => name in object)
        .sort();
    assert.includeMembers(
      names(new Service()),
      [
        ..."constructor toJSON dialect version lastLoad load roles role createRole updateRole grant revoke deleteRole".split(
          " ",
        ),
        ..."setDefaultRole setUser removeUser createChannel removeChannel setMember removeMember invite joinChannel".split(
          " ",
        ),
        ..."setChannelState acceptInvite declineInvite users channels members invites ability whoCan preview defineAction".split(
          " ",
        ),
        ..."subscribe free".split(" "),
      ].sort(),
    );
    assert.isFunction(Service.prototype[dispose]);
    const ability = new Service().ability("alice");
    assert.includeMembers(
      names(ability),
      "version can cannot has permissions actions explain require subscribe".split(" "),
    );
  },

  "a service whose WebAssembly fails in the middle of a call is broken, and no other is": (rolecall, assert) => {
    const service = new rolecall.Service();
    const other = new rolecall.Service();
    service.setUser("alice", "Service Admin");
    const alice = service.ability("alice");
    let ended = 0;
    alice.subscribe(() => ended++);
    assert.isTrue(alice.can("createChannel"));
    // As when the stack ends on the way into it.
    const { encodeInto } = TextEncoder.prototype;
    const cause = new RangeError("Maximum call stack size exceeded");
    TextEncoder.prototype.encodeInto = () => {
      throw cause;
    };
    let error;
    try {
      error = refuses({ rolecall, assert }, () => service.setUser("évé"), "broken");
    } finally {
      TextEncoder.prototype.encodeInto = encodeInto;
    }
    assert.equal(ended, 0);
    assert.equal(error.cause, cause);
    const calls = [
      () => service.users(),
      () => service.setUser("bob"),
      () => service.toJSON(),
      () => service.ability("alice"),
      () => alice.can("createChannel"),
      () => alice.explain("createChannel"),
      () => alice.version,
    ];
    for (const call of calls) refuses({ rolecall, assert }, call, "broken", undefined, String(call));
    service.free();
    other.setUser("alice");
    assert.isTrue(other.ability("alice").can("createChannel"));
  },

  "an ability is read only to the eye, and frozen in what it answers": ({ Service }, assert) => {
    const service = new Service();
    service.setUser("alice");
    service.setUser("root", "Service Admin");
    const alice = service.ability("alice");
    // Whatever is written onto it, it answers for alice.
    for (const write of [
      () => {
        alice.identity = "root";
      },
      () => {
        alice.version = 7;
      },
    ]) {
      try {
        write();
      } catch (error) {
        assert.instanceOf(error, TypeError);
      }
      assert.isFalse(alice.can("destroyChannel"));
      assert.isFalse(alice.can("editUserInfo", "root"));
      assert.equal(alice.explain("editUserInfo", "root").allowed, false);
    }
  },
};
