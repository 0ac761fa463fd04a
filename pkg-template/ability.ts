import { callable, elements, notAnOwner, optionalString, owner as ownerOf, string } from "./arguments.js";
import type { LiveCore } from "./core.js";
import { type Answer, type Decisions, noDecisions, RowCache, type Rows } from "./decisions.js";
import { PermissionDenied } from "./errors.js";
import { type Changes, changes, isGone, whenGone } from "./symbols.js";
import type { Action, ActionThatNeedsNoOwner, Answers, Decision, OwnedAction, Permission } from "./types.js";

/** Subscribes a listener to the decisions of an ability; see {@link Ability.subscribe}. */
export interface SubscribeToAbility {
  (listener: () => void): () => void;
  (listener: () => void, action: ActionThatNeedsNoOwner): () => void;
  (listener: () => void, action: Action, owner: string | null | undefined): () => void;
}

/**
 * What one user may do in one channel, or outside of any. It follows the service: after each change it answers anew. Its
 * answers decide what is shown; the server still enforces.
 *
 * {@link Service.ability} makes it. Each call may throw a `RolecallError`: `invalid-argument` for an argument of another type,
 * `invalid-string` for a string with a lone surrogate, `too-large` for one of more than 65,536 UTF-16 units, each with the
 * argument's name as path; `freed` after the service was freed; and `broken` after memory ran out.
 *
 * An owner is the identity to whom the thing acted on belongs, such as a message's author. `null` and `undefined` are nobody,
 * as is a string that no user can be called: then only an Any permission allows the action.
 */
export class Ability {
  /** @internal */
  private decisions: Decisions;
  /** @internal */
  private readonly self: string;
  /** @internal */
  private readonly core: LiveCore;
  /** @internal */
  private readonly channelRef: string | undefined;
  /** The version of the service at which the model was asked. @internal */
  private askedAt: number;
  /** @internal */
  private count: number;
  /** @internal */
  private readonly rows: RowCache;

  /** @internal */
  constructor(core: LiveCore, identity: string, channel: string | undefined) {
    // What each check looks at comes first, so that it lies together in memory.
    this.decisions = noDecisions;
    this.self = string(identity, "identity");
    this.core = core;
    this.channelRef = optionalString(channel, "channel");
    this.askedAt = -1;
    this.count = 0;
    this.rows = new RowCache();
    this.subscribe = (listener: () => void, action?: Action, owner?: string | null) => {
      callable(listener, "listener");
      ownerOf(owner);
      const current = action === undefined ? () => this.key() : () => this.can(action, owner);
      return core.listeners.add(() => listener(), current);
    };
  }

  /** Not that of a plain object: what wraps those, such as Vue's reactivity, leaves this one alone. @internal */
  get [Symbol.toStringTag](): string {
    return "Ability";
  }

  /** The user whom the answers are about. */
  get identity(): string {
    return this.self;
  }

  /**
   * The channel where it acts, by its SID or unique name, as it was passed; `undefined` outside of any. It is looked up again
   * after each change of the service.
   */
  get channel(): string | undefined {
    return this.channelRef;
  }

  /** Changes exactly when a decision of this ability changes, so two equal versions mean equal answers. Asks the model once a change. */
  get version(): number {
    this.follow();
    return this.count;
  }

  /**
   * Whether the action is allowed. Costs a lookup or two: the model is asked once for each action, and again after a change.
   *
   * @param action an action's name, in either dialect
   * @param owner for an owned action: to whom the thing acted on belongs
   * @returns `true` if it is allowed; `false` if not, or if anything it depends on is not known
   * @throws RolecallError `unknown-action` for a name that does not exist; `invalid-argument` with path `owner`
   */
  can(action: ActionThatNeedsNoOwner): boolean;
  can(action: Action, owner: string | null | undefined): boolean;
  can(action: Action, owner?: string | null): boolean {
    let answer = this.decisions.get(action);
    if (answer === undefined) answer = this.decide(action);
    if (typeof owner !== "string" && owner !== null && owner !== undefined) throw notAnOwner(owner);
    return answer === true || (answer === null && owner === this.self);
  }

