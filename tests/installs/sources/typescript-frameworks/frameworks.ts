import type { Ability } from "rolecall";
import * as svelte from "rolecall/svelte";
import * as vue from "rolecall/vue";

export function useControls(ability: Ability) {
  // @ts-expect-error: an owned action asks for the owner.
  vue.useCan(ability, "deleteMessage");
  // @ts-expect-error: there is no such action.
  svelte.can(ability, "sendMesage");
  return {
    mayDelete: vue.useCan(ability, "deleteMessage", "bob"),
    why: vue.useDecision(ability, "deleteMessage", "bob"),
    maySend: svelte.can(ability, "sendMessage"),
    whyNot: svelte.decision(ability, "sendMessage"),
  };
}
