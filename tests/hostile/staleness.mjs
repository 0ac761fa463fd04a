// Whatever happens in whatever order, nothing that was asked before answers otherwise than a new service with the same rows;
// and once the service is freed, nothing answers.

import fc from "fast-check";
import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { bind } from "rolecall/dom";
import { useCan as reactCan } from "rolecall/react";
import { can as svelteCan } from "rolecall/svelte";
import { useCan as vueCan } from "rolecall/vue";
import { effectScope } from "vue";
import { Naive } from "./naive.mjs";
import { TOWN } from "./town.mjs";

const IDENTITIES = ["alice", "bob", "carl", "root"];
const CHANNELS = ["CH1", "CH2", undefined];
const ROLES = ["RLCA", "RLCU", "RLSA", "RLSU", "RLX"];
const PERMISSIONS = ["sendMessage", "deleteOwnMessage", "deleteAnyMessage", "joinChannel", "pinAny", "mine"];
const OWN_ACTIONS = ["pin", "star", "archive"];
const ACTIONS = ["sendMessage", "deleteMessage", "joinChannel", "viewChannel", "removeMember", ...OWN_ACTIONS];

const one = (list) => fc.constantFrom(...list);
const identity = one(IDENTITIES);
const channel = one(["CH1", "CH2"]);
const role = one(ROLES);
const permission = one(PERMISSIONS);
const permissions = fc.subarray(PERMISSIONS);

/** Of a section: a row, and whether it takes the place of all others. */
const loads = (section, row) => [
  fc.tuple(fc.record(row), fc.boolean()),
  (service, [row, replace]) => service.load({ [section]: [row] }, { replace }),
];

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
  updateRole: [fc.tuple(role, permissions), (service, given) => service.updateRole(...given)],
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
  "load a role": loads("roles", {
    sid: role,
    friendly_name: one(["Guest", "Channel User"]),
    type: one(["channel", "deployment"]),
    permissions,
  }),
  "load a user": loads("users", { identity, role_sid: role }),
  "load a channel": loads("channels", { sid: channel, type: one(["public", "private"]), created_by: identity }),
  "load a member": loads("members", { channel_sid: channel, identity, role_sid: role }),
  "load an invite": loads("invites", { channel_sid: channel, identity, role_sid: role }),
  "load the defaults": loads("service", {
    default_service_role_sid: role,
    default_channel_role_sid: role,
    default_channel_creator_role_sid: role,
  }),
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
    fc.tuple(one(OWN_ACTIONS), permission),
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

/** The ways in which a service is freed. */
const FREES = {
  "by itself": (service) => service.free(),
  "in a listener": (service) => {
    service.subscribe(() => service.free());
    service.setUser("zoe");
  },
  "in a getter": (service) =>
    service.load({
      get users() {
        service.free();
        return [];
      },
    }),
};

function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

const apply = (service, [name, given]) => attempt(() => OPERATIONS[name][1](service, given));

/** An action that is defined and denied is no news: it was not allowed before either. */
const allowed = (answers) => answers.map((answer) => answer ?? false);

/** The roles that its sentence lists come in the order in which the service got them, of which a new one knows nothing. */
function explained(ability) {
  const { message, ...decision } = ability.explain("deleteMessage");
  return JSON.stringify([decision, message.split(/[ ,.]+/).sort()]);
}

const yes = (allowed) => (allowed ? "yes" : "no");

/** The entry points: each follows an action of an ability; gives what it shows, and the end of it. React and dom take a page. */
const BINDINGS = {
  svelte(ability, action, owner) {
    let shown;
    const end = svelteCan(ability, action, owner).subscribe((allowed) => {
      shown = allowed;
    });
    return { shown: () => shown, end };
  },
  vue(ability, action, owner) {
    const scope = effectScope();
    const allowed = scope.run(() => vueCan(ability, action, owner));
    return { shown: () => allowed.value, end: () => scope.stop() };
  },
  ...(typeof document !== "undefined" && {
    react(ability, action, owner) {
      const place = document.createElement("div");
      const root = createRoot(place);
      const Answer = () => yes(reactCan(ability, action, owner));
      flushSync(() => root.render(createElement(Answer)));
      return { shown: () => place.textContent === "yes", end: () => root.unmount() };
    },
    dom(ability, action, owner) {
      const button = document.createElement("button");
      Object.assign(button.dataset, { can: action, canOwner: owner });
      const end = bind(button, ability);
      return { shown: () => !button.hidden, end };
    },
  }),
};

/** An ability as it is held in an application: asked, listened to, or behind a binding. */
class Held {
  #bound = [];

  constructor(service, identity, channel, at) {
    Object.assign(this, { service, identity, channel });
    this.ability = service.ability(identity, channel);
    this.listens = at % 3 === 0;
    if (this.listens) this.ability.subscribe(() => this.note());
    this.note();
    this.bind();
  }

