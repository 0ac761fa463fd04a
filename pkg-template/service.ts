import { Abilities, type Ability } from "./ability.js";
import {
  callable,
  fields,
  flag,
  isPromise,
  nullableString,
  optionalString,
  owner,
  refusePending,
  type Suggest,
  string,
  strings,
} from "./arguments.js";
import { LiveCore } from "./core.js";
import { RolecallError } from "./errors.js";
import type { ChannelState, Dialect, Scope } from "./names.js";
import { Core, nearest } from "./rolecall_bg.js";
import { instantiate } from "./start.js";
import type {
  Action,
  ActionRule,
  Change,
  Channel,
  FromOptions,
  Invite,
  LoadOptions,
  LoadReport,
  Member,
  NewChannel,
  NewRole,
  Payload,
  Permission,
  Role,
  RoleRef,
  ServiceOptions,
  Snapshot,
  Snapshotable,
  Target,
  User,
} from "./types.js";

declare global {
  // Known to TypeScript from 5.2 on; this says it to older ones, and the same as they do to newer ones.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

// Older engines have no such symbol; then the method has a name that nobody calls.
const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/**
 * A service instance: its roles, users, channels, members and invites, and the answers that they give.
 *
 * A failed call throws a {@link RolecallError} and has changed nothing. What the browser answers decides what is shown; the
 * server still enforces.
 *
 * Each call may throw `invalid-argument` for an argument of another type, `invalid-string` for a string with a lone surrogate,
 * and `too-large` for a string of more than 65,536 UTF-16 units or a list of more than 4,096 permissions, each with the
 * argument's name as path; `freed` after {@link free}; and `broken` after memory ran out. An object argument with a field that
 * there is not is an `invalid-argument`, too.
 *
 * A channel is named by its SID or by its unique name; a permission or an action by its name in either dialect. An identity is
 * compared exactly. What is returned is a copy.
 */
export class Service {
  /** @internal */
  private readonly core: LiveCore;
  /** @internal */
  private readonly abilities: Abilities;

  /**
   * A brand-new service: the four default roles, and nobody in it. The first one starts the WebAssembly, in a few
   * milliseconds.
   *
   * @param options see {@link ServiceOptions}
   * @throws RolecallError `invalid-dialect`; where WebAssembly cannot be started: `webassembly-missing`,
   *   `webassembly-blocked`, `init-required`, `not-ready`
   */
  constructor(options?: ServiceOptions);
  /** @internal */
  constructor(options: undefined, core: LiveCore);
  constructor(options: unknown = {}, core?: unknown) {
    this.core = isLiveCore(core) ? core : brandNew(options);
    this.abilities = new Abilities(this.core);
    this.subscribe = this.core.subscribe;
  }

  /**
   * An existing service: only what the payload or the snapshot holds.
   *
   * @param payload as for {@link load}
   * @param options see {@link FromOptions}
   * @throws RolecallError as {@link load}; and as the constructor, where WebAssembly cannot be started
   */
  static from(payload: Payload | Snapshot | Snapshotable, options: FromOptions = {}): Service {
    instantiate();
    const { dialect, identity } = fields(options, "options", fromOptions, suggest);
    const service = new Service(undefined, newCore(dialect, false));
    try {
      service.core.load(payload, false, undefined, identity);
    } catch (error) {
      service.free();
      throw error;
    }
    return service;
  }

  /** Not that of a plain object: what wraps those, such as Vue's reactivity, leaves this one alone. @internal */
  get [Symbol.toStringTag](): string {
    return "Service";
  }

  /** Everything that the service holds, as plain values that {@link from} and {@link load} accept, and `JSON.stringify` calls. */
  toJSON(): Snapshot {
    return this.core.ask((core) => core.toJSON());
  }

  /** In whose names the service writes. It reads those of both dialects. */
  get dialect(): Dialect {
    return this.core.ask((core) => core.dialect as Dialect);
  }

  /** Changes with each change of the service, so two equal versions mean that nothing has changed. */
  get version(): number {
    this.core.live();
    return this.core.version;
  }

  /** What the last load did; `undefined` before the first one. */
  get lastLoad(): LoadReport | undefined {
    return this.core.lastLoad;
  }

  /**
   * Loads what the REST API gave, all of it or nothing: rows are added, and those that are known are updated. Roles and
   * channels are known by their SID, users by identity, members and invites by channel and identity. Pages may come in any
   * order.
   *
   * Costs time in proportion to the payload and, with `replace`, to what the service holds; then a question to the model for
   * each ability that is asked or listened to.
   *
   * @param payload what the REST API gave, parsed; a {@link Snapshot}; or a service, also one of another copy of the package
   * @param options see {@link LoadOptions}
   * @returns how many rows were added, updated and so on, and what should be looked at
   * @throws RolecallError with the path of what is wrong: `invalid-payload` where no section can be read; `invalid-argument`
   *   with path `payload` for a promise or a response; `unreadable` for a getter that threw; `wrong-channel`,
   *   `unknown-channel`, `too-large` for more than a service can hold, and others
   */
  load(payload: Payload | Snapshot | Snapshotable, options: LoadOptions = {}): LoadReport {
    const { replace, channel, identity } = fields(options, "options", loadOptions, suggest);
    return this.core.load(payload, replace, channel, identity);
  }

  /**
   * The roles, of one scope or of both.
   *
   * @throws RolecallError `invalid-scope`
   */
  roles(scope?: Scope): Role[] {
    const name = optionalString(scope, "scope");
    return this.core.ask((core) => core.roles(name));
  }

  /**
   * The role of that SID or friendly name; `undefined` if there is none.
   *
   * @param ref a SID or a friendly name
   * @param scope only a role of this scope
   * @throws RolecallError `ambiguous-role` where two roles have this friendly name; `invalid-scope`
   */
  role(ref: RoleRef, scope?: Scope): Role | undefined {
    const [reference, name] = [string(ref, "ref"), optionalString(scope, "scope")];
    return this.core.ask((core) => core.role(reference, name));
  }

  /**
   * Creates a role. One that is created under the SID of a deleted role heals those who still refer to it.
   *
   * @throws RolecallError `invalid-name`, `invalid-scope`, `invalid-sid`, `duplicate-role`, `empty-permissions`,
   *   `unknown-permission`, `out-of-scope`, `no-counterpart`
   */
  createRole(role: NewRole): Role {
    const { friendlyName, type, permissions, sid } = fields(role, "role", newRole, suggest);
    return this.core.change((core) => core.createRole(friendlyName, type, permissions, sid));
  }

  /**
   * Replaces a role's whole set of permissions, as the REST API does.
   *
   * @param scope only a role of this scope; without it, `ref` must name one role
   * @returns the role as it is now
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `empty-permissions`, `unknown-permission`, `out-of-scope`,
   *   `no-counterpart`, `invalid-scope`
   */
  updateRole(ref: RoleRef, permissions: readonly Permission[], scope?: Scope): Role {
    const reference = string(ref, "ref");
    const names = strings(permissions, "permissions");
    return this.core.change((core) => core.updateRole(reference, names, optionalString(scope, "scope")));
  }

  /**
   * Adds one permission to a role; one that it has already is no change.
   *
   * @param scope as for {@link updateRole}
   * @returns the role as it is now
   * @throws RolecallError as {@link updateRole}
   */
  grant(ref: RoleRef, permission: Permission, scope?: Scope): Role {
    return this.core.change((core) =>
      core.grant(string(ref, "ref"), string(permission, "permission"), optionalString(scope, "scope")),
    );
  }

  /**
   * Removes one permission from a role; one that it does not have is no change.
   *
   * @param scope as for {@link updateRole}
   * @returns the role as it is now
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `unknown-permission`, `invalid-scope`; `empty-permissions` for the
   *   last one
   */
  revoke(ref: RoleRef, permission: Permission, scope?: Scope): Role {
    return this.core.change((core) =>
      core.revoke(string(ref, "ref"), string(permission, "permission"), optionalString(scope, "scope")),
    );
  }

  /**
   * Deletes a role, also a default one, which is never advisable: users and members keep the reference and lose what it
   * granted. To create it again under the same SID heals them.
   *
   * @param scope as for {@link updateRole}
   * @returns the role as it was, and how many users and members refer to it
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `invalid-scope`
   */
  deleteRole(ref: RoleRef, scope?: Scope): { role: Role; users: number; members: number } {
    return this.core.change((core) => core.deleteRole(string(ref, "ref"), optionalString(scope, "scope")));
  }

  /**
   * Sets the role that a new user, a new member, or a channel's creator in it gets where none is named.
   *
   * @throws RolecallError `unknown-role`, `ambiguous-role`, `wrong-scope`
   */
  setDefaultRole(which: "user" | "member" | "creator", ref: RoleRef): void {
    this.core.change((core) => core.setDefaultRole(string(which, "which"), string(ref, "ref")));
  }

  /**
   * Adds a user, or changes the user's service role.
   *
   * @param role the default one unless given
   * @throws RolecallError `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`, `no-default-role`
   */
  setUser(identity: string, role?: RoleRef): void {
    this.core.change((core) => core.setUser(string(identity, "identity"), optionalString(role, "role")));
  }

  /** Removes a user, also from every channel. Returns whether there was anything to remove. */
  removeUser(identity: string): boolean {
    return this.core.change((core) => core.removeUser(string(identity, "identity")));
  }

  /**
   * Creates a channel. Nobody is in it yet: who creates one joins it as anybody does, see {@link joinChannel}.
   *
   * @throws RolecallError `invalid-sid`, `invalid-name`, `duplicate-channel`, `invalid-channel-type`, `no-counterpart`,
   *   `invalid-identity`, `invalid-state`
   */
  createChannel(channel: NewChannel): void {
    const { sid, uniqueName, type, createdBy, state } = fields(channel, "channel", newChannel, suggest);
    this.core.change((core) => core.createChannel(sid, uniqueName, type, createdBy, state));
  }

  /**
   * Sets the state of a channel; see {@link Channel.state}.
   *
   * @throws RolecallError `unknown-channel`, `invalid-state`
   */
  setChannelState(channel: string, state: ChannelState): void {
    this.core.change((core) => core.setChannelState(string(channel, "channel"), string(state, "state")));
  }

  /** Removes a channel with its members and invites. Returns whether it was there. */
  removeChannel(channel: string): boolean {
    return this.core.change((core) => core.removeChannel(string(channel, "channel")));
  }

  /**
   * Adds a member as the SDK's `join()` does: with the role of the invite if there is one, else the creator's default role for
   * the creator, else the member's. For who is a member already it is no change.
   *
   * @throws RolecallError `unknown-channel`, `invalid-identity`, `no-default-role`
   */
  joinChannel(channel: string, identity: string): void {
    this.core.change((core) => core.joinChannel(string(channel, "channel"), string(identity, "identity")));
  }

  /**
   * Adds a member to a channel, or changes the member's role. It ends an invite.
   *
   * @param role unless given, a member keeps theirs, and anybody else gets the one that {@link joinChannel} gives
   * @throws RolecallError `unknown-channel`, `invalid-identity`, `unknown-role`, `ambiguous-role`, `wrong-scope`,
   *   `no-default-role`
   */
  setMember(channel: string, identity: string, role?: RoleRef): void {
    this.core.change((core) =>
      core.setMember(string(channel, "channel"), string(identity, "identity"), optionalString(role, "role")),
    );
  }

  /** Removes a member from a channel, which stays known. Returns whether there was one. */
  removeMember(channel: string, identity: string): boolean {
    return this.core.change((core) => core.removeMember(string(channel, "channel"), string(identity, "identity")));
  }

  /**
   * Invites somebody to a channel. Does nothing for a member.
   *
   * @param role what the member will have; a default one unless given
   * @throws RolecallError as {@link setMember}; `no-counterpart` in Conversations, which has no invites
   */
  invite(channel: string, identity: string, role?: RoleRef): void {
    this.core.change((core) =>
      core.invite(string(channel, "channel"), string(identity, "identity"), optionalString(role, "role")),
    );
  }

  /**
   * Makes a member of somebody who is invited, with the role of the invite; without one, as {@link joinChannel}.
   *
   * @throws RolecallError `unknown-channel`, `unknown-invite`, `no-default-role`
   */
  acceptInvite(channel: string, identity: string): void {
    this.core.change((core) => core.acceptInvite(string(channel, "channel"), string(identity, "identity")));
  }

  /** Removes an invite. Returns whether there was one. */
  declineInvite(channel: string, identity: string): boolean {
    return this.core.change((core) => core.declineInvite(string(channel, "channel"), string(identity, "identity")));
  }

  /** The users. */
  users(): User[] {
    return this.core.ask((core) => core.users());
  }

  /** The channels, also those that only a member's or an invite's row names. */
  channels(): Channel[] {
    return this.core.ask((core) => core.channels());
  }

  /** The members of a channel; none for a channel that is not known. */
  members(channel: string): Member[] {
    return this.core.ask((core) => core.members(string(channel, "channel")));
  }

  /** The invites to a channel; none for a channel that is not known. */
  invites(channel: string): Invite[] {
    return this.core.ask((core) => core.invites(string(channel, "channel")));
  }

  /**
   * What a user may do: in a channel, or outside of any. Costs a lookup or two: the model is asked at the first check.
   *
   * @param identity the user; one who is not known is allowed nothing
   * @param channel the SID or unique name of a channel; in one that is not known nothing is allowed
   * @returns the same object for the same arguments, while somebody holds it
   */
  ability(identity: string, channel?: string): Ability {
    this.core.live();
    return this.abilities.get(identity, channel);
  }

  /**
   * The identities of all who may do it. Costs a decision for each identity that is known.
   *
   * @param target see {@link Target}
   * @throws RolecallError `unknown-action`
   */
  whoCan(action: Action, target: Target = {}): string[] {
    const { channel, owner } = fields(target, "target", targets, suggest);
    return this.core.ask((core) => core.whoCan(string(action, "action"), channel, owner));
  }

  /**
   * Which decisions a change would flip, for every identity and channel that is known before or after it. Costs a copy of the
   * service, a decision for each membership, and one for each way in which users and channels differ otherwise; not one for
   * each pair of a user and a channel.
   *
   * @param change gets a draft of this service, and may do anything with it until it returns; this service is not touched
   * @throws RolecallError `too-many-changes` for more than 500,000; whatever the function throws
   */
  preview(change: (draft: Service) => void): Change[] {
    callable<(draft: Service) => unknown>(change, "change");
    const draft = new Service(undefined, this.core.copy());
    try {
      refuseAsync(change(draft));
      return this.core.ask((core) => core.differences(draft.core.live()));
    } finally {
      draft.free();
    }
  }

  /**
   * Adds an action of the application's own, which may ask for permissions of its own. At most 45; the same one again is no
   * change.
   *
   * @throws RolecallError `invalid-name`, `duplicate-action`, `no-counterpart`, `too-many-actions`, `too-many-permissions`
   */
  defineAction(action: string, rule: ActionRule): void {
    const { any, own, memberOnly, whenClosed } = fields(rule, "rule", actionRule, suggest);
    this.core.change((core) => core.defineAction(string(action, "action"), any, own, memberOnly, whenClosed));
  }

  /**
   * Calls the listener after each change of the service, once the call that made it has succeeded. It works detached:
   * `useSyncExternalStore(service.subscribe, () => service.version)`.
   *
   * The listener may do anything, also change the service. One that throws is reported as an uncaught error and stops no other.
   *
   * @param listener is called without arguments
   * @returns a function that ends it
   * @throws RolecallError `invalid-argument` for what is no function
   */
  readonly subscribe: (listener: () => void) => () => void;

  /** Gives the memory back now rather than when the service is collected. Each later call but this one throws `freed`. */
  free(): void {
    this.core.free();
  }

  /** {@link free}, for `using`. */
  [disposeSymbol](): void {
    this.free();
  }
}

// The fields of object arguments, each with what checks it.
const serviceOptions = { dialect: optionalString, roles: defaultRoles };
const fromOptions = { dialect: optionalString, identity: optionalString };
const loadOptions = { replace: flag, channel: optionalString, identity: optionalString };
const newRole = { friendlyName: string, type: string, permissions: strings, sid: optionalString };
const newChannel = {
  sid: string,
  uniqueName: nullableString,
  type: optionalString,
  createdBy: nullableString,
  state: optionalString,
};
const actionRule = { any: string, own: optionalString, memberOnly: flag, whenClosed: flag };
const targets = { channel: optionalString, owner };

const suggest: Suggest = (name, names) => {
  const found = nearest(name, [...names]);
  return found === undefined ? `there are ${names.join(", ")}` : `did you mean “${found}”?`;
};

/** For a payload in the place of a new service's options. */
const hint = "an existing service is opened by Service.from(payload)";
const suggestFrom: Suggest = (name, names) => `${suggest(name, names)}; ${hint}`;

/** Whether there are to be the default roles. */
function defaultRoles(value: unknown, path: string): boolean {
  if (value === undefined || value === "default" || value === "none") return value !== "none";
  throw new RolecallError("invalid-argument", `it is "default" or "none"; ${hint}`, path);
}

function brandNew(options: unknown): LiveCore {
  instantiate();
  refusePending(options, "options");
  const { dialect = "chat", roles } = fields(options, "options", serviceOptions, suggestFrom);
  return newCore(dialect, roles);
}

/** Without a dialect, it is that of the first load. */
const newCore = (dialect: string | undefined, defaultRoles: boolean): LiveCore =>
  new LiveCore(() => new Core(dialect, defaultRoles, Math.random()));

/** Whether a preview made it. To look at the prototype of what a caller passes may run code of the caller's. */
function isLiveCore(value: unknown): value is LiveCore {
  try {
    return value instanceof LiveCore;
  } catch {
    return false;
  }
}

/** The draft ends when `preview` returns, so that what would be done to it later is a mistake. */
function refuseAsync(answer: unknown): void {
  if (!isPromise(answer)) return;
  // It will be rejected for want of the draft; this error says more.
  new Promise((resolve) => resolve(answer)).catch(() => {});
  throw new RolecallError("invalid-argument", "a change is made at once: the function must not be async", "change");
}
