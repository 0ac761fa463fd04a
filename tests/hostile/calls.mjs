// Every function that the package exports, each with arguments that are right: what is hostile takes their places.
// A function that is exported and not here fails the test.

import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { effectScope } from "vue";
import { Naive } from "./naive.mjs";
import { BUTTONS, CLIENT, followClient, shown, signalled } from "./surroundings.mjs";

const PAYLOAD = {
  roles: [{ sid: "RL9", friendly_name: "nine", type: "channel", permissions: ["sendMessage", "mine"] }],
  users: [
    { identity: "eve", role_sid: "RLSU" },
    { identity: "bob", roleSid: "RLSU" },
  ],
  channels: { sid: "CH3", type: "public", created_by: "eve" },
  members: { members: [{ channel_sid: "CH3", identity: "eve", role_sid: "RL9" }], meta: {} },
  invites: [{ channelSid: "CH3", identity: "bob" }],
  service: { default_channel_role_sid: "RLCU" },
  actions: [{ action: "star", any: "starAny", own: "starOwn", member_only: false }],
};

const bob = ["bob", "CH1"];
const textOr = (value) => (typeof value === "string" ? value : undefined);

/** What is wrong with an answer about bob in CH1; the world is then as its town has it. */
const same = (found, expected) => {
  const [left, right] = [found, expected].map((value) =>
    JSON.stringify(Array.isArray(value) ? [...value].sort() : value),
  );
  return left === right ? undefined : `${left}, not ${right}`;
};
const denies = (expected, denied) => same(denied, expected === undefined ? "an error" : !expected);

/** What a call does. `asks`: its answer is compared with the naive model's. */
const asks = (good, judge) => ({ good, judge });
/** `changes`: what it did is compared with what the plain twin of its arguments does. */
const changes = (...good) => ({ good, changes: true });
const reads = (...good) => ({ good });
const property = { good: [], property: true };

/** Does to a preview's draft all that is not refused. */
function changeDraft(draft, channel, identity, role, permission) {
  for (const change of [
    () => draft.setMember(channel, identity, role),
    () => draft.setUser(identity),
    () => draft.grant(role, permission),
    () => draft.invite(channel, "dora", role),
    () => draft.createChannel({ sid: channel, type: "public", createdBy: identity }),
    () => draft.removeMember(channel, "bob"),
    () => draft.defineAction("star", { any: permission, own: "mine" }),
  ]) {
    try {
      change();
    } catch {
      // Refused.
    }
  }
}

const turned = ({ identity, channel, action, owner, allowed }) => [identity, channel, action, owner, allowed].join();

/** An argument that the world has: most of the time it stays what it is. */
export class OfWorld {
  /** What it was last. */
  last;

  constructor(get) {
    this.of = get;
  }

  get(world) {
    this.last = this.of(world);
    return this.last;
  }
}

const bobs = new OfWorld((world) => world.ability);

/** A function of what `toCedar` gives. */
const ofCedar = (name, good) => ({
  good,
  run: (world, given) => {
    world.cedar ??= world.namespace.toCedar(world.service);
    return world.cedar[name](...given);
  },
});

/** A binding's answer to bob, got as its framework gets it; nothing else is an ability. */
const binds = (run) => ({
  ...asks([bobs, "deleteMessage", "bob"], (naive, answer, ability, action, owner) =>
    same(answer, ability === bobs.last && (naive.can(...bob, action, owner) ?? "an error")),
  ),
  // What only stands where an ability should throws what it likes.
  isCallers: ([ability]) => ability !== bobs.last,
  run: ({ namespace }, given) => run(namespace, given),
});

function rendered(component, props) {
  const markup = renderToStaticMarkup(createElement(component, props));
  return markup === "yes";
}

