// What is done over and over, in Node and in a page: every function that the package exports is in one of them.

import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { renderToStaticMarkup } from "react-dom/server";
import { effectScope } from "vue";
import { bang } from "../../package/contract/shared/check.mjs";
import { dispose, ENTRIES, functionsOf, signalled } from "../hostile/calls.mjs";
import { TOWN } from "../hostile/town.mjs";

/** What the entry points export. Each is called by way of this, so that it can be seen that it is. */
const api = Object.fromEntries(Object.entries(ENTRIES).map(([entry, namespace]) => [entry, { ...namespace }]));

/** For what is meant to fail. */
const fails = (call) => {
  try {
    call();
  } catch {
    return;
  }
  throw new Error(`${call} did not fail`);
};

/** Changes what bob may do, in each turn to what he might not in the one before. */
const turnOver = (service, turn) => service.setMember("CH1", "bob", turn % 2 ? "RLCU" : "RLCA");

/** While what a listener throws is reported to nobody. */
function unheard(run) {
  const { error } = console;
  const { reportError } = globalThis;
  console.error = globalThis.reportError = () => {};
  try {
    run();
  } finally {
    console.error = error;
    globalThis.reportError = reportError;
  }
}

const EVERYWHERE = {
  can: (_, bob, turn) => bob.can("deleteMessage", turn % 2 ? "bob" : "alice"),
  cannot: (_, bob, turn) => bob.cannot("deleteMessage", turn % 2 ? "bob" : "alice"),
  "can after a change": (service, bob, turn) => {
    turnOver(service, turn);
    bob.can("deleteMessage", "alice");
  },
  "can with an owner never seen": (_, bob, turn) => bob.can("deleteMessage", `owner ${turn}`),
  "can with an action never seen": (_, bob, turn) => fails(() => bob.can(`action ${turn}`)),
  "has with a permission never seen": (_, bob, turn) => bob.has(`permission ${turn}`),
  canEach: (_, bob) => bob.canEach(["deleteMessage", "removeMember"], ["bob", "alice"]),
  explain: (_, bob, turn) => bob.explain("deleteMessage", `owner ${turn}`),
  "require that throws": (_, bob) => fails(() => bob.require("removeMember")),
  require: (_, bob) => bob.require("sendMessage"),
  permissions: (_, bob) => bob.permissions(),
  actions: (_, bob) => bob.actions("bob"),
  whoCan: (service) => service.whoCan("deleteMessage", { channel: "CH1" }),
  "role by its name": (service) => service.role("channel user"),
  lists: (service) => [
    ...[service.roles(), service.users(), service.channels()],
    ...[service.members("CH1"), service.invites("CH1")],
  ],
  "what a service and an ability say of themselves": (service, bob) =>
    [service.dialect, service.version, service.lastLoad, bob.version, String(service), String(bob)].join(),
  toJSON: (service) => service.toJSON(),
  "a user who comes and goes": (service, _, turn) => {
    service.setUser(`user ${turn}`);
    service.removeUser(`user ${turn}`);
  },
  "a channel that comes and goes": (service, _, turn) => {
    service.createChannel({ sid: `CH ${turn}`, createdBy: `user ${turn}`, uniqueName: `name ${turn}` });
    service.joinChannel(`name ${turn}`, `user ${turn}`);
    service.removeChannel(`name ${turn}`);
  },
  "a role that comes and goes": (service, _, turn) => {
    const role = { friendlyName: `role ${turn}`, type: "channel", permissions: ["sendMessage"] };
    service.createRole({ ...role, sid: `RL ${turn}` });
    service.deleteRole(`RL ${turn}`);
  },
  "a permission of one's own that comes and goes": (service, _, turn) =>
    service.load({ roles: [{ sid: "RLX", type: "channel", permissions: [`permission ${turn}`] }] }),
  "an invite that comes and goes": (service, _, turn) => {
    service.invite("CH1", `user ${turn}`);
    service.declineInvite("CH1", `user ${turn}`);
  },
  "an invite that is accepted": (service, _, turn) => {
    service.invite("CH1", `user ${turn}`);
    service.acceptInvite("CH1", `user ${turn}`);
    service.removeMember("CH1", `user ${turn}`);
  },
  "a state never seen": (service, _, turn) => service.load({ channels: { sid: "CH2", state: `state ${turn}` } }),
  setChannelState: (service, _, turn) => service.setChannelState("desk", turn % 2 ? "closed" : "active"),
  "a unique name that moves": (service, _, turn) =>
    service.load({ channels: [{ sid: turn % 2 ? "CH2" : "CH3", unique_name: "yard" }] }),
  "an ability by a unique name never seen": (service, _, turn) =>
    service.ability("bob", `name ${turn}`).can("sendMessage"),
  updateRole: (service, _, turn) =>
    service.updateRole("RLCU", turn % 2 ? ["sendMessage"] : ["sendMessage", "deleteOwnMessage"]),
  setDefaultRole: (service, _, turn) => service.setDefaultRole("member", turn % 2 ? "RLCA" : "RLCU"),
  "an action that is defined already": (service) =>
    service.defineAction("pin", { any: "pinAny", own: "pinOwn", memberOnly: true }),
  "an action that is refused": (service, _, turn) =>
    fails(() => service.defineAction("pin", { any: `permission ${turn}` })),
  "grant and revoke": (service) => {
    service.grant("RLCU", "removeMember");
    service.revoke("RLCU", "removeMember");
  },
  "load of the same": (service) => service.load(TOWN),
  "load of other users, which replaces": (service, _, turn) =>
    service.load({ users: [{ identity: `user ${turn}`, role_sid: "RLSU" }] }, { replace: true }),
  "load of one channel, which replaces": (service, _, turn) =>
    service.load(
      { members: [{ channel_sid: "CH2", identity: `user ${turn}`, role_sid: "RLCU" }] },
      { replace: true, channel: "CH2" },
    ),
  "load of a user's own list": (service, _, turn) =>
    service.load(
      { channels: [{ channel_sid: `CH${1 + (turn % 2)}`, status: "joined" }] },
      { identity: "carl", replace: true },
    ),
  "load of what has a toJSON": (service) => service.load({ toJSON: () => TOWN }),
  "load of spellings never seen": (service, _, turn) => service.load({ users: [], [`field ${turn}`]: turn }),
  "load that fails": (service, _, turn) => fails(() => service.load({ users: [{ identity: `user ${turn}` }, {}] })),
  "load with a getter that throws": (service) =>
    fails(() => service.load(Object.defineProperty({}, "users", { get: bang }))),
  "load of nothing that can be read": (service, _, turn) => fails(() => service.load({ [`field ${turn}`]: turn })),
  "call that fails": (service, _, turn) => fails(() => service.setUser(`user ${turn}`, "no such role")),
  preview: (service, _, turn) =>
    service.preview((draft) => {
      draft.grant("RLCU", "removeMember");
      // Names that only the draft brings: enough of them that what keeps those of a few thousand turns is noticed.
      for (const who of ["one", "another", "a third"]) draft.setUser(`user ${turn} of a draft, ${who}`);
    }),
  "preview that throws": (service) => fails(() => service.preview(bang)),
  "whom an ability is about": (_, bob) => {
    if (bob.identity !== "bob" || bob.channel !== "CH1") throw new Error(`${bob.identity} in ${bob.channel}`);
  },
  "subscribe and stop": (service, bob) => {
    service.subscribe(() => {})();
    bob.subscribe(() => {})();
  },
  "listeners that are called": (service, bob, turn) => {
    let told = 0;
    const stops = [service, bob].map((one) => one.subscribe(() => told++));
    turnOver(service, turn);
    for (const stop of stops) stop();
    if (told !== 2) throw new Error(`told ${told} times in turn ${turn}`);
  },
  "listeners that throw": (service, bob, turn) => {
    const stops = [service, bob].map((one) => one.subscribe(bang));
    unheard(() => turnOver(service, turn));
    for (const stop of stops) stop();
  },
  "an ability that nobody holds": (service, _, turn) => service.ability(`user ${turn}`, "CH1").can("sendMessage"),
  "a service that is freed": () => api.rolecall.Service.from(TOWN).free(),
  "a service that is disposed of": () => api.rolecall.Service.from(TOWN)[dispose](),
  "a new service that is freed": () => new api.rolecall.Service().free(),
  "a service that nobody holds": () => api.rolecall.Service.from(TOWN),
  "svelte stores": (_, bob) => {
    const { can, decision } = api["rolecall/svelte"];
    for (const make of [can, decision]) make(bob, "sendMessage").subscribe(() => {})();
  },
  "vue refs": (_, bob) => {
    const { useCan, useDecision } = api["rolecall/vue"];
    const scope = effectScope();
    for (const use of [useCan, useDecision]) scope.run(() => use(bob, "sendMessage").value);
    scope.stop();
  },
  "react on a server": (_, bob) => {
    const { Can, useCan, useDecision } = api["rolecall/react"];
    const Answer = () => {
      const answers = [useCan(bob, "sendMessage"), useDecision(bob, "sendMessage").allowed];
      return String(answers);
    };
    renderToStaticMarkup(createElement(Can, { ability: bob, action: "sendMessage" }, createElement(Answer)));
  },
  "angular signals": (_, bob) => {
    const { can, decision } = api["rolecall/angular"];
    for (const make of [can, decision]) signalled(() => make(bob, "sendMessage"));
  },
  "a service as Cedar's": (service) => {
    const cedar = api["rolecall/cedar"].toCedar(service);
    cedar.request("bob", "CH1", "deleteMessage", "bob");
    cedar.entitiesFor("bob", "CH1");
  },
  "a client that is followed": (service, _, turn) => {
    const listeners = new Map();
    const client = {
      user: { identity: "bob" },
      on: (event, listener) => listeners.set(event, listener),
      off: (event) => listeners.delete(event),
      getSubscribedConversations: async () => ({ items: [], hasNextPage: false }),
    };
    const stop = api["rolecall/twilio"].follow(client, service, { onError() {} });
    stop.ready?.catch(() => {});
    const participant = { conversation: { sid: `CH ${turn}` }, identity: `user ${turn}`, roleSid: "RLCU" };
    listeners.get("participantJoined")(participant);
    listeners.get("participantLeft")(participant);
    listeners.get("conversationRemoved")({ sid: `CH ${turn}` });
    stop();
  },
  "starting again": () => {
    api.rolecall.init();
    api["rolecall/slim"].init("");
  },
  "errors of one's own": () => [
    new api.rolecall.RolecallError("unknown-role", "mine"),
    new api.rolecall.PermissionDenied({ allowed: false, message: "mine" }),
  ],
};