  /**
   * The opposite of {@link can}, at the same cost.
   *
   * @param action an action's name, in either dialect
   * @param owner for an owned action: to whom the thing acted on belongs
   * @returns `true` if it is not allowed
   * @throws RolecallError as {@link can}
   */
  cannot(action: ActionThatNeedsNoOwner): boolean;
  cannot(action: Action, owner: string | null | undefined): boolean;
  cannot(action: Action, owner?: string | null): boolean {
    return !this.can(action, owner);
  }

  /**
   * Answers several actions for many things at once: a list of messages, each with its buttons. Costs a comparison of two
   * strings for each owner.
   *
   * ```ts
   * const rows = alice.canEach(["editMessage", "deleteMessage"], messages.map((message) => message.author));
   * rows[0].deleteMessage; // for the first message
   * ```
   *
   * Rows are frozen and reused: a list of actions has one row for all things of one's own and one for all others, each the
   * same object until an answer in it changes. So `React.memo` and its like skip unchanged ones.
   *
   * @param actions names of actions, owned or not, in either dialect
   * @param owners for each thing to whom it belongs
   * @returns a row for each owner, in their order, with `true` or `false` for each of the actions and nothing else
   * @throws RolecallError `unknown-action` for a name that does not exist; `invalid-argument` for what is no list, and with a
   *   path such as `owners[3]` for what is no owner; `too-large` for a list of more than 16,777,216 elements
   */
  canEach<Name extends Action>(actions: readonly Name[], owners: readonly (string | null)[]): Answers<Name>[] {
    const names = elements(actions, "actions");
    const whose = elements(owners, "owners");
    // Only now that all is read: a getter may have changed the service.
    const { own, others } = this.rowsOf(names);
    const { self } = this;
    return whose.map((owner, index) => {
      if (typeof owner !== "string" && owner !== null && owner !== undefined)
        throw notAnOwner(owner, `owners[${index}]`);
      return (owner === self ? own : others) as Answers<Name>;
    });
  }

  /**
   * Whether a permission is among the effective ones, whatever the state of the channel. Asks the model each time.
   *
   * @param permission a permission's name, in either dialect or of the application's own; a name that nobody knows is `false`
   */
  has(permission: Permission): boolean {
    const name = string(permission, "permission");
    return this.core.ask((core) => core.has(this.self, this.channelRef, name));
  }

  /**
   * The effective permissions: those of the user's service role, and in a channel also those of the member's role there. Asks
   * the model each time.
   *
   * @returns their names in the service's dialect
   */
  permissions(): Permission[] {
    return this.core.ask((core) => core.permissions(this.self, this.channelRef) as Permission[]);
  }

  /**
   * Every allowed action, for menus. Asks the model each time, for a decision an action.
   *
   * @param owner to whom the thing acted on belongs
   * @returns their names in the service's dialect
   */
  actions(owner?: string | null): Action[] {
    const whose = ownerOf(owner);
    return this.core.ask((core) => core.actions(this.self, this.channelRef, whose) as Action[]);
  }

  /**
   * The answer with its reason, and a sentence for a support person. Asks the model each time, and costs more than
   * {@link can}: it looks at every role.
   *
   * @param action an action's name, in either dialect
   * @param owner for an owned action: to whom the thing acted on belongs
   * @throws RolecallError as {@link can}
   */
  explain(action: ActionThatNeedsNoOwner): Decision;
  explain(action: Action, owner: string | null | undefined): Decision;
  explain(action: Action, owner?: string | null): Decision {
    const name = string(action, "action");
    const whose = ownerOf(owner);
    return this.core.ask((core) => core.explain(this.self, this.channelRef, name, whose));
  }

