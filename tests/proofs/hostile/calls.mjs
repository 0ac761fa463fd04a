// Every function that the package exports, each with arguments that are right: hostile values take their places. A function
// that is exported and not here fails the test.

import {
  createEnvironmentInjector,
  Injector,
  runInInjectionContext,
  ɵChangeDetectionScheduler,
  ɵEffectScheduler,
  ɵINJECTOR_SCOPE,
} from "@angular/core";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as rolecall from "rolecall";
import * as angular from "rolecall/angular";
import * as cedar from "rolecall/cedar";
import * as dom from "rolecall/dom";
import * as react from "rolecall/react";
import * as slim from "rolecall/slim";
import * as svelte from "rolecall/svelte";
import * as twilio from "rolecall/twilio";
import * as vue from "rolecall/vue";
import { effectScope } from "vue";
import { bobMay, TOWN } from "./town.mjs";

export const ENTRIES = {
  rolecall,
  "rolecall/slim": slim,
  "rolecall/angular": angular,
  "rolecall/cedar": cedar,
  "rolecall/dom": dom,
  "rolecall/react": react,
  "rolecall/svelte": svelte,
  "rolecall/twilio": twilio,
  "rolecall/vue": vue,
};

/** What works on elements. */
export const IN_PAGES_ONLY = ["rolecall/dom"];

/** What TypeScript alone hides: whoever calls these is no caller of the package. */
const INTERNAL = ["read", "key", "follow", "decide", "rowsOf", "core", "self", "place"];

export const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** The functions and accessors that an entry point exports and `rolecall` does not, with those of the objects that it makes. */
export function functionsOf(entry) {
  const found = new Map();
  const add = (name, owner, key) => {
    const { value, get } = Object.getOwnPropertyDescriptor(owner, key);
    if (INTERNAL.includes(key) || String(key).startsWith("Symbol(rolecall.")) return;
    // Engines call that symbol differently, where they have it at all.
    const said = key === dispose ? "[dispose]" : String(key);
    if (get || typeof value === "function") found.set(name + said, { owner, key, isAccessor: get !== undefined });
  };
  const addMembers = (name, object) => {
    for (const key of Reflect.ownKeys(object)) if (key !== "constructor") add(name, object, key);
  };
  const known = new Set(entry === "rolecall" ? [] : Object.values(rolecall));
  for (const [name, value] of Object.entries(ENTRIES[entry])) {
    if (typeof value !== "function" || known.has(value)) continue;
    found.set(name, { owner: ENTRIES[entry], key: name, isAccessor: false });
    for (const key of Reflect.ownKeys(value)) {
      if (!["length", "name", "prototype", "arguments", "caller"].includes(key)) add(`${name}.`, value, key);
    }
    if (value.prototype) addMembers(`${name}.prototype.`, value.prototype);
  }
  const service = new rolecall.Service();
  const ability = service.ability("bob");
  if (entry === "rolecall") {
    addMembers("Ability.prototype.", Object.getPrototypeOf(ability));
    // What works without its object is the object's own.
    for (const [name, object] of Object.entries({ Service: service, Ability: ability })) {
      if (Object.hasOwn(object, "subscribe")) add(`${name}.prototype.`, object, "subscribe");
    }
  }
  if (entry === "rolecall/cedar") addMembers("Cedar.", cedar.toCedar(service));
  return found;
}

const PAYLOAD = {
  roles: [{ sid: "RL9", friendly_name: "nine", type: "channel", permissions: ["sendMessage", "mine"] }],
  users: [
    { identity: "eve", role_sid: "RLSU" },
    { identity: "bob", RoleSid: "RLSU" },
  ],
  channels: { sid: "CH4", unique_name: "four", type: "public", created_by: "eve", state: { current: "active" } },
  conversations: [{ conversation_sid: "CH4", user_sid: "US1", status: "joined" }],
  members: { instances: [{ conversation: { sid: "CH4" }, identity: "eve", role_sid: "RL9" }] },
  invites: [{ channelSid: "CH4", identity: "bob" }],
  service: { sid: "IS1", default_channel_role_sid: "RLCU" },
  actions: [{ action: "star", any: "starAny", own: "starOwn", member_only: false }],
};

const isOwner = (owner) => owner === undefined || owner === null || typeof owner === "string";

/** What is wrong with an answer about bob in CH1, if something is. */
const judge = (allowed, action, owner) => {
  if (typeof action !== "string") return "answered what is no action";
  if (!isOwner(owner)) return "answered about an owner that is none";
  return allowed === bobMay(action, owner) ? undefined : `answered ${allowed}`;
};

