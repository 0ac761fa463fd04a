// What other libraries for permissions answer to hostile questions, and what rolecall does: `node tests/hostile/peers.mjs` prints
// the table of docs/hostile-input.md. Those that are no development packages here are looked for in `PEERS`, a folder into
// which they were installed, and left out where they are not. Biscuit takes `node --experimental-wasm-modules`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Random } from "./random.mjs";
import { hostile } from "./values.mjs";

const here = fileURLToPath(new URL("../../", import.meta.url));

/** Bob may read, and change what is his own. How each is told so, and asked, by the name of the module. */
const PEERS = {
  rolecall: async ({ Service }) => {
    const service = Service.from({
      roles: [{ sid: "RL1", type: "channel", permissions: ["sendMessage", "editOwnMessage"] }],
      members: [{ channel_sid: "CH1", identity: "bob", role_sid: "RL1" }],
    });
    return {
      allowed: "sendMessage",
      denied: "removeMember",
      can: (action) => service.ability("bob", "CH1").can(action),
      explained: (action) => service.ability("bob", "CH1").explain(action).allowed,
      ownOfNobody: () => service.ability(undefined, "CH1").can("editMessage", undefined),
      takeBack() {
        service.updateRole("RL1", ["editOwnMessage"]);
        return service.ability("bob", "CH1").can("sendMessage");
      },
    };
  },
  "@casl/ability": async ({ createMongoAbility }) => {
    const make = (rules) => createMongoAbility(rules);
    const user = {};
    const ability = make([
      { action: "read", subject: "Message" },
      { action: "edit", subject: "Message", conditions: { author: user.id } },
    ]);
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => ability.can(action, "Message"),
      ownOfNobody: () => ability.can("edit", { constructor: { modelName: "Message", name: "Message" } }),
      ownUnasked: () => ability.can("edit", "Message"),
      takeBack() {
        ability.update([]);
        return ability.can("read", "Message");
      },
    };
  },
  permix: async ({ createPermix }) => {
    const permix = createPermix();
    permix.setup({ message: { read: true } });
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => permix.check("message", action),
      takeBack() {
        permix.setup({ message: { read: false } });
        return permix.check("message", "read");
      },
    };
  },
  casbin: async ({ newModel, newCachedEnforcer, StringAdapter }) => {
    const model = newModel(`[request_definition]
r = sub, act
[policy_definition]
p = sub, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.act == p.act`);
    const enforcer = await newCachedEnforcer(model, new StringAdapter("p, bob, read"));
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => enforcer.enforce("bob", action),
      async takeBack() {
        await enforcer.removePolicy("bob", "read");
        return enforcer.enforce("bob", "read");
      },
    };
  },
  "casbin.js": async ({ Authorizer }) => {
    const authorizer = new Authorizer("manual");
    authorizer.setPermission({ read: ["message"] });
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => authorizer.can(action, "message"),
      async takeBack() {
        authorizer.setPermission({});
        return authorizer.can("read", "message");
      },
    };
  },
  "easy-rbac": async (module) => {
    const rbac = new (module.default ?? module)({
      user: { can: ["read", { name: "edit", when: async ({ user, author }) => user === author }] },
    });
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => rbac.can("user", action),
      ownOfNobody: () => rbac.can("user", "edit", {}),
    };
  },
  "role-acl": async ({ AccessControl }) => {
    const access = new AccessControl();
    const condition = { Fn: "EQUALS", args: { requester: "$.owner" } };
    access.grant("user").execute("read").on("message").grant("user").condition(condition).execute("edit").on("message");
    const can = async (action, context = {}) =>
      (await access.can("user").context(context).execute(action).on("message")).granted;
    return { allowed: "read", denied: "remove", can, ownOfNobody: () => can("edit", { requester: undefined }) };
  },
  // Its ES build: what `import` finds in Node is no module.
  "react-abac/dist/index.es.js": async ({ rolesHavePermissions }) => {
    const rules = { user: { read: true, edit: (message, user) => message.author === user.id } };
    const can = (action) => rolesHavePermissions(rules, ["user"], [], action, {}, {});
    return { allowed: "read", denied: "remove", can, ownOfNobody: () => can("edit") };
  },
  accesscontrol: async ({ AccessControl }) => {
    const grant = (action) => ({ role: "user", resource: "message", action, attributes: ["*"] });
    const access = new AccessControl([grant("read"), grant("edit:own")], { policy: { ownerField: "author" } });
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => access.can("user").do(action, "message").granted,
      ownOfNobody: () => access.can("user", { user: {}, message: {} }).do("edit:own", "message").granted,
      takeBack() {
        access.setGrants([grant("edit:own")]);
        return access.can("user").do("read", "message").granted;
      },
    };
  },
  "better-auth/plugins/access": async ({ createAccessControl }) => {
    const role = createAccessControl({ message: ["read", "remove"] }).newRole({ message: ["read"] });
    return {
      allowed: "read",
      denied: "remove",
      can: (action) => role.authorize({ message: [action] }).success,
    };
  },
  "@cedar-policy/cedar-wasm/nodejs": async ({ isAuthorized }) => {
    const staticPolicies = `permit(principal, action == Action::"read", resource);
      permit(principal, action == Action::"edit", resource) when { resource.author == principal.id };`;
    const entity = (type, attrs) => ({ uid: { type, id: "1" }, attrs, parents: [] });
    const can = (action) => {
      const answer = isAuthorized({
        principal: { type: "User", id: "1" },
        action: { type: "Action", id: action },
        resource: { type: "Message", id: "1" },
        context: {},
        policies: { staticPolicies },
        entities: [entity("User", {}), entity("Message", {})],
      });
      if (answer.type !== "success") throw new Error(answer.errors[0].message);
      return answer.response.decision === "allow";
    };
    return { allowed: "read", denied: "remove", can, ownOfNobody: () => can("edit") };
  },
  "@biscuit-auth/biscuit-wasm": async ({ AuthorizerBuilder, Fact }) => {
    const can = (action) => {
      const builder = new AuthorizerBuilder();
      builder.addCode(`right("read"); allow if operation($action), right($action);
        allow if operation("edit"), user($user), author($user);`);
      const fact = Fact.fromString("operation({action})");
      fact.set("action", action);
      builder.addFact(fact);
      const authorizer = builder.buildUnauthenticated();
      try {
        authorizer.authorize();
        return true;
      } catch (error) {
        if (error?.FailedLogic) return false;
        throw error;
      } finally {
        authorizer.free();
      }
    };
    return { allowed: "read", denied: "remove", can, ownOfNobody: () => can("edit") };
  },
};

