import type { Ability } from "./ability.js";
import type { Action, OwnedAction } from "./model.js";

/** Whose permissions a control depends on: nobody's while they are still to come, who may nothing. */
export type Asked = Ability | null | undefined;

/** What a control shows. */
export const answer = (ability: Asked, action: Action, owner: string | null | undefined): boolean =>
  ability?.can(action as OwnedAction, owner ?? null) ?? false;

/** Calls when the answer has become another. Gives the function that ends it; without an ability there is nothing to end. */
export const followed = (
  ability: Asked,
  action: Action,
  owner: string | null | undefined,
  listener: () => void,
): (() => void) | undefined => ability?.subscribe(listener, action as OwnedAction, owner ?? null);