/** `wrong` says what is wrong with an answer. */
const asks = (good, wrong) => ({ good, wrong });
const changes = (...good) => ({ good, changes: true });
const reads = (...good) => ({ good });
const property = { good: [], property: true };

/** Does to a preview's draft everything that is not refused. */
function changeDraft(draft) {
  draft.setMember("desk", "eve", "Channel User");
  draft.grant("Channel User", "removeMember");
  draft.createChannel({ sid: "CH9", createdBy: "eve" });
  draft.setChannelState("CH1", "closed");
}

/** Stands for the ability of the world. */
export const BOB = Symbol("bob's ability");

/** A binding's answer to bob, got as its framework gets it. What only stands where an ability should be throws what it likes. */
const binds = (run) => ({
  good: [BOB, "deleteMessage", "bob"],
  wrong(answer, [ability, action, owner], world) {
    // A proxy of bob's ability answers as bob's, and nothing else says yes.
    const mayBeBob = typeof action === "string" && isOwner(owner) && bobMay(action, owner);
    if (ability !== world.ability) return answer && !mayBeBob ? "allowed nobody something" : undefined;
    // A framework may take a getter or a signal where a string should be.
    const isPlain = [action, owner].every((value) => typeof value !== "function" && typeof value !== "object");
    return isPlain || answer ? judge(Boolean(answer), action, owner) : undefined;
  },
  isCallers: ([ability], world) => ability !== world.ability,
  run: ({ namespace }, given) => run(namespace, given),
});

const allowedOf = (value) => (typeof value === "object" && value !== null ? value.allowed : value);

const stored = (make) => {
  let last;
  make().subscribe((value) => {
    last = value;
  })();
  return allowedOf(last);
};

const scoped = (make) => {
  const scope = effectScope();
  try {
    return allowedOf(scope.run(() => make().value));
  } finally {
    scope.stop();
  }
};

const rendered = (component, props) => renderToStaticMarkup(createElement(component, props)) === "yes";

/** Angular's root, made by hand: an application brings a compiler that this page's policy forbids. */
let root;

/** The value of a signal that is made and followed where Angular makes its parts. */
export function signalled(make) {
  const scheduler = { provide: ɵChangeDetectionScheduler, useValue: { notify() {}, runningTick: false } };
  root ??= createEnvironmentInjector([{ provide: ɵINJECTOR_SCOPE, useValue: "root" }, scheduler], Injector.NULL);
  const part = createEnvironmentInjector([], root);
  try {
    const signal = runInInjectionContext(part, make);
    const value = signal();
    root.get(ɵEffectScheduler).flush();
    return allowedOf(value);
  } finally {
    part.destroy();
  }
}

/** Buttons for bob, marked as a page marks them. */
const BUTTONS = [
  { "data-can": "sendMessage" },
  { "data-can": "deleteMessage", "data-can-owner": "bob", "data-can-else": "disable" },
  { "data-can": "deleteMessage", "data-can-owner": "alice" },
  { "data-can": "removeMember", "data-can-else": "disable" },
];

/** Binds buttons so marked; returns those that somebody could press, as the action and the owner of each. */
function usable({ bind }, [marked, ability, options]) {
  const place = document.createElement("div");
  for (const attributes of Array.isArray(marked) ? marked.slice(0, 9) : []) {
    const button = document.createElement("button");
    for (const [name, value] of Object.entries(Object(attributes))) {
      if (typeof value === "string" && /^data-/.test(name)) button.setAttribute(name, value);
    }
    place.append(button);
  }
  const stop = bind(place, ability, options);
  const found = [...place.children].filter((button) => button.dataset.can && !button.hidden && canBePressed(button));
  stop();
  return found.map(({ dataset }) => [dataset.can, dataset.canOwner]);
}

function canBePressed(button) {
  let pressed = false;
  button.addEventListener("click", () => {
    pressed = true;
  });
  button.click();
  return pressed;
}

const conversation = {
  sid: "CH2",
  createdBy: "alice",
  state: { current: "active" },
  participants: [{ identity: "eve", roleSid: "RLCU" }, { identity: "zoe" }, { identity: null }],
  getParticipants() {
    return Promise.resolve(this.participants);
  },
};

