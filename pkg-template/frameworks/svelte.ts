/**
 * rolecall in Svelte: readable stores, for `$`.
 *
 * @module rolecall/svelte
 */
import type { Action, ActionThatNeedsNoOwner, Decision, OwnedAction } from "../types.js";
import {
  decision as decisionQuestion,
  follow,
  type MaybeAbility,
  type Owner,
  permission,
  type Question,
} from "./shared.js";

/** What Svelte's own `Readable` is, so that the types need no Svelte. */
export interface Readable<Value> {
  /** Calls with the value at once and whenever it has changed; returns the function that unsubscribes. */
  subscribe(this: void, run: (value: Value) => void): () => void;
}

/**
 * A store of whether the action is allowed. It listens while somebody is subscribed to it.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError on subscribing: `unknown-action` for a name that does not exist
 */
export function can(ability: MaybeAbility, action: ActionThatNeedsNoOwner): Readable<boolean>;
export function can(ability: MaybeAbility, action: OwnedAction, owner: string | null): Readable<boolean>;
export function can(ability: MaybeAbility, action: Action, owner: Owner): Readable<boolean>;
export function can(ability: MaybeAbility, action: Action, owner?: Owner): Readable<boolean> {
  return store(permission, ability, action, owner);
}

/**
 * A store of the decision with its sentence, for a control that is disabled and says why. It listens while somebody is
 * subscribed to it, and calls when the answer, the reason or the sentence has changed; the object is the same until then.
 * Costs an explanation after each change of the service, however many controls ask the same.
 *
 * @param ability `undefined` or `null` while there is none: the store's value is `undefined`, as after its service was freed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError on subscribing: `unknown-action` for a name that does not exist
 */
export function decision(ability: MaybeAbility, action: ActionThatNeedsNoOwner): Readable<Decision | undefined>;
export function decision(
  ability: MaybeAbility,
  action: OwnedAction,
  owner: string | null,
): Readable<Decision | undefined>;
export function decision(ability: MaybeAbility, action: Action, owner: Owner): Readable<Decision | undefined>;
export function decision(ability: MaybeAbility, action: Action, owner?: Owner): Readable<Decision | undefined> {
  return store(decisionQuestion, ability, action, owner);
}

function store<Answer>(
  question: Question<Answer>,
  ability: MaybeAbility,
  action: Action,
  owner: Owner,
): Readable<Answer> {
  return {
    subscribe(run) {
      let known = question.ask(ability, action, owner);
      const stop = follow(question, ability, action, owner, () => {
        const answer = question.ask(ability, action, owner);
        if (answer === known) return;
        known = answer;
        run(answer);
      });
      run(known);
      return () => stop?.();
    },
  };
}
