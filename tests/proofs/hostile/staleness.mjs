// Whatever happens in whatever order, nothing that was asked before answers otherwise than a new service with the same rows;
// and once the service is freed, nothing answers.

import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { bind } from "rolecall/dom";
import { useCan as reactCan } from "rolecall/react";
import { can as svelteCan } from "rolecall/svelte";
import { useCan as vueCan } from "rolecall/vue";
import { effectScope } from "vue";
import { Random, TOWN } from "./town.mjs";

const IDENTITIES = ["alice", "bob", "carl", "root"];
const CHANNELS = ["CH1", "desk", "CH2", undefined];
const ROLES = ["RLCA", "RLCU", "RLSA", "RLSU", "RLX"];
const PERMISSIONS = ["sendMessage", "deleteOwnMessage", "deleteAnyMessage", "joinChannel", "pinAny", "mine"];
const OWN_ACTIONS = ["pin", "star", "archive"];
const ACTIONS = ["sendMessage", "deleteMessage", "joinChannel", "viewChannel", "removeMember", ...OWN_ACTIONS];

/** What may be done to a service, with random choices. Some of it fails, which changes nothing. */
const OPERATIONS = (service, random) => {
  const one = (list) => random.pick(list);
  const [identity, role, permission] = [one(IDENTITIES), one(ROLES), one(PERMISSIONS)];
  const [sid, replace] = [one(["CH1", "CH2"]), random.below(4) === 0];
  const permissions = PERMISSIONS.filter(() => random.below(2));
  const row = { channel_sid: sid, identity, role_sid: role };
  const state = one(["active", "closed", "inactive"]);
  return [
    () => service.setUser(identity, role),
    () => service.removeUser(identity),
    () => service.setMember(one([sid, "desk"]), identity, one([role, undefined])),
    () => service.joinChannel(sid, identity),
    () => service.removeMember(sid, identity),
    () => service.invite(sid, identity),
    () => service.acceptInvite(sid, identity),
    () => service.declineInvite(sid, identity),
    () => service.grant(role, permission),
    () => service.revoke(role, permission),
    () => service.updateRole(role, permissions),
    () => service.deleteRole(role),
    () => service.createRole({ sid: role, type: "channel", friendlyName: role, permissions: ["deleteAnyMessage"] }),
    () => service.createChannel({ sid, createdBy: identity, type: one(["public", "private"]), uniqueName: "desk" }),
    () => service.setChannelState(sid, state),
    () => service.removeChannel(sid),
    () => service.setDefaultRole(one(["user", "member", "creator"]), role),
    () => service.load({ roles: [{ sid: role, type: one(["channel", "deployment"]), permissions }] }, { replace }),
    () => service.load({ users: [{ identity, role_sid: role }] }, { replace, identity: one(IDENTITIES) }),
    () =>
      service.load({ channels: [{ sid, unique_name: one(["desk", null]), created_by: identity, state }] }, { replace }),
    () => service.load({ channels: [{ channel_sid: sid, status: one(["joined", "invited"]) }] }, { replace, identity }),
    () => service.load({ members: [row] }, { replace }),
    () => service.load({ members: [row], invites: [] }, { replace: true, channel: sid }),
    () => service.load({ invites: [row] }, { replace }),
    () => service.load({ users: [{ identity, role_sid: "RLSA" }, { identity: 5 }] }),
    () => service.load(Object.defineProperty({}, "users", { get: () => service.removeMember(sid, identity) && [row] })),
    () => service.load(service.toJSON(), { replace: true }),
    () => service.defineAction(one(OWN_ACTIONS), { any: permission, own: "mine", whenClosed: replace }),
    () =>
      service.preview((draft) => {
        draft.removeUser(identity);
        draft.setMember(sid, identity, role);
        draft.ability(identity, sid).can("sendMessage");
      }),
  ];
};

function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

const operate = (service, random) => attempt(random.pick(OPERATIONS(service, random)));

/** Each binding follows an action of an ability; returns what it shows, and its end. React and dom need a page. */
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
      const Answer = () => (reactCan(ability, action, owner) ? "yes" : "no");
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

