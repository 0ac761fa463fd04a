import { Client } from "@twilio/conversations";
import { Service } from "rolecall";
import { follow } from "rolecall/twilio";

export async function connect(token: string): Promise<() => void> {
  const client = new Client(token);
  const service = new Service({ dialect: "conversations", roles: "none" });
  const stop = follow(client, service, { onError: (error) => console.error(error) });
  await stop.ready;
  return stop;
}