  /** Binds the actions that there are and that are not bound yet. */
  bind() {
    for (const action of ACTIONS) {
      const isKnown = attempt(() => this.ability.can(action, null)) !== undefined;
      if (!isKnown || this.#bound.some((bound) => bound.action === action)) continue;
      const shows = Object.entries(BINDINGS).map(([name, bind]) => [name, bind(this.ability, action, this.identity)]);
      this.#bound.push({ action, shows });
    }
  }

  /** Remembers the answers of now, as somebody does who draws when told. */
  note() {
    this.noted = this.answers(this.ability);
    this.version = this.ability.version;
  }

  answers(ability) {
    const owned = [this.identity, "somebody else", null];
    return ACTIONS.flatMap((action) => owned.map((owner) => attempt(() => ability.can(action, owner))));
  }

  /**
   * What is answered otherwise than a new ability of a new service does, and than the naive model. `seen` gets the bindings
   * that show something.
   */
  stale(fresh, naive, seen) {
    const ability = fresh.ability(this.identity, this.channel);
    const expected = this.answers(ability);
    const found = this.answers(this.ability);
    const owned = [this.identity, "somebody else", null];
    const naively = ACTIONS.flatMap((action) =>
      owned.map((owner) => naive.can(this.identity, this.channel, action, owner)),
    );
    const each = (ability) =>
      JSON.stringify(
        ability.canEach(
          this.#bound.map(({ action }) => action),
          owned,
        ),
      );
    const wrong = [];
    const same = (about, one, other) => String(one) === String(other) || wrong.push(`${about}: ${one}, not ${other}`);
    same("ability", found, expected);
    same("naive", found, naively);
    same("canEach", each(this.ability), each(ability));
    same("actions", this.ability.actions(this.identity), ability.actions(this.identity));
    same("permissions", this.ability.permissions(), ability.permissions());
    same("explain", explained(this.ability), explained(ability));
    for (const { action, shows } of this.#bound) {
      for (const [name, { shown }] of shows) {
        same(`${action} in ${name}`, shown(), ability.can(action, this.identity));
        if (shown()) seen.add(name);
      }
    }
    const [noted, now] = [this.noted, found].map(allowed);
    if (this.listens) same("what a listener noted", noted, now);
    else if (this.version === this.ability.version) same("an equal version", noted, now);
    this.note();
    this.bind();
    return wrong.map((text) => `${this.identity} in ${this.channel}, ${text}`);
  }

  /** What is still answered once the service was freed. */
  undead() {
    const { ability, identity } = this;
    return Object.entries({
      can: () => ability.can("sendMessage"),
      canEach: () => ability.canEach(["sendMessage"], [identity]),
      has: () => ability.has("sendMessage"),
      actions: () => ability.actions(identity),
      permissions: () => ability.permissions(),
      explain: () => ability.explain("sendMessage"),
      require: () => ability.require("sendMessage"),
      version: () => ability.version,
      subscribe: () => ability.subscribe(() => {}),
    }).flatMap(([name, call]) => (isFreed(call) ? [] : [`${identity} in ${this.channel}, ${name} after free`]));
  }

  end() {
    for (const { shows } of this.#bound) for (const [, { end }] of shows) end();
  }
}

function isFreed(call) {
  try {
    call();
    return false;
  } catch ({ code }) {
    return code === "freed";
  }
}

/** Runs the steps, and frees the service; gives what was answered wrong. */
function replay({ Service }, all, free, seen) {
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
    flushSync();
    const snapshot = service.toJSON();
    const fresh = Service.from(snapshot);
    const naive = new Naive(snapshot);
    // Some are asked after each step, some now and then.
    for (const [at, one] of held.entries()) {
      if (at % 2 === 0 || at === step.asked) wrong.push(...one.stale(fresh, naive, seen));
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
  attempt(() => FREES[free](service));
  for (const { operation } of all) {
    const [name, given] = operation;
    if (!isFreed(() => OPERATIONS[name][1](service, given))) wrong.push(`${name} after free`);
  }
  for (const one of held) wrong.push(...one.undead());
  return wrong;
}

export const tests = {
  "nothing is stale after any operations in any order": async (rolecall, assert, { seed, runs }) => {
    let count = 0;
    const seen = new Set();
    const nothingIsStale = fc.asyncProperty(steps, one(Object.keys(FREES)), async (all, free) => {
      count += all.length;
      assert.deepEqual(replay(rolecall, all, free, seen), []);
      // So that the browser sees that the page lives.
      await new Promise((resolve) => setTimeout(resolve));
    });
    await fc.assert(nothingIsStale, { seed, numRuns: runs });
    assert.isAbove(count, runs);
    assert.sameMembers([...seen], Object.keys(BINDINGS));
  },
};