/** What a client of the vendor's SDK tells of. */
const CLIENT = {
  user: { identity: "bob" },
  page: { items: [conversation], hasNextPage: false },
  events: {
    conversationAdded: { sid: "CH4", createdBy: "eve" },
    conversationJoined: conversation,
    participantJoined: { conversation: { sid: "CH1" }, identity: "eve", roleSid: "RLCU" },
    conversationUpdated: { conversation: { sid: "CH1", state: { current: "closed" } }, updateReasons: ["state"] },
    participantLeft: { conversation: { sid: "CH1" }, identity: "alice" },
    conversationRemoved: { sid: "CH4" },
  },
};

/** Follows such a client for a while; says what is wrong with the service then. */
async function followed({ namespace: { follow } }, [parts]) {
  const service = rolecall.Service.from(TOWN);
  const listeners = new Map();
  const client = {
    user: parts.user,
    on: (event, listener) => listeners.set(event, listener),
    off: (event) => listeners.delete(event),
    getSubscribedConversations: async () => parts.page,
  };
  const stop = follow(client, service, { onError() {} });
  stop.ready?.catch(() => {});
  // What a listener throws is the client's to handle.
  for (const [event, told] of Object.entries(parts.events)) {
    try {
      listeners.get(event)?.(told);
    } catch {}
  }
  for (let turns = 0; turns < 20; turns++) await null;
  stop();
  const [text, again] = [JSON.stringify(service), JSON.stringify(rolecall.Service.from(service))];
  service.free();
  return text === again ? undefined : `${text}, which opens as ${again}`;
}

const cedarOf = (name, good) => ({
  good,
  run: (world, given) => cedar.toCedar(world.service)[name](...given),
});

