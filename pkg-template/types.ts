import type {
  BuiltInOwnedAction,
  BuiltInPermission,
  BuiltInPlainAction,
  ChannelState,
  Dialect,
  Reason,
  RoleType,
  Scope,
  WarningCode,
} from "./names.js";

/**
 * An application's own actions, for the compiler. {@link Service.defineAction} makes them known to the service. Declare each as
 * `"plain"`, or as `"owned"` if a check takes the owner of the thing acted on:
 *
 * ```ts
 * declare module "rolecall" {
 *   interface OwnActions { pinMessage: "plain"; archiveMessage: "owned" }
 *   interface OwnPermissions { pinMessage: true }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add to it
export interface OwnActions {}

/** An application's own permissions; see {@link OwnActions}. */
// biome-ignore lint/suspicious/noEmptyInterface: applications add to it
export interface OwnPermissions {}

type OwnActionsThatAre<Kind> = {
  [Name in keyof OwnActions]: OwnActions[Name] extends Kind ? Name : never;
}[keyof OwnActions];

/** A permission: a built-in one by its name in either dialect, or one of the application's own. */
export type Permission = BuiltInPermission | keyof OwnPermissions;

/** An action on what belongs to nobody, such as `sendMessage`: a check needs no owner. */
export type PlainAction = BuiltInPlainAction | OwnActionsThatAre<"plain">;

/**
 * {@link PlainAction} as the parameter of a check without an owner. A union of its own, so that the compiler names it where an
 * owner is missing.
 */
export type ActionThatNeedsNoOwner = BuiltInPlainAction | OwnActionsThatAre<"plain">;

/** An action on a thing that somebody owns, such as `deleteMessage`: a check takes the owner's identity. */
export type OwnedAction = BuiltInOwnedAction | OwnActionsThatAre<"owned">;

/** What a user interface asks about: may this user do it? By its name in either dialect. */
export type Action = PlainAction | OwnedAction;

/**
 * A role's SID or its friendly name, which is compared without the case of ASCII letters. A name that two roles have is
 * `ambiguous-role`, unless the call needs a role of one scope or is told the scope.
 */
export type RoleRef = string;

/** A named set of permissions of one scope. A copy: changing it changes nothing in the service. */
export interface Role {
  sid: string;
  friendlyName: string;
  /** In the service's dialect. */
  type: RoleType;
  /** In the service's dialect. A name that the model does not know is kept as it came. */
  permissions: string[];
}

/** A user, with a service role. */
export interface User {
  identity: string;
  /** The SID of the user's role; `""` without one. */
  roleSid: string;
}

/** A channel, or a conversation, which is always private. */
export interface Channel {
  sid: string;
  /** Another name for the channel, which no other channel has; `null` without one. */
  uniqueName: string | null;
  type: "public" | "private";
  /** The identity of who created it; `null` where that is not known. */
  createdBy: string | null;
  /**
   * `"active"` unless something else was loaded or set. In a `"closed"` one nothing can be changed any more, in an
   * `"initializing"` one not yet; `"inactive"` is as `"active"`, since a message wakes it. A string that a payload had and that
   * is no state is kept as it came, and decides as `"closed"`.
   */
  state: ChannelState;
}

/** A user in a channel, with a channel role. */
export interface Member {
  channelSid: string;
  identity: string;
  /** The SID of the member's role; `""` without one. */
  roleSid: string;
}

/** An invitation to a channel, with the role that the member will have. */
export interface Invite {
  channelSid: string;
  identity: string;
  /** The SID of the role; `""` where none was named, so that a default one is given when it is accepted. */
  roleSid: string;
}

/** How many rows of a section a load added, updated and so on. */
export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Entries of the service that the payload no longer has; 0 unless the load replaces. */
  readonly removed: number;
  /** Rows that were not loaded: a participant without an identity, an invite in Conversations, a row of another service. */
  readonly skipped: number;
}

/** What {@link Service.load} did. Frozen. */
export interface LoadReport {
  readonly roles: Counts;
  readonly users: Counts;
  readonly channels: Counts;
  readonly members: Counts;
  readonly invites: Counts;
  /** What was loaded or skipped and should be looked at; at most a thousand, then one that says that there are more. */
  readonly warnings: readonly {
    readonly code: WarningCode;
    /** Where in the payload: `members[2].role_sid`. */
    readonly path: string;
    readonly message: string;
  }[];
}

/** Whether each of several actions is allowed on one thing: a row of {@link Ability.canEach}. Frozen. */
export type Answers<Name extends Action = Action> = { readonly [Asked in Name]: boolean };

/** A role, as a decision names it. */
export interface RoleName {
  sid: string;
  friendlyName: string;
  scope: Scope;
}

/** The answer yes, with its explanation. */
export interface AllowedDecision {
  allowed: true;
  /** In the service's dialect. */
  action: Action;
  /** A sentence for a support person: who, what, where, and which role grants it. Plain text, never markup. */
  message: string;
  /** The permission that allows it. Absent where membership or an invite alone does. */
  permission?: Permission;
  /** The role that grants the permission. */
  role?: RoleName;
  reason?: undefined;
  missing?: undefined;
  grantedBy?: undefined;
}

