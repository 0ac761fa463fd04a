/**
 * rolecall in Angular: signals, with or without zones.
 *
 * @module rolecall/angular
 */
import { computed, effect, type Signal, signal, untracked } from "@angular/core";
import type { Action, ActionThatNeedsNoOwner, Decision, OwnedAction } from "../types.js";
import {
  decision as decisionQuestion,
  follow,
  type MaybeAbility,
  type Owner,
  permission,
  type Question,
} from "./shared.js";

/** A value, or a signal or another function that returns it. */
export type MaybeSignal<Value extends string | object | null | undefined> = Value | (() => Value);

/**
 * A signal of whether the action is allowed. What reads it is updated when this answer has changed, and for no other
 * change. Call it where `inject` may be called, such as in a component's field; it stops with that component.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the signal is read: `unknown-action` for a name that does not exist
 */
export function can(ability: MaybeSignal<MaybeAbility>, action: MaybeSignal<ActionThatNeedsNoOwner>): Signal<boolean>;
export function can(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<OwnedAction>,
  owner: MaybeSignal<string | null>,
): Signal<boolean>;
export function can(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<Action>,
  owner: MaybeSignal<Owner>,
): Signal<boolean>;
export function can(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<Action>,
  owner?: MaybeSignal<Owner>,
): Signal<boolean> {
  return answer(permission, ability, action, owner);
}

/**
 * A signal of the decision with its sentence, for a control that is disabled and says why. What reads it is updated when
 * the answer, the reason or the sentence has changed; the object is the same until then. Costs an explanation after each
 * change of the service, however many controls ask the same. Call it where {@link can} may be called.
 *
 * @param ability `undefined` or `null` while there is none: the signal's value is `undefined`, as after its service was freed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the signal is read: `unknown-action` for a name that does not exist
 */
export function decision(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<ActionThatNeedsNoOwner>,
): Signal<Decision | undefined>;
export function decision(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<OwnedAction>,
  owner: MaybeSignal<string | null>,
): Signal<Decision | undefined>;
export function decision(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<Action>,
  owner: MaybeSignal<Owner>,
): Signal<Decision | undefined>;
export function decision(
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<Action>,
  owner?: MaybeSignal<Owner>,
): Signal<Decision | undefined> {
  return answer(decisionQuestion, ability, action, owner);
}

function answer<Answer>(
  question: Question<Answer>,
  ability: MaybeSignal<MaybeAbility>,
  action: MaybeSignal<Action>,
  owner: MaybeSignal<Owner>,
): Signal<Answer> {
  const ask = () => question.ask(read(ability), read(action), read(owner));
  const changes = signal(0);
  const current = computed(() => {
    changes();
    return ask();
  });
  // Angular updates a view whose signal was set, also where what was computed from it stayed the same.
  const update = () =>
    untracked(() => {
      if (current() !== ask()) changes.update((count) => count + 1);
    });
  effect((onCleanup) => {
    const stop = follow(question, read(ability), read(action), read(owner), update);
    if (stop === undefined) return;
    onCleanup(stop);
    // Effects run late: the answer may have changed since it was first asked.
    update();
  });
  return current;
}

const read = <Value extends string | object | null | undefined>(value: MaybeSignal<Value>): Value =>
  typeof value === "function" ? value() : value;
