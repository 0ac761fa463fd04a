import { PermissionDenied, Service } from "rolecall";
import access from "./access.json";
import { equal, failure, verdict } from "./verdict.js";
import * as widget from "./widget/widget.js";

await verdict(async () => {
  equal(Service === widget.Service, false);
  const application = Service.from(access);
  const fromOther = widget.Service.from(application);
  equal(JSON.stringify(fromOther), JSON.stringify(application));

  application.grant("channel user", "deleteAnyMessage");
  const alice = fromOther.ability("alice", "CH1");
  equal(alice.can("deleteMessage", "bob"), false);
  const error = await failure(() => alice.require("deleteMessage", "bob"));
  equal(error instanceof PermissionDenied, false);
  equal(error.name, "PermissionDenied");
  equal(error.status, 403);

  fromOther.load(application);
  equal(alice.can("deleteMessage", "bob"), true);
});
