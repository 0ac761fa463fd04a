import type {
  BuiltInOwnedAction,
  BuiltInPermission,
  BuiltInPlainAction,
  Dialect,
  Reason,
  RoleType,
  Scope,
} from "./names.js";

/**
 * An application's own actions. Declare them to have them known to the compiler:
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

/** A permission, by its name in either dialect, or one of the application's own. */
export type Permission = BuiltInPermission | keyof OwnPermissions;

/** An action that needs no owner to decide. */
export type PlainAction = BuiltInPlainAction | OwnActionsThatAre<"plain">;

/** An action on something that belongs to somebody: a check takes the owner's identity. */
export type OwnedAction = BuiltInOwnedAction | OwnActionsThatAre<"owned">;

/** What a user interface asks about. */
export type Action = PlainAction | OwnedAction;

/** A role's SID, or a friendly name (compared without case) that only one role has. */
export type RoleRef = string;

/** A named set of permissions of one scope. */
export interface Role {
  sid: string;
  friendlyName: string;
  /** In the service's dialect. */
  type: RoleType;
  /** In the service's dialect; what the model does not know is kept as it came. */
  permissions: string[];
}

/** A user, with a service role. */
export interface User {
  identity: string;
  /** Empty for a row that came without a role. */
  roleSid: string;
}

/** A channel, or a conversation (always private). */
export interface Channel {
  sid: string;
  type: "public" | "private";
  createdBy: string | null;
}

/** A user in a channel, with a channel role. */
export interface Member {
  channelSid: string;
  identity: string;
  /** Empty for a row that came without a role. */
  roleSid: string;
}

/** An invitation to a channel, with the role that the member will have. */
export interface Invite {
  channelSid: string;
  identity: string;
  /** Empty for a row that came without a role: the default one is given when it is accepted. */
  roleSid: string;
}

/** What became of the rows of a section. */
export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Only by a load that replaces. */
  readonly removed: number;
  /** None of the chat's business: a participant without an identity, an invite in Conversations. */
  readonly skipped: number;
}

/** What a load did. Frozen. */
export interface LoadReport {
  readonly roles: Counts;
  readonly users: Counts;
  readonly channels: Counts;
  readonly members: Counts;
  readonly invites: Counts;
  /** Rows that are kept but should be looked at; at most a thousand, then one that says that there are more. */
  readonly warnings: readonly { readonly code: string; readonly path: string; readonly message: string }[];
}

/** Whether each of several actions is allowed on one thing: a row of {@link Ability.canEach}. */
export type Answers<Name extends Action = Action> = { readonly [Asked in Name]: boolean };

/** An answer with its explanation. */
export type Decision =
  | {
      allowed: true;
      action: Action;
      /** A sentence to paste: who, what, where, and which role grants it. */
      message: string;
      /** Absent where membership or an invite alone allows it. */
      permission?: Permission;
      /** The role that grants the permission. */
      role?: { sid: string; friendlyName: string; scope: Scope };
    }
  | {
      allowed: false;
      action: Action;
      reason: Reason;
      /** The permissions of which any one would do, as far as permissions are what is missing. */
      missing: Permission[];
      status: 403;
      /** The services' public error number. */
      twilioCode: number;
      /** A sentence to paste: who, what, where, what is missing and which roles would grant it. */
      message: string;
    };

/** A decision that another state of the service would turn over. */
export interface Change {
  identity: string;
  /** `undefined` for what is decided outside of any channel. */
  channel: string | undefined;
  action: Action;
  /** Whose the thing acted on is; `null` for an action that asks for no owner. */
  owner: "self" | "other" | null;
  /** What it would be. */
  allowed: boolean;
}

/** A list of resources as the REST API pages it, as a bare array, or a single one. Unknown fields are ignored. */
export type Section = object | readonly object[];

/**
 * What a back end forwards of the REST API: any of these sections, each a list page, an array or a single resource, in
 * snake_case or camelCase, in either dialect.
 */
export interface Payload {
  service?: Section;
  configuration?: Section;
  roles?: Section;
  users?: Section;
  channels?: Section;
  conversations?: Section;
  members?: Section;
  participants?: Section;
  invites?: Section;
  /** The application's own, as a snapshot has them: `action`, `any`, `own` and `member_only`. */
  actions?: Section;
  /** What a list page says about itself; ignored. */
  meta?: object;
}

/** A service written down: plain values, versioned, accepted wherever a payload is. */
export interface Snapshot extends Payload {
  /** The version of the snapshot's form. */
  rolecall: string;
  dialect: Dialect;
}
