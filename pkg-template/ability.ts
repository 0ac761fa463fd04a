import { PermissionDenied } from "./errors.js";
import { isGone, whenGone } from "./gone.js";
import type { Action, Answers, Decision, OwnedAction, Permission, PlainAction } from "./model.js";
import * as operation from "./operation.js";
import type { State, Watched } from "./state.js";
import { callable, elements, ownerText, sought, text } from "./text.js";

/** Whether an action is allowed on anybody's things; `null` is on one's own alone. No numbers, since an engine compares these quicker. */
type Answer = boolean | null;
const ownAlone = null;

/** The two rows of which the answers of {@link Ability.canEach} consist, and the actions in them. */
interface Rows {
  readonly actions: readonly unknown[];
  readonly own: object;
  readonly others: object;
}

/**
 * What the model decided, by the names of actions that were asked for. All for whom it decided the same share it, until the
 * next edit empties it.
 */
export class Decisions extends Map<unknown, Answer> {
  /** What `operation.answers` gives: a bit an action, at the action's place in two words for others' things, and in two for one's own. */
  readonly bits: readonly number[];
  /** The same in one. */
  readonly key: string;
  /** For the actions that were last asked for together. */
  rows: Rows | undefined;

  constructor(bits: readonly number[], key: string) {
    super();
    this.bits = bits;
    this.key = key;
  }
}

/** Who is told when an answer of an ability changes. */
class Listeners implements Watched {
  readonly #ability: Ability;
  readonly #calls = new Set<() => void>();
  /** The version at which all of them were told what concerns them. */
  #told = 0;

  constructor(ability: Ability) {
    this.#ability = ability;
  }