/** An ability as it is held in an application: asked, listened to, and behind bindings. */
class Held {
  constructor(service, identity, channel, at) {
    Object.assign(this, { identity, channel, ability: service.ability(identity, channel) });
    this.listens = at % 3 === 0;
    if (this.listens) this.ability.subscribe(() => this.note());
    this.bound = Object.entries(BINDINGS).map(([name, bind]) => [name, bind(this.ability, "deleteMessage", identity)]);
    this.note();
  }

  /** Remembers the answers of now, as somebody does who draws when called. */
  note() {
    this.noted = this.answers(this.ability);
    this.version = this.ability.version;
  }

  /** An action that is defined and denied is no news: it was not allowed before either. */
  answers(ability) {
    const owners = [this.identity, "somebody else", null];
    return ACTIONS.flatMap((action) =>
      owners.map((owner) => attempt(() => ability.can(action, owner)) ?? false),
    ).join();
  }

  /** What is answered otherwise than a new ability of a new service does. `seen` gets the bindings that show something. */
  stale(fresh, seen) {
    const ability = fresh.ability(this.identity, this.channel);
    const wrong = [];
    const same = (about, one, other) =>
      JSON.stringify(one) === JSON.stringify(other) ||
      wrong.push(`${this.identity} in ${this.channel}, ${about}: ${JSON.stringify(one)}, not ${JSON.stringify(other)}`);
    const both = (about, ask) => same(about, ask(this.ability), ask(ability));
    both("can", (one) => this.answers(one));
    both("canEach", (one) => one.canEach(ACTIONS.slice(0, 5), [this.identity, null]));
    both("actions", (one) => one.actions(this.identity));
    both("permissions", (one) => one.permissions());
    both("explain", (one) => ({ ...one.explain("deleteMessage"), message: 0, grantedBy: 0 }));
    for (const [name, { shown }] of this.bound) {
      same(name, shown(), ability.can("deleteMessage", this.identity));
      if (shown()) seen.add(name);
    }
    const now = this.answers(this.ability);
    if (this.listens) same("what a listener noted", this.noted, now);
    else if (this.version === this.ability.version) same("an equal version", this.noted, now);
    this.note();
    return wrong;
  }

  end() {
    for (const [, { end }] of this.bound) end();
  }
}

/** Does so many operations, half of them with another one in a listener; returns what was answered wrong. */
function replay({ Service }, random, steps, seen) {
  const service = Service.from(TOWN);
  let inAnswer = false;
  service.subscribe(() => {
    const again = inAnswer;
    inAnswer = false;
    if (again) operate(service, random);
  });
  const held = IDENTITIES.flatMap((identity, at) =>
    CHANNELS.map((channel, other) => new Held(service, identity, channel, at + other)),
  );
  const wrong = [];
  for (let step = 0; step < steps && wrong.length === 0; step++) {
    inAnswer = random.below(2) === 0;
    operate(service, random);
    inAnswer = false;
    flushSync();
    const fresh = Service.from(service.toJSON());
    // Some are asked after each step, some now and then.
    for (const [at, one] of held.entries()) {
      if (at % 2 === 0 || random.below(8) === 0) wrong.push(...one.stale(fresh, seen));
    }
    fresh.free();
  }
  for (const one of held) one.end();
  service.free();
  const isFreed = (call) => {
    try {
      call();
      return false;
    } catch ({ code }) {
      return code === "freed";
    }
  };
  const calls = [
    ...OPERATIONS(service, random).filter((call) => !String(call).includes("defineProperty")),
    ...held.flatMap(({ ability, identity }) => [
      () => ability.can("sendMessage"),
      () => ability.canEach(["sendMessage"], [identity]),
      () => ability.explain("sendMessage"),
      () => ability.version,
    ]),
  ];
  return [...wrong, ...calls.filter((call) => !isFreed(call)).map((call) => `${call} after free`)];
}

export const tests = {
  "nothing is stale after any operations in any order": async (rolecall, assert, { seed, runs }) => {
    const seen = new Set();
    for (let run = 0; run < runs; run++) {
      const about = `HOSTILE_SEED=${seed}, run ${run}`;
      assert.deepEqual(replay(rolecall, new Random(seed, run), 30, seen), [], about);
      // So that the browser sees that the page lives.
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.sameMembers([...seen], Object.keys(BINDINGS));
  },
};
