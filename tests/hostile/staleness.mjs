// Whatever happens in whatever order, nothing that was asked before answers otherwise than a new service with the same rows.

import fc from "fast-check";
import { can as svelteCan } from "rolecall/svelte";
import { useCan as vueCan } from "rolecall/vue";
import { effectScope } from "vue";
import { Naive } from "./naive.mjs";
import { TOWN } from "./town.mjs";

const IDENTITIES = ["alice", "bob", "carl", "root"];
const CHANNELS = ["CH1", "CH2", undefined];
const ROLES = ["RLCA", "RLCU", "RLSA", "RLSU", "RLX"];
const PERMISSIONS = ["sendMessage", "deleteOwnMessage", "deleteAnyMessage", "joinChannel", "pinAny", "mine"];
const ACTIONS = ["sendMessage", "deleteMessage", "joinChannel", "viewChannel", "removeMember", "pin"];

const one = (list) => fc.constantFrom(...list);
const identity = one(IDENTITIES);
const channel = one(["CH1", "CH2"]);
const role = one(ROLES);
const permission = one(PERMISSIONS);

/** What may be done to a service: a name, what it takes, and the doing. Some of it fails, which changes nothing. */
const OPERATIONS = {
  setUser: [fc.tuple(identity, role), (service, given) => service.setUser(...given)],
  removeUser: [fc.tuple(identity), (service, given) => service.removeUser(...given)],
  setMember: [fc.tuple(channel, identity, role), (service, given) => service.setMember(...given)],
  removeMember: [fc.tuple(channel, identity), (service, given) => service.removeMember(...given)],
  invite: [fc.tuple(channel, identity), (service, given) => service.invite(...given)],
  acceptInvite: [fc.tuple(channel, identity), (service, given) => service.acceptInvite(...given)],
  declineInvite: [fc.tuple(channel, identity), (service, given) => service.declineInvite(...given)],
  grant: [fc.tuple(role, permission), (service, given) => service.grant(...given)],
  revoke: [fc.tuple(role, permission), (service, given) => service.revoke(...given)],
  deleteRole: [fc.tuple(role), (service, given) => service.deleteRole(...given)],
  createRole: [
    fc.tuple(role, one(["channel", "deployment"])),
    (service, [sid, type]) =>
      service.createRole({
        sid,
        type,
        friendlyName: `made ${sid}`,
        permissions: ["editAnyMessage", "deleteAnyMessage"],
      }),
  ],
  createChannel: [
    fc.tuple(channel, one(["public", "private"]), identity),
    (service, [sid, type, createdBy]) => service.createChannel({ sid, type, createdBy }),
  ],
  removeChannel: [fc.tuple(channel), (service, given) => service.removeChannel(...given)],
  setDefaultRole: [
    fc.tuple(one(["user", "member", "creator"]), role),
    (service, given) => service.setDefaultRole(...given),
  ],
  load: [
    fc.tuple(channel, identity, role, fc.boolean()),
    (service, [channel_sid, identity, role_sid, replace]) =>
      service.load({ members: [{ channel_sid, identity, role_sid }] }, { replace }),
  ],
  "load with an error": [
    fc.tuple(identity),
    (service, [identity]) => service.load({ users: [{ identity, role_sid: "RLSA" }, { identity: 5 }] }),
  ],
  "load with a getter that changes": [
    fc.tuple(channel, identity, role),
    (service, [sid, identity, role_sid]) =>
      service.load({
        get users() {
          service.removeMember(sid, identity);
          return [{ identity, role_sid }];
        },
      }),
  ],
  "load its own snapshot": [
    fc.tuple(fc.boolean()),
    (service, [replace]) => service.load(service.toJSON(), { replace }),
  ],
  defineAction: [
    fc.tuple(one(["pin", "star", "archive"]), permission),
    (service, [action, any]) => service.defineAction(action, { any, own: "mine" }),
  ],
  preview: [
    fc.tuple(channel, identity, role),
    (service, [sid, identity, role]) =>
      service.preview((draft) => {
        draft.removeUser(identity);
        draft.setMember(sid, identity, role);
        draft.ability(identity, sid).can("sendMessage");
      }),
  ],
  "preview that throws": [
    fc.tuple(identity),
    (service, [identity]) =>
      service.preview((draft) => {
        draft.removeUser(identity);
        throw new Error("the caller's own");
      }),
  ],
  "a getter of canEach that changes": [
    fc.tuple(channel, identity),
    (service, [sid, identity]) =>
      service.ability(identity, sid).canEach(
        ACTIONS.slice(0, 5),
        Object.defineProperty([null], 0, {
          get() {
            service.removeMember(sid, identity);
            return identity;
          },
        }),
      ),
  ],
};

const names = Object.keys(OPERATIONS);
const operation = one(names).chain((name) => OPERATIONS[name][0].map((given) => [name, given]));

