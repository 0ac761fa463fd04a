// What the entry points for a plain page, for Angular and for the vendor's SDK work in, made of hostile parts.

import {
  createEnvironmentInjector,
  Injector,
  runInInjectionContext,
  ɵChangeDetectionScheduler,
  ɵEffectScheduler,
  ɵINJECTOR_SCOPE,
} from "@angular/core";
import { Naive } from "./naive.mjs";

/** What members of a town may do, some of them or all, and what none of them may. */
const ASKED = ["sendMessage", "deleteMessage", "editMessage", "removeMember", "leaveChannel", "pin", "addMember"];

/** What a service answers to its members otherwise than a plain look at what it holds does. */
function wronglyAnswered(service) {
  const naive = new Naive(service.toJSON());
  const wrong = [];
  for (const { sid } of service.channels()) {
    for (const { identity } of service.members(sid)) {
      for (const action of ASKED) {
        const found = service.ability(identity, sid).can(action, identity);
        if (found !== naive.can(identity, sid, action, identity)) wrong.push([identity, sid, action, found]);
      }
    }
  }
  return wrong;
}

/** A client of the SDK's kind that tells of what somebody gave. */
class Client {
  #listeners = new Map();

  constructor(parts) {
    const { user, page, events } = parts;
    Object.assign(this, { user, page });
    this.events = Object.entries(events);
  }

  on(event, listener) {
    this.#listeners.set(event, listener);
  }

  off(event, listener) {
    if (this.#listeners.get(event) === listener) this.#listeners.delete(event);
  }

  async getSubscribedConversations() {
    return this.page;
  }

  /** Tells of everything once. Listeners answer to nobody. */
  tell() {
    for (const [event, said] of this.events) this.#listeners.get(event)?.(said);
  }

  get listening() {
    return this.#listeners.size;
  }
}

const conversation = {
  sid: "CH2",
  createdBy: "alice",
  participants: [{ identity: "eve", roleSid: "RLCU" }, { identity: "zoe" }, { identity: null }],
  getParticipants() {
    return Promise.resolve(this.participants);
  },
};
const participant = { conversation: { sid: "CH1", createdBy: "alice" }, identity: "eve", roleSid: "RLCU" };

/** What a client tells of, all of it well-formed. */
export const CLIENT = {
  user: { identity: "bob" },
  page: { items: [conversation], hasNextPage: false, nextPage() {} },
  events: {
    conversationAdded: { sid: "CH3", createdBy: "eve" },
    conversationJoined: conversation,
    participantJoined: participant,
    participantUpdated: { participant: { ...participant, roleSid: "RLCA" }, updateReasons: ["roleSid"] },
    conversationUpdated: { conversation: { sid: "CH1", createdBy: "bob" }, updateReasons: ["createdBy"] },
    participantLeft: { conversation: { sid: "CH1" }, identity: "alice" },
    conversationLeft: { sid: "CH1" },
    conversationRemoved: { sid: "CH3" },
  },
};

/** Follows such a client for a while; gives what is wrong then. What goes wrong on the way is reported. */
export async function followClient({ rolecall: { Service }, namespace: { follow }, town }, [parts, given]) {
  const service = Service.from(town);
  try {
    let client = parts;
    try {
      client = new Client(parts);
    } catch {
      // Then it is tried as the client itself.
    }
    const stop = follow(client, given === undefined ? service : given);
    if (!(client instanceof Client)) return undefined;
    client.tell();
    // As long as what was fetched may need to come.
    for (let turns = 0; turns < 20; turns++) await null;
    stop();
    if (client.listening > 0) return "and still listens";
    const wrong = wronglyAnswered(service);
    const [text, again] = [JSON.stringify(service), JSON.stringify(Service.from(service))];
    if (wrong.length > 0) return `${JSON.stringify(wrong)} with ${text}`;
    return text === again ? undefined : `${text}, which opens as ${again}`;
  } finally {
    service.free();
  }
}

/** Angular's root, made by hand: an application has one by itself, and brings a compiler that this page's policy forbids. */
let angular;

/** The value of a signal that is made and followed where Angular makes its parts. */
export function signalled(make) {
  const scheduler = { provide: ɵChangeDetectionScheduler, useValue: { notify() {}, runningTick: false } };
  angular ??= createEnvironmentInjector([{ provide: ɵINJECTOR_SCOPE, useValue: "root" }, scheduler], Injector.NULL);
  const part = createEnvironmentInjector([], angular);
  try {
    const signal = runInInjectionContext(part, make);
    const value = signal();
    angular.get(ɵEffectScheduler).flush();
    return value;
  } finally {
    part.destroy();
  }
}

/** Buttons for bob, marked as a page marks them. */
export const BUTTONS = [
  { "data-can": "sendMessage" },
  { "data-can": "deleteMessage", "data-can-owner": "bob", "data-can-else": "disable" },
  { "data-can": "deleteMessage", "data-can-owner": "alice" },
  { "data-can": "removeMember", "data-can-else": "disable" },
];

/** Which of the buttons somebody could press, as the action and the owner of each; and what is left in the page of it. */
export function shown({ bind }, [marked, ability, options]) {
  const root = document.createElement("div");
  const buttons = [];
  try {
    for (const attributes of marked) {
      const button = document.createElement("button");
      for (const [name, value] of Object.entries(attributes))
        if (typeof value === "string") button.setAttribute(name, value);
      root.append(button);
      buttons.push(button);
    }
  } catch {
    // Then it is tried as the root itself.
  }
  const before = root.outerHTML;
  const stop = bind(buttons.length > 0 ? root : marked, ability, options);
  const usable = buttons
    .filter((button) => button.hasAttribute("data-can") && !button.hidden && !button.disabled)
    .map((button) => [button.getAttribute("data-can"), button.getAttribute("data-can-owner")]);
  stop();
  return { usable, left: root.outerHTML === before ? undefined : `${root.outerHTML} for ${before}` };
}
