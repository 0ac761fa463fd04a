// A program of somebody whose settings are not ours. It is compiled, and nothing here is run.
import { type Ability, type Decision, init, PermissionDenied, RolecallError, Service } from "rolecall";

export async function start(address: string): Promise<Ability> {
  await init();
  const service = Service.from(await (await fetch(address)).json());
  const alice = service.ability("alice", "CH1");
  const stop = alice.subscribe(() => console.log(alice.can("sendMessage"), alice.can("deleteMessage", "bob")));
  try {
    alice.require("deleteMessage", "bob");
  } catch (error) {
    if (error instanceof PermissionDenied) console.error(error.status, error.decision.message);
    else if (error instanceof RolecallError) console.error(error.code, error.path);
  }
  const decision: Decision = alice.explain("deleteMessage", "bob");
  if (!decision.allowed) console.log(decision.reason);
  stop();
  return alice;
}