/** The answer no, with its explanation. */
export interface DeniedDecision {
  allowed: false;
  /** In the service's dialect. */
  action: Action;
  reason: Reason;
  /** The permissions of which any one would do; empty where no permission would. */
  missing: Permission[];
  /** Roles of the service that grant one of `missing`; at most five. */
  grantedBy: RoleName[];
  /** The HTTP status of the services' endpoints. */
  status: 403;
  /** The services' public error number. */
  twilioCode: number;
  /** A sentence for a support person: who, what, where, what is missing and who could do it. Plain text, never markup. */
  message: string;
}

/** An answer with its explanation. */
export type Decision = AllowedDecision | DeniedDecision;

/** A decision that a change would flip; see {@link Service.preview}. */
export interface Change {
  identity: string;
  /** The SID of the channel; `undefined` outside of any. */
  channel: string | undefined;
  /** In the service's dialect. */
  action: Action;
  /** To whom the thing acted on belongs; `null` for an action that takes no owner. */
  owner: "self" | "other" | null;
  /** The answer after the change. */
  allowed: boolean;
}

/** What writes itself down as a {@link Snapshot}: a {@link Service}, also one of another copy of the package. */
export interface Snapshotable extends Payload {
  toJSON(): Snapshot;
}

/** How a brand-new {@link Service} starts. */
export interface ServiceOptions {
  /** In whose names it writes: `"chat"` unless given. It reads those of both. */
  dialect?: Dialect | undefined;
  /** `"none"` leaves the four default roles out. */
  roles?: "default" | "none" | undefined;
}

/** How {@link Service.from} reads a payload. */
export interface FromOptions {
  /** In whose names the service writes: read from the payload's role types unless given. */
  dialect?: Dialect | undefined;
  /** See {@link LoadOptions.identity}. */
  identity?: string | undefined;
}

/** How {@link Service.load} reads a payload. */
export interface LoadOptions {
  /** Whether each section that is there takes the place of what was there; `false` unless given. */
  replace?: boolean | undefined;
  /**
   * The SID or unique name of a channel: the payload is what this channel's endpoint answered. Then `replace` replaces the
   * members and invites of this channel and nothing else, and a row about another channel is `wrong-channel`.
   */
  channel?: string | undefined;
  /**
   * The identity of the signed-in user. Rows of a user's own list of channels are theirs, and they get the default role if
   * the payload has a section of users, be it empty, and no row names them.
   */
  identity?: string | undefined;
}

/** What {@link Service.createRole} creates. */
export interface NewRole {
  /** 1 to 64 characters. */
  friendlyName: string;
  /** In either dialect; it says the scope. */
  type: RoleType;
  /** At least one, each valid in the scope. */
  permissions: readonly Permission[];
  /** `RL` and 32 random hexadecimal digits unless given. */
  sid?: string | undefined;
}

/** What {@link Service.createChannel} creates. */
export interface NewChannel {
  /** Any string but the empty one. */
  sid: string;
  /** Another name for it, which no other channel has and which is not of the form of a SID. */
  uniqueName?: string | null | undefined;
  /** `"private"` unless given. A conversation is always private. */
  type?: "public" | "private" | undefined;
  /** The identity of who creates it. `"system"` is the services' word for no user. */
  createdBy?: string | null | undefined;
  /** `"active"` unless given. */
  state?: ChannelState | undefined;
}

/** What an application's own action requires; see {@link Service.defineAction}. */
export interface ActionRule {
  /** The permission that allows it. */
  any: string;
  /** The permission that allows it to the owner of the thing acted on. With it, a check takes an owner. */
  own?: string | undefined;
  /** Whether only members of the channel may do it; `false` unless given. */
  memberOnly?: boolean | undefined;
  /** Whether it is allowed also in a channel that is `"closed"` or `"initializing"`; `false` unless given. */
  whenClosed?: boolean | undefined;
}

/** What {@link Service.whoCan} is asked about. */
export interface Target {
  /** The SID or unique name of a channel; outside of any unless given. */
  channel?: string | undefined;
  /** For an owned action, the identity to whom the thing acted on belongs. */
  owner?: string | null | undefined;
}

/** A section of a payload: an array, one resource, or a list page of the REST API, the helper library or the SDK. */
export type Section = object | readonly object[] | null | undefined;

/**
 * What a back end forwards of the REST API: any of these sections, in either dialect, with fields in snake_case, camelCase or
 * PascalCase. Fields that are not known are ignored; a payload of which no section can be read is `invalid-payload`.
 */
export interface Payload {
  /** The service's resource: its SID and its default roles. */
  service?: Section;
  /** The configuration of a Conversations service, which names its default roles. */
  configuration?: Section;
  roles?: Section;
  users?: Section;
  channels?: Section;
  conversations?: Section;
  members?: Section;
  participants?: Section;
  invites?: Section;
  /** The application's own, as a snapshot has them: `action`, `any`, `own`, `member_only` and `when_closed`. */
  actions?: Section;
  /** What a list page says about itself; ignored. */
  meta?: object;
}

/** A service written down by {@link Service.toJSON}: plain values, accepted wherever a payload is. */
export interface Snapshot extends Payload {
  /** The version of the snapshot's form. */
  rolecall: string;
  dialect: Dialect;
}
