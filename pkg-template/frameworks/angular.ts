/**
 * rolecall in Angular: signals, with or without zones.
 *
 * @module rolecall/angular
 */
import { computed, effect, type Signal, signal, untracked } from "@angular/core";
import { type Asked, answer, followed } from "./shared.js";
import type { Action, OwnedAction, PlainAction } from "../model.js";

/** A value, or a signal or another function that gives it. */
export type Given<Value extends string | object | null | undefined> = Value | (() => Value);

/**
 * A signal of whether the action is allowed. What reads it is updated when this answer has changed, and for no other
 * change. To be called where `inject` may be, such as a component's field; it stops with what it is called in.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the signal is read: `unknown-action` for a name that does not exist
 */
export function can(ability: Given<Asked>, action: Given<PlainAction>): Signal<boolean>;
export function can(ability: Given<Asked>, action: Given<OwnedAction>, owner: Given<string | null>): Signal<boolean>;
export function can(ability: Given<Asked>, action: Given<Action>, owner: Given<string | null> = null): Signal<boolean> {
  const ask = () => answer(read(ability), read(action), read(owner));
  const changes = signal(0);
  const allowed = computed(() => {
    changes();
    return ask();
  });
  // Angular updates a view whose signal was set, also where what was computed from it stayed the same.
  const follow = () =>
    untracked(() => {
      if (allowed() !== ask()) changes.update((count) => count + 1);
    });
  effect((onCleanup) => {
    const stop = followed(read(ability), read(action), read(owner), follow);
    if (stop === undefined) return;
    onCleanup(stop);
    // Effects run late: it may have changed since it was first asked.
    follow();
  });
  return allowed;
}

const read = <Value extends string | object | null | undefined>(given: Given<Value>): Value =>
  typeof given === "function" ? given() : given;
