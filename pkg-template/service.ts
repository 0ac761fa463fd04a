/// <reference lib="esnext.disposable" preserve="true" />
import { Ability } from "./ability.js";
import { RolecallError } from "./errors.js";
import { instantiate } from "./instance.js";
import type {
  Action,
  Change,
  Channel,
  Invite,
  LoadReport,
  Member,
  Payload,
  Permission,
  Role,
  RoleRef,
  Snapshot,
  User,
} from "./model.js";
import type { Dialect, RoleType } from "./names.js";
import * as operation from "./operation.js";
import { Core } from "./rolecall_bg.js";
import { State, type Watched } from "./state.js";
import { mostPlaces, tables } from "./tables.js";
import { callable, fields, flag, optionalText, ownerText, readable, sought, text, texts } from "./text.js";
import { Texts } from "./texts.js";

// Older engines have no such symbol; then the method has a name that nobody calls.
const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Abilities by channel; `undefined` is outside of any. */
type Abilities = Map<string | undefined, WeakRef<Ability>>;

/** Tells whoever subscribed to the service itself: after every change. */
class Subscribers implements Watched {
  readonly listeners = new Set<() => void>();
  readonly #state: State;
  #told: number;

  constructor(state: State) {
    this.#state = state;
    this.#told = state.changes;
  }

  tell(call: (listeners: Set<() => void>) => void): void {
    if (this.#told === this.#state.changes) return;
    this.#told = this.#state.changes;
    call(this.listeners);
  }
}

/**
 * A service instance: roles, users, channels, members and invites, and the answers they give.
 *
 * A failed call throws a {@link RolecallError} and has changed nothing. The browser's answer decides what is shown; the
 * server still enforces.
 *
 * Each call may throw `invalid-argument` or `invalid-text` for an argument of another kind or one that is no text, with its
 * name as path; `freed` after {@link free}; `broken` after memory ran out; and `too-large` for an argument that is a text of
 * more than 65,536 UTF-16 units, or a list of more than 4,096 permissions.
 */
export class Service {
  readonly #state: State;
  readonly #abilities = new Map<string, Abilities>();
  /** Forgets abilities that nobody holds any more. */
  readonly #collected: FinalizationRegistry<[identity: string, channel: string | undefined]>;
  #subscribers: Subscribers | undefined;
  #lastLoad: LoadReport | undefined;

