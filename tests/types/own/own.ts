// An application's own actions and permissions. Nothing here is run. A program of its own, since what it declares holds
// for all of a program.
import type { Ability, Action, OwnedAction, Permission, PlainAction, Service } from "rolecall";
import { can as canSignal } from "rolecall/angular";
import { type CanProps, useCan as canHook } from "rolecall/react";
import type { Action as SlimAction } from "rolecall/slim";
import { can as canStore } from "rolecall/svelte";
import { useCan as canRef } from "rolecall/vue";

declare module "rolecall" {
  interface OwnActions {
    pinMessage: "plain";
    archiveMessage: "owned";
  }
  interface OwnPermissions {
    pinMessage: true;
    archiveAnyMessage: true;
    archiveOwnMessage: true;
  }
}

export function defining(service: Service) {
  service.defineAction("pinMessage", { any: "pinMessage", memberOnly: true });
  service.defineAction("archiveMessage", { any: "archiveAnyMessage", own: "archiveOwnMessage" });
  service.grant("Channel User", "archiveOwnMessage");
  service.createRole({ friendlyName: "a", type: "channel", permissions: ["pinMessage", "sendMessage"] });
  // @ts-expect-error: a misspelled permission of the application's own
  service.grant("Channel User", "archiveOwnMesage");
  // @ts-expect-error: an action of the application's own is no permission
  service.grant("Channel User", "archiveMessage");
  service.whoCan("archiveMessage", { owner: "alice" });
  // @ts-expect-error: a misspelled action of the application's own
  service.whoCan("archiveMesage", {});
}

export function checking(ability: Ability) {
  ability.can("pinMessage");
  ability.can("archiveMessage", "alice");
  ability.can("archiveMessage", null);
  const rows = ability.canEach(["pinMessage", "archiveMessage", "sendMessage"], ["alice", null]);
  rows.map((row): boolean => row.pinMessage || row.archiveMessage);
  // @ts-expect-error: a misspelled action of the application's own
  ability.canEach(["archiveMesage"], ["alice"]);
  ability.has("archiveAnyMessage");
  ability.explain("archiveMessage", "alice");
  // The built-in ones are there as before.
  ability.can("sendMessage");
  ability.can("deleteMessage", "alice");
  // @ts-expect-error: whose?
  ability.can("archiveMessage");
  // @ts-expect-error: a permission of the application's own is no action
  ability.can("archiveAnyMessage", "alice");
  // @ts-expect-error: a misspelled action
  ability.can("pinMesage");
}

export const named: [PlainAction, OwnedAction, Action[], Permission[]] = [
  "pinMessage",
  "archiveMessage",
  ["pinMessage", "archiveMessage"],
  ["pinMessage", "archiveAnyMessage", "archiveOwnMessage"],
];

/** The same, wherever an action is asked about. */
export function binding(ability: Ability) {
  canHook(ability, "pinMessage");
  canHook(ability, "archiveMessage", null);
  // @ts-expect-error: whose?
  canHook(ability, "archiveMessage");
  // @ts-expect-error: a misspelled action
  canHook(ability, "pinMesage");
  canRef(ability, "pinMessage");
  canRef(ability, "archiveMessage", null);
  // @ts-expect-error: whose?
  canRef(ability, "archiveMessage");
  // @ts-expect-error: a misspelled action
  canRef(ability, "pinMesage");
  canStore(ability, "pinMessage");
  canStore(ability, "archiveMessage", null);
  // @ts-expect-error: whose?
  canStore(ability, "archiveMessage");
  // @ts-expect-error: a misspelled action
  canStore(ability, "pinMesage");
  canSignal(ability, "pinMessage");
  canSignal(ability, "archiveMessage", null);
  // @ts-expect-error: whose?
  canSignal(ability, "archiveMessage");
  // @ts-expect-error: a misspelled action
  canSignal(ability, "pinMesage");
  const properties: CanProps[] = [
    { ability, action: "pinMessage" },
    { ability, action: "archiveMessage", owner: "alice" },
    // @ts-expect-error: a misspelled action
    { ability, action: "pinMesage" },
  ];
  const slim: SlimAction[] = ["pinMessage", "archiveMessage"];
  return [properties, slim];
}
