import { Service } from "rolecall";
import access from "./access.json";

const service = Service.from(access);
const alice = service.ability("alice", "CH1");

const remove = document.createElement("button");
remove.id = "delete";
remove.textContent = "Delete";
const promote = document.createElement("button");
promote.id = "promote";
promote.textContent = "Promote";
promote.onclick = () => service.grant("channel user", "deleteAnyMessage");

const update = () => {
  remove.hidden = alice.cannot("deleteMessage", "bob");
};
alice.subscribe(update);
update();
document.querySelector("#app").append(remove, promote);
