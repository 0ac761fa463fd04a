// What `rolecall/cedar` writes is what Cedar's own package takes.
import { isAuthorized, validate } from "@cedar-policy/cedar-wasm/nodejs";
import { Service } from "rolecall";
import { toCedar } from "rolecall/cedar";

const { policies, schema, entities, request, entitiesFor } = toCedar(new Service());

validate({ schema, policies: { staticPolicies: policies }, validationSettings: { mode: "strict" } });
isAuthorized({
  ...request("alice", "CH1", "deleteMessage", "bob"),
  policies: { staticPolicies: policies },
  entities,
  schema,
});
isAuthorized({
  ...request("alice", undefined, "createChannel"),
  policies: { staticPolicies: policies },
  entities: entitiesFor("alice"),
});

// @ts-expect-error no such action
request("alice", "CH1", "flyAway");
// @ts-expect-error no service
toCedar({});
