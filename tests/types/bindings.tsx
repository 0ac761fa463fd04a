// What the compiler accepts and refuses of the bindings. Nothing here is run.
import type { Signal } from "@angular/core";
import type { Client } from "@twilio/conversations";
import type { ReactNode } from "react";
import type { Ability, Action, Decision, Service } from "rolecall";
import { can as canSignal, decision as decisionSignal } from "rolecall/angular";
import { bind } from "rolecall/dom";
// By another name, since the linter wants hooks to be called in components.
import { useCan as answer, Can, useDecision as decide } from "rolecall/react";
import { init, type RolecallError, Service as SlimService } from "rolecall/slim";
import { can as canStore, decision as decisionStore } from "rolecall/svelte";
import { type FollowedClient, type FollowedEvents, type FollowedPage, type Following, follow } from "rolecall/twilio";
import { useCan as answerRef, useDecision as decisionRef } from "rolecall/vue";
import type { Readable } from "svelte/store";
import type { Ref } from "vue";

/** Compiles where both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

export function React(
  ability: Ability | undefined,
  author: string | null,
  action: Action,
  owner: string | null | undefined,
  element: ReactNode,
) {
  same<ReturnType<typeof answer>, boolean>(true);
  answer(ability, "sendMessage");
  answer(null, "joinConversation");
  answer(ability, "deleteMessage", author);
  // @ts-expect-error: a misspelled action
  answer(ability, "sendMesage");
  // @ts-expect-error: a permission is no action
  answer(ability, "deleteAnyMessage");
  // @ts-expect-error: whose?
  answer(ability, "deleteMessage");
  answer(ability, action, owner);
  same<ReturnType<typeof decide>, Decision | undefined>(true);
  decide(ability, "sendMessage")?.reason;
  decide(ability, "deleteMessage", author)?.grantedBy?.map(({ friendlyName }) => friendlyName);
  decide(ability, action, owner)?.message;
  // @ts-expect-error: whose?
  decide(ability, "deleteMessage");
  // @ts-expect-error: of whom?
  answer("sendMessage");

  return [
    <Can key="1" ability={ability} action="sendMessage" />,
    <Can key="2" ability={null} action="deleteMessage" owner={author} fallback={element}>
      {element}
    </Can>,
    <Can key="3" ability={ability} action="sendMessage">
      {(allowed) => same<typeof allowed, boolean>(true) ?? element}
    </Can>,
    // @ts-expect-error: a misspelled action
    <Can key="4" ability={ability} action="sendMesage" />,
    // @ts-expect-error: whose?
    <Can key="5" ability={ability} action="deleteMessage" />,
    <Can key="6" ability={ability} action={action} owner={owner} loading={element} />,
    <Can key="7" ability={ability} action="sendMessage">
      {(allowed, decision) => {
        same<typeof decision, Decision>(true);
        return allowed ? element : decision.message;
      }}
    </Can>,
    // @ts-expect-error: of whom?
    <Can key="8" action="sendMessage" />,
    // @ts-expect-error: a property that there is not
    <Can key="9" ability={ability} action="sendMessage" otherwise={element} />,
  ];
}

export function Vue(ability: Ref<Ability | undefined>, author: Ref<string | null>, owner: Ref<string | undefined>) {
  const allowed: Readonly<Ref<boolean>> = answerRef(ability, "sendMessage");
  answerRef(ability.value, "deleteMessage", author);
  answerRef(
    () => ability.value,
    () => "deleteMessage" as const,
    () => author.value,
  );
  // @ts-expect-error: a misspelled action
  answerRef(ability, "sendMesage");
  // @ts-expect-error: whose?
  answerRef(ability, "deleteMessage");
  answerRef(ability, "deleteMessage", owner);
  const decided: Readonly<Ref<Decision | undefined>> = decisionRef(ability, "deleteMessage", author);
  decided.value?.message;
  // @ts-expect-error: an answer is only read
  answerRef(ability, "sendMessage").value = true;
  return allowed;
}

export function Svelte(ability: Ability | undefined, author: string | null, owner: string | undefined) {
  const allowed: Readable<boolean> = canStore(ability, "sendMessage");
  canStore(null, "deleteMessage", author);
  // @ts-expect-error: a misspelled action
  canStore(ability, "sendMesage");
  // @ts-expect-error: whose?
  canStore(ability, "deleteMessage");
  canStore(ability, "deleteMessage", owner);
  const decided: Readable<Decision | undefined> = decisionStore(ability, "deleteMessage", author);
  return [allowed, decided];
}

export function Angular(ability: Signal<Ability | undefined>, author: Signal<string | null>, owner: Signal<undefined>) {
  const allowed: Signal<boolean> = canSignal(ability, "sendMessage");
  canSignal(ability(), "deleteMessage", author);
  canSignal(null, "deleteMessage", () => author());
  // @ts-expect-error: a misspelled action
  canSignal(ability, "sendMesage");
  // @ts-expect-error: whose?
  canSignal(ability, "deleteMessage");
  canSignal(ability, "deleteMessage", owner);
  const decided: Signal<Decision | undefined> = decisionSignal(ability, "deleteMessage", author);
  return [allowed, decided];
}

export function page(root: Element, shadow: ShadowRoot, ability: Ability | undefined) {
  same<ReturnType<typeof bind>, () => void>(true);
  bind(document, ability);
  bind(shadow, null);
  bind(root, ability, { describe: ({ reason, missing }) => `${reason} ${missing.join()}` });
  // @ts-expect-error: an element that may not be there
  bind(document.querySelector("main"), ability);
  // @ts-expect-error: of whom?
  bind(root);
  // @ts-expect-error: a choice that there is not
  bind(root, ability, { descibe: () => "" });
  // @ts-expect-error: words are text
  bind(root, ability, { describe: () => 5 });
}

export function vendor(client: Client, service: Service, ability: Ability) {
  same<ReturnType<typeof follow>, Following>(true);
  const stop: () => void = follow(client, service, { onError: (error, conversation) => [error, conversation?.trim()] });
  follow(client, service).ready.then(stop);
  // The SDK's events, and what comes with each.
  client.on("initialized", () => {});
  client.on("stateChanged", (state) => state satisfies FollowedEvents["stateChanged"]);
  client.on("connectionStateChanged", (state) => state satisfies FollowedEvents["connectionStateChanged"]);
  for (const event of ["conversationAdded", "conversationJoined", "conversationLeft", "conversationRemoved"] as const) {
    client.on(event, (conversation) => conversation satisfies FollowedEvents[typeof event]);
  }
  client.on("conversationUpdated", (update) => update satisfies FollowedEvents["conversationUpdated"]);
  for (const event of ["participantJoined", "participantLeft"] as const) {
    client.on(event, (participant) => participant satisfies FollowedEvents[typeof event]);
  }
  ({ items: [], hasNextPage: false }) satisfies FollowedPage;
  client satisfies FollowedClient;
  client.on("participantUpdated", (update) => update satisfies FollowedEvents["participantUpdated"]);
  // @ts-expect-error: an option that there is not
  follow(client, service, { onerror() {} });
  // @ts-expect-error: the service is the second one
  follow(service, client);
  // @ts-expect-error: a service
  follow(client, ability);
  // @ts-expect-error: what is no client of the SDK
  follow({ on() {}, off() {} }, service);
}

/** The same API, from a file. */
export async function slim(module: WebAssembly.Module, answer: Response, main: Service) {
  same<typeof SlimService, typeof import("rolecall").Service>(true);
  same<RolecallError, import("rolecall").RolecallError>(true);
  const service: Service = new SlimService();
  const back: SlimService = main;
  for (const source of ["/rolecall.wasm", new URL("file:///"), answer, module, new Uint8Array(), new ArrayBuffer(8)]) {
    await init(source);
  }
  await init(fetch("/rolecall.wasm"));
  // @ts-expect-error: from where?
  await init();
  return [service, back];
}
