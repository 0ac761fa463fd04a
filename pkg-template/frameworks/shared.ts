import type { Ability } from "../ability.js";
import { isGone, whenGone } from "../gone.js";
import type { Action, OwnedAction } from "../model.js";

/** Whose permissions a control depends on: nobody's while they are still to come, who may nothing. */
export type Asked = Ability | null | undefined;

/** What a control shows. */
export const answer = (ability: Asked, action: Action, owner: string | null | undefined): boolean =>
  isThere(ability) && ability.can(action as OwnedAction, owner ?? null);

/** Whether there is somebody to ask: a service that was freed allows nothing, and must not end what is drawn. */
export const isThere = (ability: Asked): ability is Ability =>
  ability !== null && ability !== undefined && !ability[isGone];

/** Calls when the answer has become another, or there are none any more. Gives the function that ends it. */
export function followed(
  ability: Asked,
  action: Action,
  owner: string | null | undefined,
  listener: () => void,
): (() => void) | undefined {
  if (!isThere(ability)) return undefined;
  // An ability that a test made up may have `subscribe` alone.
  const stops = [ability.subscribe(listener, action as OwnedAction, owner ?? null), ability[whenGone]?.(listener)];
  return () => {
    for (const stop of stops) stop?.();
  };
}
