import { type Decision, type Payload, PermissionDenied, Service } from "rolecall";
import { bind } from "rolecall/dom";
import { Can, useCan } from "rolecall/react";
import { init } from "rolecall/slim";
import { can } from "rolecall/svelte";
import { useCan as useCanInVue } from "rolecall/vue";

export function show(payload: Payload, root: Element): () => void {
  const service = Service.from(payload);
  const alice = service.ability("alice", "CH1");
  const decision: Decision = alice.explain("deleteMessage", "bob");
  if (!decision.allowed) console.log(decision.reason);
  // @ts-expect-error: an owned action asks for the owner.
  alice.can("deleteMessage");
  // @ts-expect-error: there is no such action.
  alice.can("deleteMesage", "bob");
  return bind(root, alice);
}

export const everything = [PermissionDenied, Can, useCan, init, can, useCanInVue];
