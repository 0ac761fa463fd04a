// The model lives in the worker; the page only hears what it may show.
import { Service } from "rolecall";
import access from "./access.json";

const service = Service.from(access);
const alice = service.ability("alice", "CH1");
const tell = () => postMessage({ mayDelete: alice.can("deleteMessage", "bob") });
alice.subscribe(tell);
addEventListener("message", () => service.grant("channel user", "deleteAnyMessage"));
tell();