  /**
   * Returns if the action is allowed. Costs as much as {@link can}, and as {@link explain} if it is not allowed.
   *
   * @param action an action's name, in either dialect
   * @param owner for an owned action: to whom the thing acted on belongs
   * @throws PermissionDenied with `status` 403 and the decision, if it is not allowed
   * @throws RolecallError as {@link can}
   */
  require(action: ActionThatNeedsNoOwner): void;
  require(action: Action, owner: string | null | undefined): void;
  require(action: Action, owner?: string | null): void {
    if (this.can(action, owner)) return;
    const decision = this.explain(action, owner);
    if (!decision.allowed) throw new PermissionDenied(decision);
  }

  /**
   * Calls the listener after each change of a decision of this ability, and after no other change; with an action, only after
   * a change of the answer to this one question. It works detached: `useSyncExternalStore(ability.subscribe, …)`. A change
   * costs a question to the model for each ability that is listened to.
   *
   * The listener may do anything, also change the service. One that throws is reported as an uncaught error and stops no other.
   *
   * @param listener is called without arguments
   * @param action an action's name, in either dialect
   * @param owner for an owned action: to whom the thing acted on belongs
   * @returns a function that ends it
   * @throws RolecallError `invalid-argument` for what is no function, with path `listener`; else as {@link can}
   */
  readonly subscribe: SubscribeToAbility;

  /** @internal */
  get [isGone](): boolean {
    return this.core.isGone;
  }

  /** @internal */
  [whenGone](listener: () => void): () => void {
    callable(listener, "listener");
    return this.core.listeners.addEnd(listener);
  }

  /** @internal */
  get [changes](): Changes {
    return this.core;
  }

  /** Equal while all decisions are. @internal */
  private key(): string {
    this.follow();
    return this.decisions.key;
  }

  /** Asks the model again if the service has changed since. @internal */
  private follow(): void {
    const { core } = this;
    if (this.askedAt === core.version) return;
    const decisions = core.decisions(core.ask((model) => model.allowed(this.self, this.channelRef)));
    if (decisions.key !== this.decisions.key) this.count++;
    this.decisions = decisions;
    this.askedAt = core.version;
  }

  /** Asks the model which bit an action has: once for each name and each set of decisions. @internal */
  private decide(action: unknown): Answer {
    this.follow();
    const name = string(action, "action");
    return this.decisions.add(
      name,
      this.core.ask((core) => core.action(name)),
    );
  }

  /** @internal */
  private rowsOf(names: readonly unknown[]): Rows {
    this.follow();
    return this.rows.get(names, this.count, (name, isOwn) => this.can(name as OwnedAction, isOwn ? this.self : null));
  }
}

/** A reference that does not keep an ability from being collected, where the engine has such. */
interface Reference {
  deref(): Ability | undefined;
}

const reference = (ability: Ability): Reference =>
  typeof WeakRef === "function" ? new WeakRef(ability) : { deref: () => ability };

/** The abilities of a service: the same object for the same arguments, for as long as somebody holds it. @internal */
export class Abilities {
  private readonly core: LiveCore;
  /** By identity, then by channel. */
  private readonly references = new Map<string, Map<string | undefined, Reference>>();
  private readonly collected =
    typeof FinalizationRegistry === "function"
      ? new FinalizationRegistry((key: [string, string | undefined]) => this.remove(...key))
      : undefined;

  constructor(core: LiveCore) {
    this.core = core;
  }

  get(identity: string, channel: string | undefined): Ability {
    const known = this.references.get(identity)?.get(channel)?.deref();
    if (known !== undefined) return known;
    const ability = new Ability(this.core, identity, channel);
    const channels = this.references.get(identity) ?? new Map<string | undefined, Reference>();
    this.references.set(identity, channels.set(channel, reference(ability)));
    this.collected?.register(ability, [identity, channel]);
    return ability;
  }

  /** Removes an ability that was collected, unless a new one has taken its place. */
  private remove(identity: string, channel: string | undefined): void {
    const channels = this.references.get(identity);
    if (channels?.get(channel)?.deref() !== undefined) return;
    channels?.delete(channel);
    if (channels?.size === 0) this.references.delete(identity);
  }
}
