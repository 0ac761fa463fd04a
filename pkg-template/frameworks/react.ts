/**
 * rolecall in React, from 16.8 on.
 *
 * @module rolecall/react
 */
"use client";

import * as React from "react";
import type { Action, ActionThatNeedsNoOwner, Decision, OwnedAction } from "../types.js";
import { decision, follow, type MaybeAbility, type Owner, permission, type Question } from "./shared.js";

/**
 * Whether the action is allowed. Renders again when this answer has changed, and for no other change.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError `unknown-action` for a name that does not exist
 */
export function useCan(ability: MaybeAbility, action: ActionThatNeedsNoOwner): boolean;
export function useCan(ability: MaybeAbility, action: OwnedAction, owner: string | null): boolean;
export function useCan(ability: MaybeAbility, action: Action, owner: Owner): boolean;
export function useCan(ability: MaybeAbility, action: Action, owner?: Owner): boolean {
  return useAnswer(permission, ability, action, owner);
}

/**
 * The decision with its sentence, for a control that is disabled and says why. Renders again when the answer, the reason
 * or the sentence has changed, and for no other change; the object is the same until then. Costs an explanation after
 * each change of the service, however many controls ask the same.
 *
 * @param ability `undefined` or `null` while there is none
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @returns `undefined` while there is no ability, and after its service was freed
 * @throws RolecallError `unknown-action` for a name that does not exist
 */
export function useDecision(ability: MaybeAbility, action: ActionThatNeedsNoOwner): Decision | undefined;
export function useDecision(ability: MaybeAbility, action: OwnedAction, owner: string | null): Decision | undefined;
export function useDecision(ability: MaybeAbility, action: Action, owner: Owner): Decision | undefined;
export function useDecision(ability: MaybeAbility, action: Action, owner?: Owner): Decision | undefined {
  return useAnswer(decision, ability, action, owner);
}

/** What {@link Can} asks and shows. */
export type CanProps = (
  | { action: ActionThatNeedsNoOwner; owner?: null }
  | { action: OwnedAction; owner: string | null }
  | { action: Action; owner: Owner }
) & {
  /** `undefined` while it is loaded; `null` if there is none. */
  ability: MaybeAbility;
  /**
   * What is shown where the action is allowed; or a function of the answer and its decision, which is called for a "no" as
   * well, but not where there is no ability to ask.
   */
  children?: React.ReactNode | ((allowed: boolean, decision: Decision) => React.ReactNode);
  /** What is shown where the action is not allowed, and where there is no ability to ask. */
  fallback?: React.ReactNode;
  /** What is shown while the ability is `undefined`; the fallback unless given. */
  loading?: React.ReactNode;
};

/**
 * Shows its children where the action is allowed, else the fallback. With a function as child it renders again like
 * {@link useDecision}, else like {@link useCan}.
 */
export function Can({ ability, action, owner, children, fallback, loading }: CanProps): React.ReactElement {
  const question: Question<boolean | Decision | undefined> = typeof children === "function" ? decision : permission;
  const answer = useAnswer(question, ability, action, owner);
  let shown = ability === undefined && loading !== undefined ? loading : fallback;
  if (typeof children !== "function") {
    if (answer === true) shown = children;
  } else if (typeof answer === "object") {
    shown = children(answer.allowed, answer);
  }
  // An element, since TypeScript before 5.1 takes no component that returns a string or a list, nor React before 18 undefined.
  return React.createElement(React.Fragment, null, shown);
}

function useAnswer<Answer>(question: Question<Answer>, ability: MaybeAbility, action: Action, owner: Owner): Answer {
  const { subscribe, current } = React.useMemo(
    () => ({
      subscribe: (listener: () => void) => follow(question, ability, action, owner, listener) ?? nothing,
      current: () => question.ask(ability, action, owner),
    }),
    [question, ability, action, owner],
  );
  return useSyncExternalStore(subscribe, current, current);
}

const nothing = () => {};

/**
 * Does for React 16 and 17, which never interrupt rendering, what `useSyncExternalStore` does since 18. React's own package
 * for this, use-sync-external-store, would be a dependency of everybody for the sake of these lines.
 *
 * @param current changes with `subscribe`
 */
function useExternalStore<Value>(subscribe: (listener: () => void) => () => void, current: () => Value): Value {
  const value = current();
  const [, render] = React.useState({});
  const shown = React.useRef(value);
  const update = () => {
    if (!Object.is(shown.current, current())) render({});
  };
  React.useEffect(() => {
    shown.current = value;
    // Effects run late: the answer may have changed since it was rendered.
    update();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `update` closes over `current`, which changes with `subscribe`
  React.useEffect(() => subscribe(update), [subscribe]);
  return value;
}

// From a copy of the namespace, where no bundler looks for the export that React 17 lacks: webpack's build fails for it.
const { useSyncExternalStore = useExternalStore }: Partial<Pick<typeof React, "useSyncExternalStore">> = { ...React };
