// What the compiler accepts and refuses of a Service. Nothing here is run.
import type {
  Change,
  Channel,
  ChannelState,
  Counts,
  Dialect,
  ErrorCode,
  Invite,
  LoadReport,
  Member,
  Payload,
  Permission,
  Role,
  RoleType,
  Scope,
  Snapshot,
  User,
  WarningCode,
} from "rolecall";
import { ACTIONS, type init, PERMISSIONS, RolecallError, Service } from "rolecall";

/** Compiles where both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

export function creating(payload: Payload, snapshot: Snapshot) {
  new Service();
  new Service({});
  new Service({ dialect: "conversations", roles: "none" });
  // @ts-expect-error: a dialect that there is not
  new Service({ dialect: "sms" });
  // @ts-expect-error: a choice of roles that there is not
  new Service({ roles: "all" });
  // @ts-expect-error: an option that there is not
  new Service({ dialects: "chat" });
  // @ts-expect-error: from, not new, takes a payload
  new Service(payload);

  Service.from(payload);
  Service.from(snapshot, { dialect: "chat" });
  Service.from({});
  // What a file holds, or fetch gives: no type is known of it.
  Service.from(JSON.parse("{}"));
  Service.from({ roles: [{ sid: "RL1", type: "channel", permissions: [] }], users: { users: [], meta: {} } });
  // @ts-expect-error: a misspelled section
  Service.from({ role: [] });
  // @ts-expect-error: a section is a list, a page or a resource
  Service.from({ roles: "RL1" });
  Service.from(payload, { identity: "alice" });
  Service.from({ users: null, channels: {} });
  // @ts-expect-error: from has no choice of roles
  Service.from(payload, { roles: "none" });
  // @ts-expect-error: a dialect that there is not
  Service.from(payload, { dialect: "Chat" });
  // @ts-expect-error: a string is parsed first
  Service.from("{}");
  // Another service, also of another copy of the package.
  Service.from(new Service());
  const other: { toJSON(): Snapshot } = new Service();
  Service.from(other);

  same<ReturnType<typeof init>, Promise<void>>(true);
}

export function roles(service: Service) {
  service.roles("service");
  // @ts-expect-error: a scope that there is not
  service.roles("team");
  service.createRole({ friendlyName: "a", type: "channel", permissions: ["sendMessage", "leaveConversation"] });
  const permissions = ["sendMessage", "editOwnMessage"] as const;
  service.createRole({ friendlyName: "a", type: "deployment", permissions, sid: "RL1" });
  // @ts-expect-error: a misspelled type of a role
  service.createRole({ friendlyName: "a", type: "chanel", permissions: ["sendMessage"] });
  // @ts-expect-error: a misspelled permission
  service.createRole({ friendlyName: "a", type: "channel", permissions: ["sendMesage"] });
  // @ts-expect-error: REST's spelling is for payloads
  service.createRole({ friendly_name: "a", type: "channel", permissions: ["sendMessage"] });
  // @ts-expect-error: a role has permissions
  service.createRole({ friendlyName: "a", type: "channel" });
  service.updateRole("a", ["sendMessage"]);
  // @ts-expect-error: a list of them
  service.updateRole("a", "sendMessage");
  // @ts-expect-error: an action is no permission
  service.updateRole("a", ["deleteMessage"]);
  service.grant("a", "removeParticipant");
  // @ts-expect-error: a misspelled permission
  service.grant("a", "removeMembers");
  // @ts-expect-error: a misspelled permission
  service.revoke("a", "");
  service.role("admin", "channel");
  service.grant("admin", "sendMessage", "channel");
  // @ts-expect-error: a scope that there is not
  service.deleteRole("admin", "team");
  service.setDefaultRole("creator", "a");
  // @ts-expect-error: a default that there is not
  service.setDefaultRole("owner", "a");
}

export function assigning(service: Service, nobody: string | null) {
  service.setUser("alice", "Service Admin");
  // @ts-expect-error: an identity is a string
  service.setUser(nobody);
  service.createChannel({ sid: "CH1", type: "public", createdBy: "alice" });
  // @ts-expect-error: a type that there is not
  service.createChannel({ sid: "CH1", type: "open" });
  // @ts-expect-error: a channel has a SID
  service.createChannel({ type: "public" });
  service.createChannel({ sid: "CH1", uniqueName: "desk", createdBy: nobody, state: "closed" });
  service.createChannel({ sid: "CH1", uniqueName: null, createdBy: undefined });
  // @ts-expect-error: a state that there is not
  service.createChannel({ sid: "CH1", state: "open" });
  service.setChannelState("desk", "inactive");
  // @ts-expect-error: a state that there is not
  service.setChannelState("desk", "open");
  service.joinChannel("desk", "alice");
  service.setMember("CH1", "alice", "Channel Admin");
  // @ts-expect-error: a member has an identity
  service.setMember("CH1");
}

export function asking(service: Service) {
  service.whoCan("deleteMessage", { channel: "CH1", owner: "alice" });
  service.whoCan("deleteMessage", { channel: undefined, owner: null });
  // @ts-expect-error: a misspelled action
  service.whoCan("deleteMesage", {});
  // @ts-expect-error: a permission is no action
  service.whoCan("deleteAnyMessage", {});
  // @ts-expect-error: a misspelled target
  service.whoCan("deleteMessage", { chanel: "CH1" });
  service.preview((draft) => draft.grant("Channel User", "removeMember"));
  // @ts-expect-error: what changes the draft is a function
  service.preview(service);
  service.defineAction("pin", { any: "pin", own: "pinOwn", memberOnly: true, whenClosed: true });
  // @ts-expect-error: a rule names a permission
  service.defineAction("pin", { own: "pinOwn" });
  // @ts-expect-error: a flag is a boolean
  service.defineAction("pin", { any: "pin", memberOnly: "yes" });
  // @ts-expect-error: a flag is a boolean
  service.load({}, { replace: "true" });
  service.load({}, { replace: true, channel: "desk", identity: "alice" });
  // @ts-expect-error: an option that there is not
  service.load({}, { chanel: "desk" });
  // @ts-expect-error: the version is only read
  service.version = 1;
  const { subscribe } = service;
  subscribe(() => {});
  // @ts-expect-error: the report is only read
  service.lastLoad = undefined;
  // @ts-expect-error: a dialect stays
  service.dialect = "chat";
}

/** What each method gives. */
export function answers(service: Service) {
  same<typeof service.dialect, Dialect>(true);
  same<typeof service.version, number>(true);
  same<ReturnType<typeof service.joinChannel>, void>(true);
  same<ReturnType<typeof service.setChannelState>, void>(true);
  same<Channel["uniqueName"], string | null>(true);
  same<Channel["state"], ChannelState>(true);
  same<typeof service.lastLoad, LoadReport | undefined>(true);
  same<ReturnType<typeof service.toJSON>, Snapshot>(true);
  same<ReturnType<typeof service.load>, LoadReport>(true);
  same<ReturnType<typeof service.roles>, Role[]>(true);
  same<ReturnType<typeof service.role>, Role | undefined>(true);
  same<ReturnType<typeof service.createRole>, Role>(true);
  same<ReturnType<typeof service.updateRole>, Role>(true);
  same<ReturnType<typeof service.grant>, Role>(true);
  same<ReturnType<typeof service.revoke>, Role>(true);
  same<ReturnType<typeof service.deleteRole>, { role: Role; users: number; members: number }>(true);
  same<ReturnType<typeof service.setDefaultRole>, void>(true);
  same<ReturnType<typeof service.setUser>, void>(true);
  same<ReturnType<typeof service.removeUser>, boolean>(true);
  same<ReturnType<typeof service.createChannel>, void>(true);
  same<ReturnType<typeof service.removeChannel>, boolean>(true);
  same<ReturnType<typeof service.setMember>, void>(true);
  same<ReturnType<typeof service.removeMember>, boolean>(true);
  same<ReturnType<typeof service.invite>, void>(true);
  same<ReturnType<typeof service.acceptInvite>, void>(true);
  same<ReturnType<typeof service.declineInvite>, boolean>(true);
  same<ReturnType<typeof service.users>, User[]>(true);
  same<ReturnType<typeof service.channels>, Channel[]>(true);
  same<ReturnType<typeof service.members>, Member[]>(true);
  same<ReturnType<typeof service.invites>, Invite[]>(true);
  same<ReturnType<typeof service.whoCan>, string[]>(true);
  same<ReturnType<typeof service.preview>, Change[]>(true);
  same<ReturnType<typeof service.subscribe>, () => void>(true);
  same<ReturnType<typeof service.free>, void>(true);
  same<Change["channel"], string | undefined>(true);
  same<Change["owner"], "self" | "other" | null>(true);
  same<Channel["createdBy"], string | null>(true);
  same<Role["permissions"], string[]>(true);
  same<LoadReport["invites"], Counts>(true);
  same<
    LoadReport["warnings"],
    readonly { readonly code: WarningCode; readonly path: string; readonly message: string }[]
  >(true);
  same<Dialect, "chat" | "conversations">(true);
  same<Scope, "service" | "channel">(true);
  same<RoleType, "deployment" | "service" | "channel" | "conversation">(true);
}

/** The names of the tables can be asked about. */
export function tables(service: Service) {
  for (const { name, conversations } of PERMISSIONS) {
    service.grant("a", name);
    const permission: Permission | null = conversations;
    permission?.trim();
  }
  for (const { name } of ACTIONS) service.whoCan(name, {});
  // @ts-expect-error: the tables are only read
  ACTIONS.length = 0;
}

export function failing(error: unknown) {
  if (!(error instanceof RolecallError)) return;
  same<typeof error.code, ErrorCode>(true);
  same<typeof error.path, string | undefined>(true);
  if (error.code === "unknown-role") return;
  // @ts-expect-error: a code that there is not
  if (error.code === "unknown-roles") return;
  // @ts-expect-error: not every error is a denial
  error.status;
}

export function disposing() {
  using service = new Service();
  service.setUser("alice");
  // @ts-expect-error: nothing is awaited
  service[Symbol.asyncDispose]();
}