/** A step: an operation, whether a listener does another in answer, and who is asked before the end. */
const steps = fc.array(
  fc.record({
    operation,
    inAnswer: fc.option(operation, { nil: undefined, freq: 4 }),
    asked: fc.nat({ max: IDENTITIES.length * CHANNELS.length - 1 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

const apply = (service, [name, given]) => attempt(() => OPERATIONS[name][1](service, given));

/** An ability as it is held in an application: asked, listened to, or behind a binding. */
class Held {
  constructor(service, identity, channel, at) {
    Object.assign(this, { service, identity, channel });
    this.ability = service.ability(identity, channel);
    this.listens = at % 3 === 0;
    if (this.listens) this.ability.subscribe(() => this.note());
    this.note();
    this.svelte = new Map();
    this.stops = ACTIONS.slice(0, 5).map((action) =>
      svelteCan(this.ability, action, identity).subscribe((allowed) => this.svelte.set(action, allowed)),
    );
    this.scope = effectScope();
    this.vue = this.scope.run(() =>
      ACTIONS.slice(0, 5).map((action) => [action, vueCan(this.ability, action, identity)]),
    );
  }

  /** Remembers the answers of now, as somebody does who draws when told. */
  note() {
    this.noted = this.answers(this.ability);
    this.version = this.ability.version;
  }

  answers(ability) {
    const owned = [this.identity, "somebody else", null];
    return ACTIONS.flatMap((action) => owned.map((owner) => attempt(() => ability.can(action, owner)))).join();
  }

  /** What is answered otherwise than a new ability of a new service does, and than the naive model. */
  stale(fresh, naive) {
    const ability = fresh.ability(this.identity, this.channel);
    const expected = this.answers(ability);
    const found = this.answers(this.ability);
    const owned = [this.identity, "somebody else", null];
    const naively = ACTIONS.flatMap((action) =>
      owned.map((owner) => naive.can(this.identity, this.channel, action, owner)),
    );
    const asked = ACTIONS.slice(0, 5);
    const each = (ability) => JSON.stringify(ability.canEach(asked, owned));
    const mine = asked.map((action) => ability.can(action, this.identity)).join();
    const wrong = [];
    const same = (about, one, other) => one === other || wrong.push(`${about}: ${one}, not ${other}`);
    same("ability", found, expected);
    same("naive", found, naively.join());
    same("canEach", each(this.ability), each(ability));
    same("actions", this.ability.actions(this.identity).join(), ability.actions(this.identity).join());
    same("permissions", this.ability.permissions().join(), ability.permissions().join());
    same(
      "explain",
      JSON.stringify(this.ability.explain("deleteMessage")),
      JSON.stringify(ability.explain("deleteMessage")),
    );
    same("svelte", asked.map((action) => this.svelte.get(action)).join(), mine);
    same("vue", this.vue.map(([, answer]) => answer.value).join(), mine);
    if (this.listens) same("what a listener noted", this.noted, found);
    else if (this.version === this.ability.version) same("an equal version", this.noted, found);
    this.note();
    return wrong.map((text) => `${this.identity} in ${this.channel}, ${text}`);
  }

  end() {
    for (const stop of this.stops) stop();
    this.scope.stop();
  }
}

/** Runs the steps; gives what was answered wrong. */
function replay({ Service }, all) {
  const service = Service.from(TOWN);
  const held = [];
  let inAnswer;
  service.subscribe(() => {
    const operation = inAnswer;
    inAnswer = undefined;
    if (operation) apply(service, operation);
  });
  for (const [at, identity] of IDENTITIES.entries()) {
    for (const [other, channel] of CHANNELS.entries()) held.push(new Held(service, identity, channel, at + other));
  }
  const wrong = [];
  for (const step of all) {
    inAnswer = step.inAnswer;
    apply(service, step.operation);
    inAnswer = undefined;
    const snapshot = service.toJSON();
    const fresh = Service.from(snapshot);
    const naive = new Naive(snapshot);
    // Some are asked after each step, some now and then.
    for (const [at, one] of held.entries()) {
      if (at % 2 === 0 || at === step.asked) wrong.push(...one.stale(fresh, naive));
    }
    for (const action of ["sendMessage", "deleteMessage"]) {
      const found = service.whoCan(action, { channel: "CH1", owner: "bob" }).sort().join();
      const expected = naive.whoCan(action, "CH1", "bob").join();
      if (found !== expected) wrong.push(`whoCan ${action}: ${found}, not ${expected}`);
    }
    fresh.free();
    if (wrong.length > 0) break;
  }
  for (const one of held) one.end();
  service.free();
  return wrong;
}

export const tests = {
  "nothing is stale after any operations in any order": (rolecall, assert, { seed, runs }) => {
    let count = 0;
    const nothingIsStale = fc.property(steps, (all) => {
      count += all.length;
      assert.deepEqual(replay(rolecall, all), []);
    });
    fc.assert(nothingIsStale, { seed, numRuns: runs });
    assert.isAbove(count, runs);
  },
};
