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
import type { Action, ActionThatNeedsNoOwner, Decision, OwnedAction } from "../types.js";
import { decision, follow, type MaybeAbility, type Owner, permission, type Question } from "./shared.js";

/**
 * A ref of whether the action is allowed. What uses it is updated when this answer has changed, and for no other change.
 * Stops with the component or the effect scope it is called in. Each argument may be a ref or a getter.
 *
 * @param ability `undefined` or `null` while there is none: not allowed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the value is read: `unknown-action` for a name that does not exist
 */
export function useCan(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<ActionThatNeedsNoOwner>,
): ComputedRef<boolean>;
export function useCan(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<OwnedAction>,
  owner: MaybeRefOrGetter<string | null>,
): ComputedRef<boolean>;
export function useCan(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<Action>,
  owner: MaybeRefOrGetter<Owner>,
): ComputedRef<boolean>;
export function useCan(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<Action>,
  owner?: MaybeRefOrGetter<Owner>,
): ComputedRef<boolean> {
  return useAnswer(permission, ability, action, owner);
}

/**
 * A ref of the decision with its sentence, for a control that is disabled and says why. What uses it is updated when the
 * answer, the reason or the sentence has changed; the object is the same until then. Costs an explanation after each
 * change of the service, however many controls ask the same. Stops like {@link useCan}.
 *
 * @param ability `undefined` or `null` while there is none: the value is `undefined`, as after its service was freed
 * @param action an action's name, in either dialect
 * @param owner for an owned action: the identity to whom the thing acted on belongs, or `null`
 * @throws RolecallError when the value is read: `unknown-action` for a name that does not exist
 */
export function useDecision(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<ActionThatNeedsNoOwner>,
): ComputedRef<Decision | undefined>;
export function useDecision(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<OwnedAction>,
  owner: MaybeRefOrGetter<string | null>,
): ComputedRef<Decision | undefined>;
export function useDecision(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<Action>,
  owner: MaybeRefOrGetter<Owner>,
): ComputedRef<Decision | undefined>;
export function useDecision(
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<Action>,
  owner?: MaybeRefOrGetter<Owner>,
): ComputedRef<Decision | undefined> {
  return useAnswer(decision, ability, action, owner);
}

function useAnswer<Answer>(
  question: Question<Answer>,
  ability: MaybeRefOrGetter<MaybeAbility>,
  action: MaybeRefOrGetter<Action>,
  owner: MaybeRefOrGetter<Owner>,
): ComputedRef<Answer> {
  const followed = shallowRef<MaybeAbility>();
  const start = () =>
    watch(
      () => [toValue(ability), toValue(action), toValue(owner)] as const,
      ([newAbility, newAction, newOwner], _, onCleanup) => {
        followed.value = newAbility;
        const stop = follow(question, newAbility, newAction, newOwner, () => triggerRef(followed));
        if (stop) onCleanup(stop);
      },
      { immediate: true, flush: "sync" },
    );
  // On a server nothing is mounted, and nothing would ever end it.
  if (getCurrentInstance()) onBeforeMount(start);
  else start();

  return computed(() => {
    // Read so that this is computed again when the answer may have changed.
    followed.value;
    return question.ask(toValue(ability), toValue(action), toValue(owner));
  });
}