export const CALLS = {
  rolecall: {
    init: reads(),
    // They make texts of what they are given, as the language's errors do: `new Error(Symbol())` throws, too.
    RolecallError: { good: ["unknown-role", "a sentence", "roles[0]"], converts: true },
    PermissionDenied: { good: [{ allowed: false, message: "no", twilioCode: 50107 }], converts: true },

    Service: changes({ dialect: "chat", roles: "none" }),
    "Service.from": changes(PAYLOAD, { dialect: "chat" }),
    "Service.prototype.load": changes(PAYLOAD, { replace: true }),
    "Service.prototype.toJSON": reads(),
    "Service.prototype.dialect": property,
    "Service.prototype.lastLoad": property,
    "Service.prototype.roles": reads("service"),
    "Service.prototype.role": reads("Channel User"),
    "Service.prototype.createRole": changes({
      friendlyName: "nine",
      type: "channel",
      permissions: ["sendMessage", "deleteOwnMessage"],
      sid: "RL9",
    }),
    "Service.prototype.updateRole": changes("Channel User", ["sendMessage", "leaveChannel"]),
    "Service.prototype.grant": changes("Channel User", "leaveChannel"),
    "Service.prototype.revoke": changes("Channel User", "deleteOwnMessage"),
    "Service.prototype.deleteRole": changes("Channel User"),
    "Service.prototype.setDefaultRole": changes("member", "Channel Admin"),
    "Service.prototype.setUser": changes("eve", "Service User"),
    "Service.prototype.removeUser": changes("bob"),
    "Service.prototype.createChannel": changes({ sid: "CH9", type: "private", createdBy: "eve" }),
    "Service.prototype.removeChannel": changes("CH1"),
    "Service.prototype.setMember": changes("CH1", "eve", "Channel User"),
    "Service.prototype.removeMember": changes("CH1", "bob"),
    "Service.prototype.invite": changes("CH1", "eve", "Channel User"),
    "Service.prototype.acceptInvite": changes("CH1", "carl"),
    "Service.prototype.declineInvite": changes("CH1", "carl"),
    "Service.prototype.users": reads(),
    "Service.prototype.channels": reads(),
    "Service.prototype.members": reads("CH1"),
    "Service.prototype.invites": reads("CH1"),
    "Service.prototype.ability": asks(["bob", "CH1"], (naive, answer, identity, channel) =>
      same(
        [...answer.actions(identity), "and", ...answer.permissions()],
        [...naive.actions(identity, channel, identity), "and", ...naive.permissions(identity, channel)],
      ),
    ),
    "Service.prototype.whoCan": {
      good: ["deleteMessage", { channel: "CH1", owner: "bob" }],
      // Its target may be something else when it is read again, and that of the twin is not.
      judgeTwin: (naive, answer, action, target) => same(answer, naive.whoCan(action, target?.channel, target?.owner)),
    },
    "Service.prototype.preview": {
      ...asks([changeDraft, "CH1", "eve", "Channel User", "removeMember"], (naive, { changes, after }) =>
        same(changes.map(turned), naive.turnedOver(new Naive(after))),
      ),
      run({ service }, [change, ...given]) {
        let after;
        const changes = service.preview(
          typeof change !== "function"
            ? change
            : (draft) => {
                const answer = change(draft, ...given);
                after = draft.toJSON();
                return answer;
              },
        );
        return { changes, after };
      },
      // What the function throws is the caller's.
      callsBack: true,
    },
    "Service.prototype.defineAction": changes("star", { any: "starAny", own: "starOwn", memberOnly: true }),
    "Service.prototype.subscribe": reads(() => {}),
    "Service.prototype.Symbol(Symbol.toStringTag)": property,
    "Service.prototype.free": reads(),
    "Service.prototype.[dispose]": reads(),

    "Ability.prototype.Symbol(Symbol.toStringTag)": property,
    "Ability.prototype.version": property,
    // What the package's own bindings alone call, of any copy of it.
    "Ability.prototype.Symbol(rolecall.isGone)": property,
    "Ability.prototype.Symbol(rolecall.whenGone)": reads(() => {}),
    "Ability.prototype.can": asks(["deleteMessage", "bob"], (naive, answer, action, owner) =>
      same(answer, naive.can(...bob, action, owner) ?? "an error"),
    ),
    "Ability.prototype.cannot": asks(["deleteMessage", "bob"], (naive, answer, action, owner) =>
      denies(naive.can(...bob, action, owner), answer),
    ),
    "Ability.prototype.has": asks(["sendMessage"], (naive, answer, permission) =>
      same(answer, naive.has(...bob, permission)),
    ),
    "Ability.prototype.permissions": asks([], (naive, answer) => same(answer, naive.permissions(...bob))),
    "Ability.prototype.actions": asks(["bob"], (naive, answer, owner) => same(answer, naive.actions(...bob, owner))),
    "Ability.prototype.explain": asks(["deleteMessage", "alice"], (naive, answer, action, owner) =>
      same(answer.allowed, naive.can(...bob, action, textOr(owner)) ?? "an error"),
    ),
    "Ability.prototype.require": {
      ...asks(["deleteMessage", "bob"], (naive, _, action, owner) => same(true, naive.can(...bob, action, owner))),
    },
    // What its lists hold may be something else when it is read again, so only what nobody would be allowed is wrong.
    "Ability.prototype.canEach": asks(
      [
        ["deleteMessage", "removeMember"],
        ["bob", "alice", null],
      ],
      (naive, answer) => {
        const allowed = answer.flatMap((row) => Object.keys(row).filter((action) => row[action]));
        return same(
          allowed,
          allowed.filter((action) => naive.can(...bob, action, "bob")),
        );
      },
    ),
    "Ability.prototype.subscribe": reads(() => {}),
  },

  // What it has beside the same classes.
  "rolecall/slim": { init: reads("rolecall.wasm") },
  "rolecall/cedar": {
    toCedar: reads({}),
    "Cedar.request": ofCedar("request", ["bob", "CH1", "deleteMessage", "bob"]),
    "Cedar.entitiesFor": ofCedar("entitiesFor", ["bob", "CH1"]),
  },
  "rolecall/svelte": {
    can: binds(({ can }, given) => {
      let allowed;
      can(...given).subscribe((answer) => {
        allowed = answer;
      })();
      return allowed;
    }),
  },
  "rolecall/vue": {
    useCan: {
      ...binds(({ useCan }, given) => {
        const scope = effectScope();
        try {
          return scope.run(() => useCan(...given).value);
        } finally {
          scope.stop();
        }
      }),
      // A function is a getter to Vue, and any object may be a ref: what these throw is the caller's.
      converts: true,
    },
  },
  "rolecall/react": {
    useCan: binds(({ useCan }, given) => rendered(() => (useCan(...given) ? "yes" : "no"))),
    Can: binds(({ Can }, [ability, action, owner]) => rendered(Can, { ability, action, owner, children: "yes" })),
  },
  "rolecall/angular": {
    can: {
      ...binds(({ can }, given) => signalled(() => can(...given))),
      // A function is a signal to it: what that throws is the caller's.
      converts: true,
    },
  },
  "rolecall/twilio": {
    follow: {
      ...asks([CLIENT, undefined], (_, wrong) => wrong),
      run: followClient,
      // It changes what it is given, and what the client itself throws is the client's.
      changes: true,
      hasNoTwin: true,
      isCallers: () => true,
    },
  },
  "rolecall/dom": {
    bind: {
      good: [BUTTONS, bobs, { describe: ({ message }) => message }],
      run: ({ namespace }, given) => shown(namespace, given),
      allowsNothing: ({ usable }) => usable.length === 0,
      isCallers: ([, ability]) => ability !== bobs.last,
      judge: (naive, { usable, left }, _, ability) =>
        left ??
        same(
          usable.filter(([action, owner]) => ability !== bobs.last || naive.can(...bob, action, owner) !== true),
          [],
        ),
    },
  },
};