/** How each is called. `converts`: it makes strings of what it is passed, as the language's errors do. */
export const CALLS = {
  rolecall: {
    init: reads(),
    RolecallError: { good: ["unknown-role", "a sentence", "roles[0]"], converts: true },
    PermissionDenied: { good: [{ allowed: false, message: "no", twilioCode: 50107 }], converts: true },

    Service: reads({ dialect: "chat", roles: "none" }),
    "Service.from": reads(PAYLOAD, { dialect: "chat", identity: "bob" }),
    "Service.prototype.load": changes(PAYLOAD, { replace: true, identity: "bob" }),
    "Service.prototype.toJSON": reads(),
    "Service.prototype.dialect": property,
    "Service.prototype.version": property,
    "Service.prototype.lastLoad": property,
    "Service.prototype.roles": reads("service"),
    "Service.prototype.role": reads("Channel User", "channel"),
    "Service.prototype.createRole": changes({
      ...{ friendlyName: "nine", type: "channel", permissions: ["sendMessage", "deleteOwnMessage"], sid: "RL9" },
    }),
    "Service.prototype.updateRole": changes("Channel User", ["sendMessage", "leaveChannel"], "channel"),
    "Service.prototype.grant": changes("Channel User", "leaveChannel", "channel"),
    "Service.prototype.revoke": changes("Channel User", "deleteOwnMessage", "channel"),
    "Service.prototype.deleteRole": changes("Channel User", "channel"),
    "Service.prototype.setDefaultRole": changes("member", "Channel Admin"),
    "Service.prototype.setUser": changes("eve", "Service User"),
    "Service.prototype.removeUser": changes("bob"),
    "Service.prototype.createChannel": changes({
      ...{ sid: "CH9", uniqueName: "nine", type: "private", createdBy: "eve", state: "active" },
    }),
    "Service.prototype.setChannelState": changes("desk", "closed"),
    "Service.prototype.removeChannel": changes("CH1"),
    "Service.prototype.joinChannel": changes("desk", "eve"),
    "Service.prototype.setMember": changes("CH1", "eve", "Channel User"),
    "Service.prototype.removeMember": changes("CH1", "bob"),
    "Service.prototype.invite": changes("CH1", "eve", "Channel User"),
    "Service.prototype.acceptInvite": changes("CH1", "carl"),
    "Service.prototype.declineInvite": changes("CH1", "carl"),
    "Service.prototype.users": reads(),
    "Service.prototype.channels": reads(),
    "Service.prototype.members": reads("CH1"),
    "Service.prototype.invites": reads("CH1"),
    "Service.prototype.ability": asks(["bob", "CH1"], (ability, [identity, channel]) =>
      typeof identity === "string" && (channel === undefined || typeof channel === "string")
        ? (identity !== "bob" || !["CH1", "desk"].includes(channel)) && ability.can("deleteMessage", "bob") === true
          ? ["alice", "root", "bob"].includes(identity)
            ? undefined
            : "may delete"
          : undefined
        : "an ability of nobody",
    ),
    "Service.prototype.whoCan": asks(["deleteMessage", { channel: "CH1", owner: "bob" }], (found) =>
      found.includes("nobody") || found.includes("carl") ? "somebody who may not" : undefined,
    ),
    // What the function throws is the caller's.
    "Service.prototype.preview": { good: [changeDraft], isCallers: ([change]) => typeof change === "function" },
    "Service.prototype.defineAction": changes("star", { any: "a", own: "b", memberOnly: true, whenClosed: true }),
    "Service.prototype.subscribe": reads(() => {}),
    "Service.prototype.Symbol(Symbol.toStringTag)": property,
    "Service.prototype.free": { good: [], frees: true },
    "Service.prototype.[dispose]": { good: [], frees: true },

    "Ability.prototype.Symbol(Symbol.toStringTag)": property,
    "Ability.prototype.identity": property,
    "Ability.prototype.channel": property,
    "Ability.prototype.version": property,
    "Ability.prototype.can": asks(["deleteMessage", "bob"], (answer, [action, owner]) => judge(answer, action, owner)),
    "Ability.prototype.cannot": asks(["deleteMessage", "bob"], (answer, [action, owner]) =>
      judge(!answer, action, owner),
    ),
    "Ability.prototype.has": asks(["sendMessage"], (answer, [permission]) =>
      answer && !/^(sendMessage|create\w+|join\w+|editOwn\w+|deleteOwnMessage|pinOwn)$/.test(permission)
        ? "has what nobody granted"
        : undefined,
    ),
    "Ability.prototype.permissions": reads(),
    "Ability.prototype.actions": asks(["bob"], (answer, [owner]) =>
      isOwner(owner) && answer.every((action) => bobMay(action, owner)) ? undefined : `answered ${answer}`,
    ),
    "Ability.prototype.explain": asks(["deleteMessage", "alice"], (answer, [action, owner]) =>
      judge(answer.allowed, action, owner),
    ),
    "Ability.prototype.require": asks(["deleteMessage", "bob"], (_, [action, owner]) => judge(true, action, owner)),
    // What its lists hold may be something else when it is read again, so only what nobody would be allowed is wrong.
    "Ability.prototype.canEach": asks(
      [
        ["deleteMessage", "removeMember"],
        ["bob", "alice", null],
      ],
      (rows) => {
        const allowed = rows.flatMap((row) => Object.keys(row).filter((action) => row[action]));
        return allowed.find((action) => !bobMay(action, "bob"));
      },
    ),
    "Ability.prototype.subscribe": reads(() => {}, "deleteMessage", "bob"),
  },

  // What it has beside the same classes.
  "rolecall/slim": { init: reads("rolecall.wasm") },
  "rolecall/cedar": {
    toCedar: reads({}),
    "Cedar.request": cedarOf("request", ["bob", "CH1", "deleteMessage", "bob"]),
    "Cedar.entitiesFor": cedarOf("entitiesFor", ["bob", "CH1"]),
  },
  "rolecall/svelte": {
    can: binds(({ can }, given) => stored(() => can(...given))),
    decision: binds(({ decision }, given) => stored(() => decision(...given))),
  },
  // A function is a getter to Vue and a signal to Angular, and any object may be a ref: what these throw is the caller's.
  "rolecall/vue": {
    useCan: { ...binds(({ useCan }, given) => scoped(() => useCan(...given))), converts: true },
    useDecision: { ...binds(({ useDecision }, given) => scoped(() => useDecision(...given))), converts: true },
  },
  "rolecall/angular": {
    can: { ...binds(({ can }, given) => signalled(() => can(...given))), converts: true },
    decision: { ...binds(({ decision }, given) => signalled(() => decision(...given))), converts: true },
  },
  "rolecall/react": {
    useCan: binds(({ useCan }, given) => rendered(() => (useCan(...given) ? "yes" : "no"))),
    useDecision: binds(({ useDecision }, given) => rendered(() => (useDecision(...given)?.allowed ? "yes" : "no"))),
    Can: binds(({ Can }, [ability, action, owner]) => rendered(Can, { ability, action, owner, children: "yes" })),
  },
  "rolecall/twilio": {
    // What the client itself throws is the client's.
    follow: { good: [CLIENT], run: followed, wrong: (wrong) => wrong, isCallers: () => true },
  },
  "rolecall/dom": {
    bind: {
      good: [BUTTONS, BOB, { describe: ({ message }) => message }],
      run: ({ namespace }, given) => usable(namespace, given),
      wrong: (found, [, ability], world) =>
        found.find(([action, owner]) => ability !== world.ability || !bobMay(action, owner)),
      isCallers: () => true,
    },
  },
};