  /**
   * A brand-new service: the four default roles, and nobody in it. The first one instantiates the WebAssembly.
   *
   * @param options `dialect`: whose names it writes (`"chat"` unless given); `roles: "none"` leaves the default roles out
   * @throws RolecallError `invalid-dialect`, `invalid-argument`; `not-ready` where WebAssembly is forbidden
   */
  constructor(options?: { dialect?: Dialect; roles?: "default" | "none" });
  constructor(options: object = {}) {
    this.#state = isState(options) ? options : stateOf(options);
    this.#collected = new FinalizationRegistry(([identity, channel]) => {
      const abilities = this.#abilities.get(identity);
      if (abilities?.get(channel)?.deref() !== undefined) return;
      abilities?.delete(channel);
      if (abilities?.size === 0) this.#abilities.delete(identity);
    });
  }

  /**
   * An existing service: only what the payload or the snapshot holds.
   *
   * @param payload what the REST API gave, parsed (see {@link load}), a snapshot, or another service
   * @param options `dialect`: whose names it writes; read from the payload's role types unless given
   * @throws RolecallError with the path of what is wrong
   */
  static from(payload: Payload | Snapshot | Service, options: { dialect?: Dialect } = {}): Service {
    const { dialect } = fields(options, "options", "dialect");
    const state = newState(optionalText(dialect ?? undefined, "dialect"), undefined);
    const service = new Service(state as object);
    service.#read(payload, false);
    // Nothing else is there yet.
    state.texts.grow();
    return service;
  }

  /** No plain object: what wraps those, such as Vue's reactivity, would cut it off from its private parts. */
  get [Symbol.toStringTag](): string {
    return "Service";
  }

  /** Everything the service holds, as plain values that {@link from} and {@link load} accept. */
  toJSON(): Snapshot {
    return this.#state.ask(operation.snapshot);
  }

  /** Whose names the service writes. Both dialects' names are read. */
  get dialect(): Dialect {
    return this.#state.ask(operation.dialect);
  }

  /** What the last load did. */
  get lastLoad(): LoadReport | undefined {
    return this.#lastLoad;
  }

  /**
   * Loads what the REST API gave, all of it or nothing: any of `service` (or `configuration`), `roles`, `users`, `channels`
   * (or `conversations`), `members` (or `participants`) and `invites`, each a list page, an array or a single resource, in
   * snake_case or camelCase. Pages may come in any order. Rows are matched by SID, by identity, or by channel and identity.
   * Costs time in proportion to the payload and, with `replace`, to what the service holds; then each ability that is asked
   * or listened to asks the model again.
   *
   * @param payload what the REST API gave, parsed, a snapshot, or another service
   * @param options `replace`: each section that is there takes the place of what was there
   * @returns what it did
   * @throws RolecallError with the path of what is wrong; `too-large` for more than a service can hold
   */
  load(payload: Payload | Snapshot | Service, options: { replace?: boolean } = {}): LoadReport {
    const replace = flag(fields(options, "options", "replace").replace, "replace");
    return this.#read(payload, replace);
  }

  /** Loads a payload once it is read: its getters have run, and nothing of the service was touched. */
  #read(payload: unknown, replace: boolean): LoadReport {
    // A service by its own mark: what only looks like one is read as any object is.
    const isService = typeof payload === "object" && payload !== null && #state in payload;
    if (isPromise(payload)) {
      throw new RolecallError("invalid-argument", "a promise holds no roles: await it first", "payload");
    }
    const rows = isService ? payload.#state.ask(operation.snapshot) : payload;
    const { texts } = this.#state;
    // While they are held none is forgotten.
    this.#state.tidy();
    texts.holders++;
    try {
      const reading = texts.read(rows, mostPlaces);
      // Seen before anybody is told, so that a listener finds the report of what it is told about.
      return this.#state.load<LoadReport>(reading, replace, (report) => {
        // Frozen, since it stays the service's own.
        this.#lastLoad = frozen(report);
      });
    } finally {
      texts.holders--;
    }
  }

  /** The roles, of one scope or of both. */
  roles(scope?: "service" | "channel"): Role[] {
    const name = optionalText(scope, "scope");
    return this.#state.ask(operation.roles, name);
  }

  /**
   * The role of that SID or friendly name.
   *
   * @throws RolecallError `ambiguous-role` where more than one role has this friendly name
   */
  role(ref: RoleRef): Role | undefined {
    const reference = sought(ref, "ref");
    // The empty text may be the name of a role that was loaded.
    if (reference !== ref) return undefined;
    return this.#state.ask<Role | null>(operation.role, reference) ?? undefined;
  }

  /**
   * Makes a role. One made under the SID of a deleted role heals those who still refer to it.
   *
   * @param role `friendlyName`: 1 to 64 characters; `permissions`: at least one, each valid in the scope; `sid`: `RL` and 32
   *   hexadecimal digits unless given
   * @throws RolecallError `invalid-name`, `invalid-scope`, `invalid-sid`, `duplicate-role`, `empty-permissions`,
   *   `unknown-permission`, `out-of-scope`, `no-counterpart`
   */
  createRole(role: { friendlyName: string; type: RoleType; permissions: readonly Permission[]; sid?: string }): Role {
    const { friendlyName, type, permissions, sid } = fields(role, "role", "friendlyName", "type", "permissions", "sid");
    const name = text(friendlyName, "friendlyName");
    const roleType = text(type, "type");
    const names = texts(permissions, "permissions");
    const given = optionalText(sid, "sid");
    return this.#state.change(operation.createRole, name, roleType, given, ...names);
  }

  /**
   * Replaces a role's whole set of permissions, as the REST contract does.
   *
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `empty-permissions`, `unknown-permission`, `out-of-scope`,
   *   `no-counterpart`
   */
  updateRole(ref: RoleRef, permissions: readonly Permission[]): Role {
    const reference = text(ref, "ref");
    const names = texts(permissions, "permissions");
    return this.#state.change(operation.updateRole, reference, ...names);
  }

  /**
   * Adds one permission to a role; one that it holds already is no change.
   *
   * @throws RolecallError as {@link updateRole}
   */
  grant(ref: RoleRef, permission: Permission): Role {
    const reference = text(ref, "ref");
    const name = text(permission, "permission");
    return this.#state.change(operation.grant, reference, name);
  }

  /**
   * Takes one permission from a role; one that it does not hold is no change.
   *
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `unknown-permission`; `empty-permissions` for the last one
   */
  revoke(ref: RoleRef, permission: Permission): Role {
    const reference = text(ref, "ref");
    const name = text(permission, "permission");
    return this.#state.change(operation.revoke, reference, name);
  }

  /**
   * Deletes a role, also a default one, which is never advisable: users and members keep the reference and lose what it
   * granted. Creating it again under the same SID heals them.
   *
   * @returns the role as it was, and how many users and members refer to it
   * @throws RolecallError `unknown-role`, `ambiguous-role`
   */
  deleteRole(ref: RoleRef): { role: Role; users: number; members: number } {
    const reference = text(ref, "ref");
    return this.#state.change(operation.deleteRole, reference);
  }

  /**
   * Names the role that a new user, a new member or a channel's creator gets where none is named.
   *
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `wrong-scope`
   */
  setDefaultRole(which: "user" | "member" | "creator", ref: RoleRef): void {
    const name = text(which, "which");
    const reference = text(ref, "ref");
    this.#state.change(operation.setDefaultRole, name, reference);
  }

  /**
   * Puts a user in, or changes the user's service role. Without a role: the default one.
   *
   * @throws RolecallError `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`
   */
  setUser(identity: string, role?: RoleRef): void {
    const name = text(identity, "identity");
    const reference = optionalText(role, "role");
    this.#state.change(operation.setUser, name, reference);
  }

  /** Takes a user out, and out of every channel. Returns whether there was anything. */
  removeUser(identity: string): boolean {
    const name = sought(identity, "identity");
    return this.#state.change(operation.removeUser, name);
  }

  /**
   * Makes a channel: private unless `type` says `"public"` (a conversation is always private). The creator becomes a
   * member with the creator's default role; `"system"` is the services' word for no user.
   *
   * @throws RolecallError `invalid-sid`, `duplicate-channel`, `invalid-channel-type`, `no-counterpart`, `invalid-identity`,
   *   `no-default-role`
   */
  createChannel(channel: { sid: string; type?: "public" | "private"; createdBy?: string | null }): void {
    const { sid, type, createdBy } = fields(channel, "channel", "sid", "type", "createdBy");
    const name = text(sid, "sid");
    const kind = optionalText(type, "type");
    const creator = optionalText(createdBy ?? undefined, "createdBy");
    this.#state.change(operation.createChannel, name, kind, creator);
  }

  /** Takes a channel out, with its members and invites. Returns whether it was there. */
  removeChannel(sid: string): boolean {
    const name = sought(sid, "sid");
    return this.#state.change(operation.removeChannel, name);
  }

  /**
   * Puts a member into a channel, or changes the member's role. Without a role: the default one.
   *
   * @throws RolecallError `unknown-channel`, `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`,
   *   `no-default-role`
   */
  setMember(channel: string, identity: string, role?: RoleRef): void {
    const place = text(channel, "channel");
    const name = text(identity, "identity");
    const reference = optionalText(role, "role");
    this.#state.change(operation.setMember, place, name, reference);
  }

  /** Takes a member out of a channel. Returns whether there was one. */
  removeMember(channel: string, identity: string): boolean {
    const place = sought(channel, "channel");
    const name = sought(identity, "identity");
    return this.#state.change(operation.removeMember, place, name);
  }

  /**
   * Invites someone to a channel, with the role that the member will have. Without a role: the default one.
   *
   * @throws RolecallError as {@link setMember}; `no-counterpart` in Conversations, which has no invites
   */
  invite(channel: string, identity: string, role?: RoleRef): void {
    const place = text(channel, "channel");
    const name = text(identity, "identity");
    const reference = optionalText(role, "role");
    this.#state.change(operation.invite, place, name, reference);
  }

  /**
   * Makes a member of someone invited, with the role of the invite, also of one who is a member with another role.
   *
   * @throws RolecallError `unknown-channel`, `unknown-invite`, `no-default-role`
   */
  acceptInvite(channel: string, identity: string): void {
    const place = text(channel, "channel");
    const name = text(identity, "identity");
    this.#state.change(operation.acceptInvite, place, name);
  }

  /** Withdraws an invite. Returns whether there was one. */
  declineInvite(channel: string, identity: string): boolean {
    const place = sought(channel, "channel");
    const name = sought(identity, "identity");
    return this.#state.change(operation.declineInvite, place, name);
  }

  /** The users. */
  users(): User[] {
    return this.#state.ask(operation.users);
  }

  /** The channels, also those that only a member or invite row names. */
  channels(): Channel[] {
    return this.#state.ask(operation.channels);
  }

  /** The members of a channel; none of one that is not known. */
  members(channel: string): Member[] {
    const place = sought(channel, "channel");
    return this.#state.ask(operation.members, place);
  }

  /** The invites to a channel; none to one that is not known. */
  invites(channel: string): Invite[] {
    const place = sought(channel, "channel");
    return this.#state.ask(operation.invites, place);
  }

  /**
   * What a user may do: in a channel, or without one outside of any. The same arguments give the same object while somebody
   * holds it. Somebody or somewhere that is not known is allowed nothing. Costs a look-up or two: the model is asked at the
   * first check.
   *
   * @param identity the user
   * @param channel the SID of a channel; `undefined` is outside of any
   * @throws RolecallError `invalid-argument`, `too-large`, `freed`
   */
  ability(identity: string, channel?: string): Ability {
    this.#state.live();
    const known = this.#abilities.get(identity)?.get(channel)?.deref();
    if (known !== undefined) return known;
    const ability = new Ability(this.#state, identity, channel);
    const abilities = this.#abilities.get(identity) ?? new Map();
    this.#abilities.set(identity, abilities.set(channel, new WeakRef(ability)));
    this.#collected.register(ability, [identity, channel]);
    return ability;
  }

  /**
   * The identities of all who may do it. Costs a decision for each identity that is known.
   *
   * @param action an action's name, in either dialect
   * @param target `channel`: where; `owner`: the identity to whom the thing acted on belongs
   * @throws RolecallError `unknown-action`, `invalid-argument`, `invalid-text`, `freed`
   */
  whoCan(action: Action, target: { channel?: string; owner?: string } = {}): string[] {
    const name = text(action, "action");
    const { channel, owner } = fields(target, "target", "channel", "owner");
    const place = channel === undefined ? undefined : sought(channel, "channel");
    return this.#state.ask(operation.whoCan, name, place, ownerText(owner));
  }

  /**
   * Which decisions a change would turn over, for every identity and channel that is known before or after it.
   * Costs a copy of the service, a decision for each membership, and one for each way in which users and channels differ
   * otherwise; not one for each pair of a user and a channel.
   *
   * @param change gets a draft of this service, to do anything with at once; the real one is not touched
   * @throws RolecallError `too-many-changes` for more than 500,000; whatever the function throws
   */
  preview(change: (draft: Service) => void): Change[] {
    callable(change, "change");
    const draft = this.#state.draft();
    try {
      refuseAsync(change(new Service(draft as object)));
      draft.live();
      const changes: Change[] = this.#state.ask(operation.differences);
      // JSON has no way to say that something is undefined.
      return changes.map((change) => ({ ...change, channel: change.channel }));
    } finally {
      this.#state.end(draft);
    }
  }

  /**
   * Adds an action of the application's own. At most 45; the same again is no change.
   *
   * @param rule `any`: the permission that allows it; `own`: the one that allows it to the owner; `memberOnly`: only to members
   *   of the channel
   * @throws RolecallError `invalid-name`, `duplicate-action`, `no-counterpart`, `too-many-actions`, `too-many-permissions`
   */
  defineAction(action: string, rule: { any: string; own?: string; memberOnly?: boolean }): void {
    const name = text(action, "action");
    const { any, own, memberOnly } = fields(rule, "rule", "any", "own", "memberOnly");
    const anyName = text(any, "any");
    const ownName = optionalText(own, "own");
    const members = flag(memberOnly, "memberOnly");
    this.#state.change(operation.defineAction, name, anyName, ownName, members ? "true" : undefined);
  }

  /**
   * Calls the listener after every change of the service, once the call that made it has ended in success. It may do
   * anything, also change the service; one that throws is reported as an uncaught error and stops no other.
   *
   * @param listener is called without arguments
   * @returns a function that ends it
   * @throws RolecallError `invalid-argument` for what is no function; `freed`
   */
  subscribe(listener: () => void): () => void {
    callable(listener, "listener");
    this.#state.live();
    this.#subscribers ??= new Subscribers(this.#state);
    const { listeners } = this.#subscribers;
    const call = () => listener();
    listeners.add(call);
    this.#state.watched.add(this.#subscribers);
    return () => void listeners.delete(call);
  }

  /** Gives the memory back now rather than when the service is collected. Every later call but this one throws. */
  free(): void {
    this.#state.free();
  }

  /** {@link free}, for `using`. */
  [disposeSymbol](): void {
    this.free();
  }
}