  /** @param current gives what the listener wants to be told of when it has become another */
  add(state: State, listener: () => void, current: () => unknown): () => void {
    // Each keeps what it knows: one function may subscribe twice, one who comes while others wait to be told of a change is
    // not told of it, and what was changed and changed back is no change.
    let known = current();
    if (this.#calls.size === 0) this.#told = this.#ability.version;
    const call = () => {
      const found = current();
      if (found === known) return;
      known = found;
      listener();
    };
    this.#calls.add(call);
    state.watched.add(this);
    return () => {
      this.#calls.delete(call);
      if (this.#calls.size === 0) state.watched.delete(this);
    };
  }

  tell(call: (listeners: Set<() => void>) => void): void {
    const { version } = this.#ability;
    if (this.#told === version) return;
    this.#told = version;
    call(this.#calls);
  }
}

/**
 * What one user may do in one channel, or outside of any. It follows the service: after every change its answers are the
 * new ones. What it answers decides what is shown; the server still enforces.
 *
 * {@link Service.ability} makes it.
 */
export class Ability {
  // What every check looks at comes first, so that it lies together in memory.
  #decisions = nothing;
  readonly #identity: string;
  /** The edit of the service after which the model was asked. */
  #asked = -1;
  readonly #state: State;

  readonly #channel: string | undefined;
  /** Whose answers these are, as it was given. */
  readonly identity: string;
  /** The SID of the channel where it acts, as it was given; `undefined` outside of any. */
  readonly channel: string | undefined;
  #version = 0;
  #listeners: Listeners | undefined;

  /** @internal */
  constructor(state: State, identity: string, channel: string | undefined) {
    this.#state = state;
    this.identity = identity;
    this.channel = channel;
    this.#identity = sought(identity, "identity");
    this.#channel = channel === undefined ? undefined : sought(channel, "channel");
  }

  /** No plain object: what wraps those, such as Vue's reactivity, would cut it off from its private parts. */
  get [Symbol.toStringTag](): string {
    return "Ability";
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
    let answer = this.#decisions.get(action);
    if (answer === undefined) answer = this.#decide(action);
    return answer === true || (answer === ownAlone && owner === this.#identity);
  }

  /**
   * The opposite of {@link can}, at the same cost.
   *
   * @param action an action's name, in either dialect
   * @param owner as for {@link can}
   * @throws RolecallError `unknown-action` for a name that does not exist
   */
  cannot(action: PlainAction): boolean;
  cannot(action: OwnedAction, owner: string | null): boolean;
  cannot(action: Action, owner?: string | null): boolean {
    return !this.can(action as OwnedAction, owner as string | null);
  }

  /**
   * Answers several actions for many things at once: a list of messages, each with its buttons. A row is an object with
   * `true` or `false` under each action asked for, and nothing else. Costs a comparison of two texts a row.
   *
   * ```ts
   * const rows = alice.canEach(["editMessage", "deleteMessage"], messages.map((message) => message.author));
   * rows[0].deleteMessage; // for the first message
   * ```
   *
   * There are two rows, one for all things of one's own and one for all others, frozen. The next call with the same actions
   * gives the same two until an answer changes, so that a list which compares what it is given draws nothing anew.
   *
   * @param actions names of actions, owned or not, in either dialect
   * @param owners for each thing the identity to whom it belongs; `null` where nobody is known, as for {@link can}
   * @returns a row for each owner, in their order
   * @throws RolecallError `unknown-action` for a name that does not exist; `invalid-argument` for what is no list; `too-large` for
   *   a list of more than 16,777,216
   */
  canEach<const Name extends Action>(actions: readonly Name[], owners: readonly (string | null)[]): Answers<Name>[] {
    const names = elements(actions, "actions", (name) => name);
    const areOwn = elements(owners, "owners", (owner) => owner === this.#identity);
    // Only now that all is read: a getter may have changed the service.
    const { own, others } = this.#rows(names);
    return areOwn.map((isOwn) => (isOwn ? own : others) as Answers<Name>);
  }

  /**
   * Whether a permission is among the effective ones, by its name in either dialect. A name that nobody knows is not.
   * Asks the model each time.
   *
   * @param permission a permission's name, in either dialect or of the application's own
   * @throws RolecallError `invalid-argument` for what is no text; `freed`
   */
  has(permission: Permission): boolean {
    const name = sought(permission, "permission");
    return this.#state.ask(operation.has, this.#identity, this.#channel, name);
  }

  /** The effective permissions, in the service's dialect. Asks the model each time. */
  permissions(): Permission[] {
    return this.#state.ask(operation.permissions, this.#identity, this.#channel);
  }

  /**
   * Every allowed action, in the service's dialect, for menus. Asks the model each time, for a decision an action.
   *
   * @param owner the identity to whom the thing acted on belongs; without it nobody is known, as for {@link can}
   * @throws RolecallError `freed`
   */
  actions(owner?: string | null): Action[] {
    return this.#state.ask(operation.actions, this.#identity, this.#channel, ownerText(owner));
  }

  /**
   * The answer with its reason and a sentence to paste. Costs more than {@link can}: it looks at every role.
   *
   * @param action an action's name, in either dialect
   * @param owner as for {@link can}
   * @throws RolecallError `unknown-action` for a name that does not exist
   */
  explain(action: Action, owner?: string | null): Decision {
    const name = text(action, "action");
    return this.#state.ask(operation.explain, this.#identity, this.#channel, name, ownerText(owner));
  }

  /**
   * Returns if the action is allowed. Costs as much as {@link can}, and as {@link explain} where it is not.
   *
   * @param action an action's name, in either dialect
   * @param owner as for {@link can}
   * @throws PermissionDenied with `status` 403 if it is not
   * @throws RolecallError `unknown-action`
   */
  require(action: Action, owner?: string | null): void {
    if (this.can(action as OwnedAction, owner as string | null)) return;
    const decision = this.explain(action, owner);
    if (!decision.allowed) throw new PermissionDenied(decision);
  }

  /**
   * Calls the listener after every change of one of this ability's decisions, and for no other change; with an action only
   * when the answer to this one question has changed. The listener may do anything, also change the service; one that throws
   * is reported as an uncaught error and stops no other.
   *
   * @param listener is called without arguments
   * @param action an action's name, in either dialect
   * @param owner as for {@link can}
   * @returns a function that ends it
   * @throws RolecallError `invalid-argument` for what is no function; `unknown-action`; `freed`
   */
  subscribe(listener: () => void): () => void;
  subscribe(listener: () => void, action: PlainAction): () => void;
  subscribe(listener: () => void, action: OwnedAction, owner: string | null): () => void;
  subscribe(listener: () => void, action?: Action, owner?: string | null): () => void {
    callable(listener, "listener");
    this.#listeners ??= new Listeners(this);
    const current =
      action === undefined ? () => this.#current() : () => this.can(action as OwnedAction, owner as string | null);
    return this.#listeners.add(this.#state, listener, current);
  }

  /** @internal Whether its service was freed or came to grief, so that nothing is allowed and everything throws. */
  get [isGone](): boolean {
    return this.#state.isGone;
  }

  /** @internal Calls once when that happens. Listeners are not told of it: no decision has changed. */
  [whenGone](listener: () => void): () => void {
    callable(listener, "listener");
    const { ends } = this.#state;
    const end = () => listener();
    ends.add(end);
    return () => void ends.delete(end);
  }

  /** What is the same as long as all decisions are. */
  #current(): unknown {
    this.#follow();
    return this.#decisions.key;
  }

  /** Asks the model again if the service has changed since. */
  #follow(): void {
    const { edits } = this.#state;
    if (this.#asked === edits) return;
    const bits = this.#state.ask<number[]>(operation.answers, this.#identity, this.#channel);
    const key = bits.join();
    const decisions = this.#state.decisions(bits, key);
    if (key === this.#decisions.key) decisions.rows ??= this.#decisions.rows;
    else this.#version++;
    this.#decisions = decisions;
    this.#asked = edits;
  }

  #rows(names: readonly unknown[]): Rows {
    this.#follow();
    const { rows } = this.#decisions;
    if (rows !== undefined && same(rows.actions, names)) return rows;
    const row = (owner: string | null) =>
      // Without a prototype, so that what was not asked for is not there.
      Object.freeze(
        Object.assign(
          Object.create(null),
          Object.fromEntries(names.map((name) => [name, this.can(name as OwnedAction, owner)])),
        ),
      );
    this.#decisions.rows = { actions: names, own: row(this.#identity), others: row(null) };
    return this.#decisions.rows;
  }

  /** Asks for an action's place, once for each name and each set of decisions. */
  #decide(action: unknown): Answer {
    this.#follow();
    const name = text(action, "action");
    const at: number = this.#state.ask(operation.action, name);
    const { bits } = this.#decisions;
    const has = (word: number) => ((bits[word + (at >> 5)] ?? 0) >> (at & 31)) & 1;
    const answer = has(0) === 1 || (has(2) === 1 ? ownAlone : false);
    this.#decisions.set(name, answer);
    return answer;
  }
}

/** What was decided before anything was asked. */
const nothing = new Decisions([], "");

/** Whether both lists are of the same names. */
function same(known: readonly unknown[], names: readonly unknown[]): boolean {
  return names.length === known.length && known.every((element, at) => element === names[at]);
}