/** The package that a module is of. */
const packageOf = (name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/");

/** Imports what was installed elsewhere: a module there finds it. */
async function importFrom(folder, name) {
  const loader = join(folder, "load.mjs");
  writeFileSync(loader, "export const load = (name) => import(name);\n");
  const { load } = await import(pathToFileURL(loader));
  return load(name);
}

const INHERITED = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "__defineGetter__"];
const POLLUTION = [
  "remove",
  "delete",
  "removeMember",
  "*",
  "conditions",
  "fields",
  "inverted",
  "granted",
  "allowed",
  "Message",
];

/** "yes", "no", or what is thrown. Anything that a program would take for a yes is one. */
async function answer(call) {
  try {
    return (await call()) ? "yes" : "no";
  } catch (error) {
    return error instanceof Error ? error.name : "a thrown value";
  }
}

async function polluted(name, descriptor, call) {
  Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, ...descriptor });
  try {
    return await answer(call);
  } finally {
    delete Object.prototype[name];
  }
}

async function measure(make) {
  const peer = await make();
  if ((await answer(() => peer.can(peer.allowed))) !== "yes") throw new Error("what is allowed is not");
  if ((await answer(() => peer.can(peer.denied))) === "yes") throw new Error("what is denied is not");
  const found = { inherited: [], polluted: new Set(), hostile: {} };
  for (const name of INHERITED) if ((await answer(() => peer.can(name))) === "yes") found.inherited.push(name);
  for (const name of POLLUTION) {
    for (const value of [true, ["*"], () => true]) {
      for (const descriptor of [
        { value, writable: true },
        { get: () => value, set() {} },
      ]) {
        for (const ask of [peer.can, peer.explained].filter(Boolean)) {
          if ((await polluted(name, descriptor, () => ask(peer.denied))) === "yes") found.polluted.add(name);
        }
      }
    }
  }
  found.ownOfNobody = peer.ownOfNobody ? await answer(peer.ownOfNobody) : "";
  found.ownUnasked = peer.ownUnasked ? await answer(peer.ownUnasked) : "";
  const random = new Random("peers");
  const world = { callBack() {}, service: {}, ability: {}, rolecall: await import("rolecall") };
  for (let turn = 0; turn < 5000; turn++) {
    const value = hostile(random, world);
    if (value === peer.allowed) continue;
    const said = await answer(() => peer.can(value));
    found.hostile[said] = (found.hostile[said] ?? 0) + 1;
  }
  found.afterwards = await answer(() => peer.can(peer.allowed));
  found.takenBack = peer.takeBack ? await answer(peer.takeBack) : "";
  return found;
}

const list = (names) => [...names].map((name) => `\`${name}\``).join(", ") || "none";

console.log(
  "| library | inherited names allowed | denied, but allowed under a polluted `Object.prototype` | 5,000 hostile actions | what is allowed, asked after them | own of nobody | after it was taken back |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- |");
process.on("unhandledRejection", () => {});
for (const [name, make] of Object.entries(PEERS)) {
  const installed = join("node_modules", packageOf(name), "package.json");
  const folder = [here, process.env.PEERS].find((folder) => folder && existsSync(join(folder, installed)));
  if (!folder) continue;
  const said = `${packageOf(name)} ${JSON.parse(readFileSync(join(folder, installed), "utf8")).version}`;
  try {
    const module = await (folder === here ? import(name) : importFrom(folder, name));
    const found = await measure(() => make({ ...module.default, ...module }));
    const hostileAnswers = Object.entries(found.hostile)
      .map(([said, count]) => `${said} ${count}`)
      .join(", ");
    const own = [found.ownOfNobody, found.ownUnasked && `${found.ownUnasked} where no message is given`]
      .filter(Boolean)
      .join("; ");
    console.log(
      `| ${said} | ${list(found.inherited)} | ${list(found.polluted)} | ${hostileAnswers} | ${found.afterwards} | ${own} | ${found.takenBack} |`,
    );
  } catch (error) {
    console.log(`| ${said} | could not be measured: ${error.message} | | | | | |`);
  }
}
// Biscuit's finalizers throw after what it was asked.
process.exit();
