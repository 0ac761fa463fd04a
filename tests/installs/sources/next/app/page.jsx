// A server component: it asks while the page is rendered, and hands plain rows to the client.
import { Service } from "rolecall";
import access from "../access.json";
import { Message } from "./message.jsx";

export default function Page() {
  const service = Service.from(access);
  const owned = service.ability("alice", "CH1").can("deleteMessage", "alice");
  return (
    <>
      <p id="server">{owned ? "The server says: her own, yes" : "The server says no"}</p>
      <Message access={access} />
    </>
  );
}
