/**
 * rolecall in Svelte: readable stores, for `$`.
 *
 * @module rolecall/svelte
 */
import { type Asked, answer, followed } from "./shared.js";
import type { Action, OwnedAction, PlainAction } from "../model.js";

/** What Svelte's own `Readable<boolean>` is, without a need of Svelte. */
export interface Answer {
  /** Calls with the answer at once and whenever it has changed; gives the function that ends it. */
  subscribe(this: void, run: (allowed: boolean) => void): () => void;
}

/**
 * A store of whether the action is allowed. It listens while somebody is subscribed to it.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError on subscribing: `unknown-action` for a name that does not exist
 */
export function can(ability: Asked, action: PlainAction): Answer;
export function can(ability: Asked, action: OwnedAction, owner: string | null): Answer;
export function can(ability: Asked, action: Action, owner?: string | null): Answer {
  return {
    subscribe(run) {
      let known = answer(ability, action, owner);
      const stop = followed(ability, action, owner, () => {
        const allowed = answer(ability, action, owner);
        // Nothing may have been allowed before the service was freed, either.
        if (allowed === known) return;
        known = allowed;
        run(known);
      });
      run(known);
      return () => stop?.();
    },
  };
}