/** What takes a document. */
const IN_PAGES = {
  "a react root": (_, bob) => {
    const { Can } = api["rolecall/react"];
    const root = createRoot(document.createElement("div"));
    flushSync(() => root.render(createElement(Can, { ability: bob, action: "sendMessage" }, "yes")));
    flushSync(() => root.unmount());
  },
  "a react root that is told": (service, bob, turn) => {
    const { useCan } = api["rolecall/react"];
    const place = document.createElement("div");
    const root = createRoot(place);
    const Answer = () => String(useCan(bob, "deleteMessage", "alice"));
    flushSync(() => root.render(createElement(Answer)));
    flushSync(() => turnOver(service, turn));
    if (place.textContent !== String(turn % 2 === 0)) throw new Error(`${place.textContent} in turn ${turn}`);
    flushSync(() => root.unmount());
  },
  "an element that is bound": (service, bob, turn) => {
    const place = document.createElement("div");
    place.innerHTML = `<p data-can="deleteMessage" data-can-owner="alice"></p>
      <button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable">delete</button>`;
    document.body.append(place);
    const stop = api["rolecall/dom"].bind(place, bob);
    turnOver(service, turn);
    if (place.firstChild.hidden !== (turn % 2 === 1)) throw new Error(`${place.innerHTML} in turn ${turn}`);
    stop();
    place.remove();
  },
};

