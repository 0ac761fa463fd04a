/**
 * rolecall in React 18 and 19.
 *
 * @module rolecall/react
 */
"use client";

import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import { type Asked, answer, followed } from "./shared.js";
import type { Action, OwnedAction, PlainAction } from "../model.js";

/**
 * Whether the action is allowed. Renders again when this answer has changed, and for no other change.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError `unknown-action` for a name that does not exist
 */
export function useCan(ability: Asked, action: PlainAction): boolean;
export function useCan(ability: Asked, action: OwnedAction, owner: string | null): boolean;
export function useCan(ability: Asked, action: Action, owner?: string | null): boolean {
  const subscribe = useCallback(
    (listener: () => void) => followed(ability, action, owner, listener) ?? nothing,
    [ability, action, owner],
  );
  const current = () => answer(ability, action, owner);
  return useSyncExternalStore(subscribe, current, current);
}

/** What {@link Can} asks and shows. */
export type CanProps = ({ action: PlainAction; owner?: null } | { action: OwnedAction; owner: string | null }) & {
  /** `undefined` or `null` while there is none: not allowed. */
  ability: Asked;
  /** What is shown where it is allowed; or a function that gets the answer, whichever it is. */
  children?: ReactNode | ((allowed: boolean) => ReactNode);
  /** What is shown where it is not allowed. */
  fallback?: ReactNode;
};

/** Shows its children where the action is allowed, else the fallback. See {@link useCan}. */
export function Can({ ability, action, owner, children, fallback }: CanProps): ReactNode {
  const allowed = useCan(ability, action as OwnedAction, owner ?? null);
  if (typeof children === "function") return children(allowed);
  return allowed ? children : fallback;
}

const nothing = () => {};
