import { type Decision, init, type Payload, PermissionDenied, RolecallError, Service } from "rolecall";
import { toCedar } from "rolecall/cedar";
import { bind } from "rolecall/dom";
import * as slim from "rolecall/slim";
import { can } from "rolecall/svelte";

export function show(payload: Payload, root: Element): () => void {
  const service = Service.from(payload, { identity: "alice" });
  const alice = service.ability("alice", "CH1");
  const plain: boolean = alice.can("sendMessage");
  const owned: boolean = alice.can("deleteMessage", null);
  const decision: Decision = alice.explain("deleteMessage", "bob");
  if (decision.allowed) console.log(plain, owned, decision.role?.friendlyName);
  else console.log(decision.reason, decision.missing.length, decision.grantedBy.length, decision.status);

  // @ts-expect-error: an owned action asks for the owner.
  alice.can("deleteMessage");
  // @ts-expect-error: there is no such action.
  alice.can("deleteMesage", "bob");
  // @ts-expect-error: nor here.
  alice.require("sendMesage");
  // @ts-expect-error: nor here.
  alice.explain("deleteMesage", "bob");

  const rows = alice.canEach(["deleteMessage", "editMessage"], ["bob", null]);
  const exact: readonly { readonly deleteMessage: boolean; readonly editMessage: boolean }[] = rows;
  for (const row of rows) {
    // @ts-expect-error: it was not asked for.
    console.log(row.sendMessage);
    // @ts-expect-error: rows are frozen.
    row.editMessage = true;
  }
  // @ts-expect-error: there is no such action.
  alice.canEach(["deleteMesage"], ["bob"]);
  // @ts-expect-error: nor here. The types of stores need no Svelte.
  console.log(exact.length, can(alice, "deleteMessage", "bob").subscribe, can(alice, "sendMesage"));
  const stop = alice.subscribe(() => console.log(alice.version), "deleteMessage", "bob");
  stop();
  console.log(service.load({ roles: [] }, { replace: true }).roles.removed, toCedar(service));
  return bind(root, alice);
}

export async function start(wasm: WebAssembly.Module): Promise<slim.Service> {
  await init();
  await slim.init(wasm);
  return new slim.Service({ dialect: "conversations" });
}

export const isDenial = (error: unknown): error is PermissionDenied => error instanceof PermissionDenied;
export const codeOf = (error: unknown) => (error instanceof RolecallError ? error.code : undefined);
