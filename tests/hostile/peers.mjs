// What other libraries for permissions answer to hostile questions, and what rolecall does: `node tests/hostile/peers.mjs` prints
// the table of docs/hostile-input.md. Those that are no development packages here are looked for in `PEERS`, a folder into
// which they were installed, and left out where they are not.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Random } from "./random.mjs";
import { hostile } from "./values.mjs";

const here = fileURLToPath(new URL("../../", import.meta.url));

/** Bob may read, and change what is his own. How each is told so, and asked. */
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
};

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
  const random = new Random("peers");
  const world = { callBack() {}, service: {}, ability: {}, rolecall: await import("rolecall") };
  for (let turn = 0; turn < 5000; turn++) {
    const value = hostile(random, world);
    if (value === peer.allowed) continue;
    const said = await answer(() => peer.can(value));
    found.hostile[said] = (found.hostile[said] ?? 0) + 1;
  }
  found.ownOfNobody = peer.ownOfNobody ? await answer(peer.ownOfNobody) : "";
  found.ownUnasked = peer.ownUnasked ? await answer(peer.ownUnasked) : "";
  found.takenBack = peer.takeBack ? await answer(peer.takeBack) : "";
  return found;
}

const list = (names) => [...names].map((name) => `\`${name}\``).join(", ") || "none";

console.log(
  "| library | inherited names allowed | denied, but allowed under a polluted `Object.prototype` | 5,000 hostile actions | own of nobody | after it was taken back |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
process.on("unhandledRejection", () => {});
for (const [name, make] of Object.entries(PEERS)) {
  const folder = [here, process.env.PEERS].find((folder) => folder && existsSync(join(folder, "node_modules", name)));
  if (!folder) continue;
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
  const { resolve } = createRequire(join(folder, "index.js"));
  try {
    const module = await import(folder === here ? name : pathToFileURL(resolve(name)));
    const found = await measure(() => make({ ...module.default, ...module }));
    const hostileAnswers = Object.entries(found.hostile)
      .map(([said, count]) => `${said} ${count}`)
      .join(", ");
    const own = [found.ownOfNobody, found.ownUnasked && `${found.ownUnasked} where no message is given`]
      .filter(Boolean)
      .join("; ");
    console.log(
      `| ${name} ${version} | ${list(found.inherited)} | ${list(found.polluted)} | ${hostileAnswers} | ${own} | ${found.takenBack} |`,
    );
  } catch (error) {
    console.log(`| ${name} ${version} | could not be measured: ${error.message} | | | | |`);
  }
}
