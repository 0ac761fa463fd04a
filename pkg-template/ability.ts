import { PermissionDenied } from "./errors.js";
import type { Action, Decision, OwnedAction, Permission, PlainAction } from "./model.js";
import type { State, Watched } from "./state.js";
import { callable, ownerText, sought, text } from "./text.js";

/**
 * What one user may do in one channel, or outside of any. It follows the service: after every change its answers are the
 * new ones. What it answers decides what is shown; the server still enforces.
 *
 * {@link Service.ability} makes it.
 */
export class Ability {
  readonly identity: string;
  readonly channel: string | undefined;

  readonly #state: State;
  readonly #identity: string;
  readonly #channel: string | undefined;
  readonly #listeners = new Set<() => void>();

  // What the model decided, one bit an action: on one's own things and on others', in two halves of 32 each.
  #mine = 0;
  #mineHigh = 0;
  #others = 0;
  #othersHigh = 0;
  #version = 0;
  /** The edit of the service after which the model was asked. */
  #asked = -1;
  /** The version that the listeners know. */
  #told = 0;

  /** What the service tells of its changes. */
  readonly #watched: Watched = {
    tell: (call) => {
      this.#follow();
      if (this.#told === this.#version) return;
      this.#told = this.#version;
      call(this.#listeners);
    },
  };

  /** @internal */
  constructor(state: State, identity: string, channel: string | undefined) {
    this.#state = state;
    this.identity = identity;
    this.channel = channel;
    this.#identity = sought(identity, "identity");
    this.#channel = channel === undefined ? undefined : sought(channel, "channel");
  }

  /** Changes exactly when one of the decisions changes, so two equal versions mean equal answers. */
  get version(): number {
    this.#follow();
    return this.#version;
  }

  /**
   * Whether the action is allowed. Costs a look-up or two: the model was asked once and is asked again after a change.
   *
   * @param action an action's name, in either dialect
   * @param owner for an owned action: the identity to whom the thing acted on belongs; `null` where nobody is known,
   *   which only an Any permission allows
   * @throws RolecallError `unknown-action` for a name that does not exist
   */
  can(action: PlainAction): boolean;
  can(action: OwnedAction, owner: string | null): boolean;
  can(action: Action, owner?: string | null): boolean {
    if (this.#asked !== this.#state.edits) this.#follow();
    const at = this.#state.places.get(action) ?? this.#place(action);
    // Shifting takes the low five bits of the place.
    const bits =
      owner === this.#identity ? (at < 32 ? this.#mine : this.#mineHigh) : at < 32 ? this.#others : this.#othersHigh;
    return ((bits >>> at) & 1) === 1;
  }

  /** The opposite of {@link can}. */
  cannot(action: PlainAction): boolean;
  cannot(action: OwnedAction, owner: string | null): boolean;
  cannot(action: Action, owner?: string | null): boolean {
    return !this.can(action as OwnedAction, owner as string | null);
  }

  /**
   * Whether a permission is among the effective ones, by its name in either dialect. A name that nobody knows is not.
   * Asks the model each time.
   */
  has(permission: Permission): boolean {
    const name = sought(permission, "permission");
    return this.#state.ask((core) => core.has(this.#identity, this.#channel, name));
  }

  /** The effective permissions, in the service's dialect. */
  permissions(): Permission[] {
    return this.#state.ask((core) => core.permissions(this.#identity, this.#channel));
  }

  /** Every allowed action, in the service's dialect, for menus; the owned ones as for a thing of that owner's. */
  actions(owner?: string | null): Action[] {
    return this.#state.ask((core) => core.actions(this.#identity, this.#channel, ownerText(owner)));
  }

  /**
   * The answer with its reason and a sentence to paste. Costs more than {@link can}: it looks at every role.
   *
   * @throws RolecallError `unknown-action`
   */
  explain(action: Action, owner?: string | null): Decision {
    const name = text(action, "action");
    const decision: Decision = this.#state.ask((core) =>
      core.explain(this.#identity, this.#channel, name, ownerText(owner)),
    );
    return decision;
  }

  /**
   * Returns if the action is allowed.
   *
   * @throws PermissionDenied with `status` 403 if it is not
   * @throws RolecallError `unknown-action`
   */
  require(action: Action, owner?: string | null): void {
    if (this.can(action as OwnedAction, owner as string | null)) return;
    const decision = this.explain(action, owner);
    if (!decision.allowed) throw new PermissionDenied(decision);
  }

  /**
   * Calls the listener after every change of one of this ability's decisions, and for no other change. The listener may do
   * anything, also change the service; one that throws is reported as an uncaught error and stops no other.
   *
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void {
    callable(listener, "listener");
    this.#follow();
    if (this.#listeners.size === 0) this.#told = this.#version;
    // Wrapped, so that one function may subscribe twice, and that one who comes while others wait to be told of a change
    // is not told of it.
    const known = this.#version;
    const call = () => {
      if (this.#version !== known) listener();
    };
    this.#listeners.add(call);
    this.#state.watched.add(this.#watched);
    return () => {
      this.#listeners.delete(call);
      if (this.#listeners.size === 0) this.#state.watched.delete(this.#watched);
    };
  }

  /** Asks the model again if the service has changed since. */
  #follow(): void {
    const { edits } = this.#state;
    if (this.#asked === edits) return;
    const [mine, mineHigh, others, othersHigh] = this.#state.ask((core) => core.allowed(this.#identity, this.#channel));
    const changed =
      mine !== this.#mine >>> 0 ||
      mineHigh !== this.#mineHigh >>> 0 ||
      others !== this.#others >>> 0 ||
      othersHigh !== this.#othersHigh >>> 0;
    if (changed) {
      // Signed halves are small integers to the engine more often.
      this.#mine = (mine as number) | 0;
      this.#mineHigh = (mineHigh as number) | 0;
      this.#others = (others as number) | 0;
      this.#othersHigh = (othersHigh as number) | 0;
      this.#version++;
    }
    this.#asked = edits;
  }

  #place(action: unknown): number {
    const name = text(action, "action");
    const at = this.#state.ask((core) => core.action(name));
    this.#state.places.set(name, at);
    return at;
  }
}