/** A revoked proxy throws when it is asked what it is. */
const isState = (options: object): options is State => readable(() => options instanceof State, "options");

function stateOf(options: object): State {
  const { dialect = "chat", roles = "default" } = fields(options, "options", "dialect", "roles");
  const name = text(dialect, "dialect");
  if (roles !== "default" && roles !== "none") {
    throw new RolecallError("invalid-argument", 'roles is "default" or "none"', "roles");
  }
  return newState(name, roles === "default" ? "true" : undefined);
}

/** Without a dialect, it is that of the first load. */
function newState(dialect: string | undefined, roles: "true" | undefined): State {
  instantiate();
  const state = new State(new Core(), new Texts(tables));
  state.ask(operation.begin, dialect, roles);
  return state;
}

/** Frozen with all that is in it. */
function frozen<Plain extends object>(plain: Plain): Plain {
  for (const value of Object.values(plain)) if (typeof value === "object") frozen(value);
  return Object.freeze(plain);
}

/** A draft is gone when `preview` returns, so what would still be done to it later is a mistake. */
function refuseAsync(answer: unknown): void {
  if (!isPromise(answer)) return;
  // It will fail for want of the draft; this error tells more.
  new Promise((resolve) => resolve(answer)).catch(() => {});
  throw new RolecallError("invalid-argument", "a change is made at once: the function must not be async", "change");
}

/** A revoked proxy throws when it is asked what it is. */
function isPromise(answer: unknown): boolean {
  try {
    return answer instanceof Promise;
  } catch {
    return false;
  }
}