/** What is done, to a service and an ability of it, with the number of the turn. */
export const OPERATIONS = typeof document === "undefined" ? EVERYWHERE : IN_PAGES;

/** The same function, which calls `note` unless another of them is under way. */
function noting(run, note) {
  const noted = (call) => {
    if (!isInside) note();
    const before = isInside;
    isInside = true;
    try {
      return call();
    } finally {
      isInside = before;
    }
  };
  return new Proxy(run, {
    apply: (_, self, given) => noted(() => Reflect.apply(run, self, given)),
    construct: (_, given) => noted(() => Reflect.construct(run, given)),
  });
}

let isInside = false;

/** Does every operation once; gives the names of the functions of the package that none of them calls. */
export function forgotten() {
  const uncalled = new Set();
  const undo = [];
  const note = (owner, key, name) => {
    uncalled.add(name);
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    const kind = descriptor.get ? "get" : "value";
    Object.defineProperty(owner, key, {
      ...descriptor,
      [kind]: noting(descriptor[kind], () => uncalled.delete(name)),
    });
    undo.push(() => Object.defineProperty(owner, key, descriptor));
  };
  try {
    for (const [entry, namespace] of Object.entries(api)) {
      for (const [name, { owner, key }] of functionsOf(entry)) {
        // Of an object that is made anew each time.
        if (name.startsWith("Cedar.") || name.endsWith(".subscribe")) continue;
        note(name === key ? namespace : owner, key, `${entry} ${name}`);
      }
    }
    const { toCedar } = api["rolecall/cedar"];
    api["rolecall/cedar"].toCedar = (...given) => {
      const cedar = toCedar(...given);
      for (const name of Object.keys(cedar)) {
        if (typeof cedar[name] === "function") note(cedar, name, `rolecall/cedar Cedar.${name}`);
      }
      return cedar;
    };
    for (const operation of Object.values(OPERATIONS)) {
      const service = ENTRIES.rolecall.Service.from(TOWN);
      operation(service, service.ability("bob", "CH1"), 0);
    }
  } finally {
    for (const end of undo) end();
  }
  return [...uncalled];
}
