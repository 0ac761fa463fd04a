import type { Ability } from "./ability.js";
import type { Action, OwnedAction } from "./model.js";

/** Whose permissions a control depends on: nobody's while they are still to come, who may nothing. */
export type Asked = Ability | null | undefined;

/** What a control shows. */
export const answer = (ability: Asked, action: Action, owner: string | null | undefined): boolean =>
  ability?.can(action as OwnedAction, owner ?? null) ?? false;
