/**
 * rolecall in Vue 3.
 *
 * @module rolecall/vue
 */
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onBeforeMount,
  shallowRef,
  toValue,
  triggerRef,
  watch,
} from "vue";
import { type Asked, answer, followed } from "./shared.js";
import type { Action, OwnedAction, PlainAction } from "../model.js";

/**
 * A ref of whether the action is allowed. What uses it is updated when this answer has changed, and for no other change.
 * Stops with the component or the effect scope it is called in. Each argument may be a ref or a getter.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the value is read: `unknown-action` for a name that does not exist
 */
export function useCan(ability: MaybeRefOrGetter<Asked>, action: MaybeRefOrGetter<PlainAction>): ComputedRef<boolean>;
export function useCan(
  ability: MaybeRefOrGetter<Asked>,
  action: MaybeRefOrGetter<OwnedAction>,
  owner: MaybeRefOrGetter<string | null>,
): ComputedRef<boolean>;
export function useCan(
  ability: MaybeRefOrGetter<Asked>,
  action: MaybeRefOrGetter<Action>,
  owner?: MaybeRefOrGetter<string | null>,
): ComputedRef<boolean> {
  const current = shallowRef<Asked>();
  const follow = () =>
    watch(
      () => [toValue(ability), toValue(action), toValue(owner)] as const,
      ([asked, what, whose], _, onCleanup) => {
        current.value = asked;
        const stop = followed(asked, what, whose, () => triggerRef(current));
        if (stop) onCleanup(stop);
      },
      { immediate: true, flush: "sync" },
    );
  // On a server nothing is mounted, and nothing would ever end it.
  if (getCurrentInstance()) onBeforeMount(follow);
  else follow();

  return computed(() => {
    // Asked for so that this is computed again when the ability tells of a change.
    current.value;
    return answer(toValue(ability), toValue(action), toValue(owner));
  });
}
