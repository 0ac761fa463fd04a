// What the compiler accepts and refuses of an Ability. Nothing here is run.
import type {
  Ability,
  Action,
  Answers,
  Decision,
  OwnedAction,
  Permission,
  PlainAction,
  Reason,
  RoleName,
  Scope,
  Service,
} from "rolecall";
import { PermissionDenied } from "rolecall";

/** Compiles where both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

export function getting(service: Service, channel: string | undefined) {
  const ability: Ability = service.ability("alice", "CH1");
  service.ability("alice");
  service.ability("alice", channel);
  // @ts-expect-error: no channel is undefined, not null
  service.ability("alice", null);
  // @ts-expect-error: somebody's
  service.ability();
  same<typeof ability.identity, string>(true);
  same<typeof ability.channel, string | undefined>(true);
  same<typeof ability.version, number>(true);
  // @ts-expect-error: an ability is one user's
  ability.identity = "root";
  // @ts-expect-error: and in one channel
  ability.channel = "CH2";
}

export function checking(ability: Ability, author: string | null, forgotten: string | undefined) {
  same<boolean, ReturnType<typeof ability.can>>(true);
  ability.can("sendMessage");
  ability.can("joinConversation");
  ability.cannot("sendMessage");
  ability.can("deleteMessage", "alice");
  ability.can("deleteMessage", author);
  ability.cannot("editParticipantAttributes", author);
  // @ts-expect-error: a misspelled action
  ability.can("sendMesage");
  // @ts-expect-error: a permission is no action
  ability.can("deleteAnyMessage");
  // @ts-expect-error: any string is no action
  ability.can(author ?? "");
  // @ts-expect-error: whose?
  ability.can("deleteMessage");
  // @ts-expect-error: whose?
  ability.cannot("editUserInfo");
  // @ts-expect-error: whose?
  ability.explain("deleteMessage");
  // @ts-expect-error: whose?
  ability.require("deleteMessage");
  // @ts-expect-error: whose?
  ability.subscribe(() => {}, "deleteMessage");
  // @ts-expect-error: a number is no identity
  ability.can("deleteMessage", 5);
  // @ts-expect-error: a number is no identity
  ability.actions(5);

  const [row] = ability.canEach(["deleteMessage", "sendMessage"], ["alice", author]);
  same<typeof row, { readonly deleteMessage: boolean; readonly sendMessage: boolean } | undefined>(true);
  const asked = ["deleteMessage", "editMessage"] as const;
  const [other] = ability.canEach(asked, [author]);
  same<typeof other, { readonly deleteMessage: boolean; readonly editMessage: boolean } | undefined>(true);
  const chosen: readonly Action[] = ["editUserInfo"];
  same<ReturnType<typeof ability.canEach>, Answers[]>(true);
  ability.canEach(chosen, []);
  // @ts-expect-error: not asked for
  row?.editMessage;
  // @ts-expect-error: an answer is not to be changed
  if (row) row.sendMessage = true;
  // @ts-expect-error: a misspelled action
  ability.canEach(["sendMesage"], ["alice"]);
  // @ts-expect-error: a permission is no action
  ability.canEach(["deleteAnyMessage"], ["alice"]);
  // @ts-expect-error: whose?
  ability.canEach(["deleteMessage"]);
  // @ts-expect-error: to forget the owner is no way to say that there is none
  ability.canEach(["deleteMessage"], [forgotten]);
  // @ts-expect-error: a list, also of one
  ability.canEach(["deleteMessage"], "alice");

  ability.require("deleteMessage", author);
  ability.explain("deleteMessage", author);
  // @ts-expect-error: a misspelled action
  ability.explain("deleteMesage", author);
  // @ts-expect-error: a misspelled action
  ability.require("");
  ability.has("deleteAnyMessage");
  // @ts-expect-error: an action is no permission
  ability.has("deleteMessage");
  same<ReturnType<typeof ability.permissions>, Permission[]>(true);
  same<ReturnType<typeof ability.actions>, Action[]>(true);
  same<ReturnType<typeof ability.explain>, Decision>(true);
  same<ReturnType<typeof ability.require>, void>(true);
  same<ReturnType<typeof ability.subscribe>, () => void>(true);
  // @ts-expect-error: a listener is a function
  ability.subscribe({});
  // Detached, as a store of React takes it.
  const { subscribe } = ability;
  subscribe(() => {});
}

/** A button of a design system, which is passed any action, and an owner or none. */
export function button(ability: Ability, action: Action, owner: string | null | undefined, listener: () => void) {
  same<boolean, ReturnType<typeof ability.cannot>>(true);
  if (ability.cannot(action, owner) || !ability.can(action, owner)) return ability.explain(action, owner).message;
  ability.require(action, owner);
  return ability.subscribe(listener, action, owner);
}

/** What a component's test puts in place of an ability. */
export const fake: Ability = {
  identity: "alice",
  channel: undefined,
  version: 1,
  can: () => true,
  cannot: () => false,
  canEach: () => [],
  has: () => true,
  permissions: () => ["sendMessage"],
  actions: () => ["sendMessage"],
  explain: (action: Action) => ({ allowed: true, action, message: "" }),
  require() {},
  subscribe: () => () => {},
};

/** What is known after `allowed` was looked at. */
export function narrowing(decision: Decision) {
  same<typeof decision.message, string>(true);
  same<typeof decision.action, Action>(true);
  same<typeof decision.reason, Reason | undefined>(true);
  same<typeof decision.missing, Permission[] | undefined>(true);
  same<typeof decision.grantedBy, RoleName[] | undefined>(true);
  // @ts-expect-error: not known yet
  decision.permission;
  if (decision.reason === "not-owner") same<typeof decision.missing, Permission[]>(true);
  if (decision.allowed) {
    same<typeof decision.permission, Permission | undefined>(true);
    same<typeof decision.role, RoleName | undefined>(true);
    same<RoleName, { sid: string; friendlyName: string; scope: Scope }>(true);
    // @ts-expect-error: membership alone may allow it
    decision.role.sid;
    same<typeof decision.reason, undefined>(true);
    // @ts-expect-error: there is none
    decision.status;
  } else {
    same<typeof decision.reason, Reason>(true);
    same<typeof decision.missing, Permission[]>(true);
    same<typeof decision.status, 403>(true);
    same<typeof decision.twilioCode, number>(true);
    // @ts-expect-error: there is none
    decision.role;
    // @ts-expect-error: a reason that there is not
    if (decision.reason === "not-allowed") return;
  }
}

/** A switch over the reasons that leaves none out. */
export function sentence(reason: Reason): string {
  switch (reason) {
    case "unknown-user":
    case "unknown-channel":
    case "no-counterpart":
      return "unknown";
    case "not-a-member":
    case "already-a-member":
    case "not-visible":
    case "closed":
      return "elsewhere";
    case "not-owner":
    case "unknown-owner":
      return "someone else's";
    case "unknown-role":
    case "missing-permission":
      return "not granted";
    default:
      return reason satisfies never;
  }
}

export function denied(error: unknown) {
  if (!(error instanceof PermissionDenied)) return;
  same<typeof error.status, 403>(true);
  same<typeof error.twilioCode, number>(true);
  // A denial's decision is a denial.
  same<typeof error.decision.reason, Reason>(true);
}

/** Every action is either plain or owned. */
export function kinds(plain: PlainAction, owned: OwnedAction) {
  const actions: Action[] = [plain, owned];
  same<PlainAction & OwnedAction, never>(true);
  same<Exclude<Action, PlainAction | OwnedAction>, never>(true);
  return actions;
}
