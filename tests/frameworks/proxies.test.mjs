// Services and abilities in the state of an application, or behind a proxy, work as they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAutoObservable, observable } from "mobx";
import { Service } from "rolecall";
import { can as answerStore } from "rolecall/svelte";
import { reactive, readonly } from "vue";

class Store {
  constructor(value) {
    this.value = value;
    makeAutoObservable(this);
  }
}

/** How each is put into a state and read again. */
const wraps = {
  "MobX's observable": (value) => observable({ value }).value,
  "MobX's observable, in a list": (value) => observable([value])[0],
  "MobX's observable.box": (value) => observable.box(value).get(),
  "MobX's makeAutoObservable": (value) => new Store(value).value,
  "Vue's reactive": (value) => reactive({ value }).value,
  "Vue's readonly": (value) => readonly({ value }).value,
  "a proxy": (value) => new Proxy(value, {}),
  "a proxy of a proxy, with traps": (value) =>
    new Proxy(new Proxy(value, {}), { get: Reflect.get, set: Reflect.set, has: Reflect.has }),
};

for (const [name, wrap] of Object.entries(wraps)) {
  test(`${name} around a service and an ability`, () => {
    const plain = new Service();
    plain.createChannel({ sid: "CH1", createdBy: "alice" });
    const service = wrap(plain);
    for (const identity of ["alice", "bob"]) service.joinChannel("CH1", identity);
    const bob = wrap(service.ability("bob", "CH1"));
    const calls = [];
    const stops = [
      bob.subscribe(() => calls.push("ability"), "deleteMessage", "alice"),
      service.subscribe(() => calls.push("service")),
      answerStore(bob, "deleteMessage", "alice").subscribe((answer) => calls.push(answer)),
    ];
    const answers = () => [
      bob.can("deleteMessage", "alice"),
      bob.cannot("deleteMessage", "alice"),
      bob.explain("deleteMessage", "alice").allowed,
      bob.has("deleteAnyMessage"),
      bob.actions("alice").includes("deleteMessage"),
      bob.canEach(["deleteMessage"], ["alice", "bob"]).map((row) => row.deleteMessage),
    ];
    assert.deepEqual(answers(), [false, true, false, false, false, [false, true]]);
    const { version } = bob;
    service.grant("channel user", "deleteAnyMessage");
    assert.deepEqual(answers(), [true, false, true, true, true, [true, true]]);
    assert.notEqual(bob.version, version);
    assert.deepEqual(calls.sort(), ["ability", false, "service", true]);
    assert.equal(service.ability("bob", "CH1"), plain.ability("bob", "CH1"));
    assert.deepEqual([bob.identity, bob.channel, service.version], ["bob", "CH1", plain.version]);

    const copy = Service.from(service);
    assert.deepEqual(copy.toJSON(), plain.toJSON());
    assert.ok(service.preview((trial) => trial.removeMember("CH1", "bob")).length > 0);
    service.load(copy, { replace: true });
    assert.deepEqual(answers(), [true, false, true, true, true, [true, true]]);

    for (const stop of stops) stop();
    service.free();
    assert.throws(() => bob.can("sendMessage"), { name: "RolecallError", code: "freed" });
  });
}
