import { Service } from "rolecall";
import { bind } from "rolecall/dom";

const service = Service.from(await (await fetch("./access.json")).json());
bind(document.body, service.ability("alice", "CH1"));
document.querySelector("#promote").onclick = () => service.grant("channel user", "deleteAnyMessage");
