// What the bindings of all frameworks share: what a control asks, and when the answer may have become another.
import type { Ability } from "../ability.js";
import { changes, isGone, whenGone } from "../symbols.js";
import type { Action, Decision, OwnedAction } from "../types.js";

/** The ability that a control asks. `undefined` or `null` while there is none: nothing is allowed. */
export type MaybeAbility = Ability | null | undefined;

/** To whom the thing acted on belongs; nobody unless given. */
export type Owner = string | null | undefined;

/** What a control asks of an ability, again and again. */
export interface Question<Answer> {
  /** The answer: the same value until it changes. */
  ask(ability: MaybeAbility, action: Action, owner: Owner): Answer;
  /** Calls the listener whenever the answer may have changed; returns the function that unsubscribes. */
  subscribe(ability: Ability, action: Action, owner: Owner, listener: () => void): () => void;
}

/** Whether the action is allowed. */
export const permission: Question<boolean> = {
  // Nothing but `true` is a yes, also where something else stands in the place of an ability.
  ask: (ability, action, owner) => hasAnswers(ability) && ability.can(action as OwnedAction, owner ?? null) === true,
  subscribe: (ability, action, owner, listener) => ability.subscribe(listener, action as OwnedAction, owner ?? null),
};

/** The decision with its sentence; `undefined` while there is nobody to ask. */
export const decision: Question<Decision | undefined> = {
  ask: (ability, action, owner) => (hasAnswers(ability) ? decide(ability, action, owner ?? null) : undefined),
  // A sentence may change where no answer of the ability does. An ability that a test made up may have `subscribe` alone.
  subscribe: (ability, _action, _owner, listener) => (ability[changes] ?? ability).subscribe(listener),
};

/** Whether there is anybody to ask. After `free()` nothing is allowed, and what draws a page must not throw for it. */
export const hasAnswers = (ability: MaybeAbility): ability is Ability =>
  ability !== null && ability !== undefined && !ability[isGone];

/**
 * Calls the listener whenever the answer may have changed, and when there are no answers any more. Returns the function
 * that unsubscribes, or `undefined` where there is nobody to ask.
 */
export function follow(
  question: Question<unknown>,
  ability: MaybeAbility,
  action: Action,
  owner: Owner,
  listener: () => void,
): (() => void) | undefined {
  if (!hasAnswers(ability)) return undefined;
  const stops = [question.subscribe(ability, action, owner, listener), ability[whenGone]?.(listener)];
  return () => {
    for (const stop of stops) stop?.();
  };
}

/** A decision, and the version of the service for which it was explained. */
interface Explained {
  version: number | undefined;
  decision: Decision;
}

const explained = new WeakMap<Ability, Map<string, Explained>>();

/** A page may show ever more things, each somebody else's: beyond so many decisions of one ability it begins anew. */
const mostDecisions = 100_000;

/**
 * Explains once for each version of the service, however many controls ask, and returns the known object as long as
 * nothing in it has changed.
 */
function decide(ability: Ability, action: Action, owner: string | null): Decision {
  // Whatever else is passed is refused, and must not be written down before that.
  if (typeof action !== "string" || (owner !== null && typeof owner !== "string"))
    return ability.explain(action, owner);
  let decisions = explained.get(ability);
  if (decisions === undefined || decisions.size > mostDecisions) {
    decisions = new Map();
    explained.set(ability, decisions);
  }
  const key = JSON.stringify([action, owner]);
  const known = decisions.get(key);
  const version = ability[changes]?.version;
  if (known !== undefined && version !== undefined && known.version === version) return known.decision;

  const found = ability.explain(action, owner);
  const isSame = known !== undefined && JSON.stringify(known.decision) === JSON.stringify(found);
  const decision = isSame ? known.decision : found;
  decisions.set(key, { version, decision });
  return decision;
}
