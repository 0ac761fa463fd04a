import { refuses } from "./shared/check.mjs";
import { DEFAULT_ROLES } from "./shared/seed.mjs";
import { channelOf } from "./shared/town.mjs";

export const tests = {
  "a new service has exactly the documented default roles, in its dialect": ({ Service }, assert) => {
    const table = [
      [undefined, "chat"],
      [{}, "chat"],
      [{ dialect: undefined, roles: undefined }, "chat"],
      [{ roles: "default" }, "chat"],
      [{ dialect: "chat" }, "chat"],
      [{ dialect: "conversations" }, "conversations"],
    ];
    for (const [options, dialect] of table) {
      const service = new Service(options);
      assert.equal(service.dialect, dialect);
      const roles = service.roles();
      assert.deepEqual(
        roles,
        DEFAULT_ROLES[dialect].map(([friendlyName, type, permissions], at) => ({
          sid: roles[at]?.sid,
          friendlyName,
          type,
          permissions,
        })),
      );
      for (const { sid } of roles) assert.match(sid, /^RL[0-9a-f]{32}$/);
      assert.equal(new Set(roles.map(({ sid }) => sid)).size, 4);
      assert.deepEqual([service.users(), service.channels(), service.lastLoad], [[], [], undefined]);
    }
  },

  "the default roles are Service User, Channel User, and Channel Admin for the creator": ({ Service }, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = new Service({ dialect });
      service.setUser("alice");
      service.createChannel({ sid: "CH1", createdBy: "alice" });
      service.joinChannel("CH1", "alice");
      service.setMember("CH1", "bob");
      const name = (sid) => service.role(sid).friendlyName;
      assert.deepEqual(
        service.users().map(({ identity, roleSid }) => [identity, name(roleSid)]),
        [["alice", "Service User"]],
      );
      assert.deepEqual(
        service.members("CH1").map(({ identity, roleSid }) => [identity, name(roleSid)]),
        [
          ["alice", "Channel Admin"],
          ["bob", "Channel User"],
        ],
      );
    }
  },

  "no two services give their roles the same SIDs": ({ Service }, assert) => {
    const sids = [new Service(), new Service()].flatMap((service) => service.roles().map(({ sid }) => sid));
    assert.equal(new Set(sids).size, 8);
  },

  'roles: "none" leaves the default roles and the defaults out': (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = new rolecall.Service({ dialect, roles: "none" });
      assert.deepEqual(service.roles(), []);
      assert.equal(service.dialect, dialect);
      const context = { rolecall, assert, service };
      refuses(context, () => service.setUser("alice"), "no-default-role");
      service.createChannel({ sid: "CH1", createdBy: "alice" });
      refuses(context, () => service.setMember("CH1", "alice"), "no-default-role");
      refuses(context, () => service.joinChannel("CH1", "alice"), "no-default-role");
      refuses(context, () => service.joinChannel("CH1", "bob"), "no-default-role");
    }
  },

  "wrong options are refused": (rolecall, assert) => {
    const { Service } = rolecall;
    // The options, and the code and the path of the error.
    const table = [
      [{ dialect: "sms" }, "invalid-dialect", "dialect"],
      [{ dialect: "Chat" }, "invalid-dialect", "dialect"],
      [{ dialect: "" }, "invalid-dialect", "dialect"],
      [{ dialect: 5 }, "invalid-argument", "dialect"],
      [{ dialect: null }, "invalid-argument", "dialect"],
      [{ dialect: "\ud800" }, "invalid-string", "dialect"],
      [{ roles: "all" }, "invalid-argument", "roles"],
      [{ roles: [] }, "invalid-argument", "roles"],
      [{ roles: null }, "invalid-argument", "roles"],
      [null, "invalid-argument", "options"],
      ["chat", "invalid-argument", "options"],
      [5, "invalid-argument", "options"],
    ];
    for (const [options, code, path] of table) {
      refuses({ rolecall, assert }, () => new Service(options), code, path, String(JSON.stringify(options)));
    }
    const ofFrom = [
      [{ dialect: "sms" }, "invalid-dialect", "dialect"],
      [{ dialect: 5 }, "invalid-argument", "dialect"],
      [null, "invalid-argument", "options"],
      ["chat", "invalid-argument", "options"],
    ];
    for (const [options, code, path] of ofFrom) {
      refuses({ rolecall, assert }, () => Service.from({}, options), code, path, String(JSON.stringify(options)));
    }
  },

  "from holds only what the payload holds": ({ Service }, assert) => {
    assert.deepEqual(Service.from({}).toJSON(), new Service({ roles: "none" }).toJSON());
    const service = Service.from({
      roles: [{ sid: "RL1", friendly_name: "Mod", type: "channel", permissions: ["deleteAnyMessage"] }],
      members: { channel_sid: "CH1", identity: "alice", role_sid: "RL1" },
    });
    assert.deepEqual(service.roles(), [
      { sid: "RL1", friendlyName: "Mod", type: "channel", permissions: ["deleteAnyMessage"] },
    ]);
    assert.deepEqual(service.users(), []);
    assert.deepEqual(service.channels(), [channelOf("CH1")]);
    assert.isTrue(service.ability("alice", "CH1").can("deleteMessage", "bob"));
  },

  "from reads the dialect from the payload unless one is given": ({ Service }, assert) => {
    const role = (type) => ({ sid: "RL1", friendly_name: "a", type, permissions: ["editOwnMessage"] });
    // The payload, the dialect read from it, and the type of its role in Chat and in Conversations.
    const table = [
      [{}, "chat"],
      [{ users: [] }, "chat"],
      [{ roles: [role("deployment")] }, "chat", "deployment", "service"],
      [{ roles: { roles: [role("service")], meta: {} } }, "conversations", "deployment", "service"],
      [{ roles: role("channel") }, "chat", "channel", "conversation"],
      [{ roles: [role("conversation")] }, "conversations", "channel", "conversation"],
      [{ conversations: [] }, "conversations"],
      [{ participants: [] }, "conversations"],
      [{ configuration: {} }, "conversations"],
      [{ participants: [], roles: [role("channel")] }, "chat", "channel", "conversation"],
      [{ rolecall: "1", dialect: "conversations", users: [] }, "conversations"],
      [
        { rolecall: "2", dialect: "conversations", roles: [role("channel")] },
        "conversations",
        "channel",
        "conversation",
      ],
    ];
    for (const [payload, dialect, ...types] of table) {
      const about = JSON.stringify(payload);
      assert.equal(Service.from(payload).dialect, dialect, about);
      assert.equal(Service.from(payload, {}).dialect, dialect, about);
      assert.equal(Service.from(payload, { dialect: undefined }).dialect, dialect, about);
      for (const [at, given] of ["chat", "conversations"].entries()) {
        const service = Service.from(payload, { dialect: given });
        assert.equal(service.dialect, given, about);
        assert.deepEqual(
          service.roles().map(({ type }) => type),
          types.slice(at, at + 1),
          about,
        );
      }
    }
  },

  "from refuses what is no payload": (rolecall, assert) => {
    const { Service } = rolecall;
    const none = [undefined, null, true, 5, 5n, "{}", Symbol("payload"), () => {}, [], [{}]];
    for (const payload of none) {
      const about = String(typeof payload === "object" ? JSON.stringify(payload) : payload?.toString());
      refuses({ rolecall, assert }, () => Service.from(payload), "invalid-payload", undefined, about);
      refuses(
        { rolecall, assert },
        () => Service.from(payload, { dialect: "chat" }),
        "invalid-payload",
        undefined,
        about,
      );
    }
  },

  "the package has no other entry points": (rolecall, assert) => {
    assert.sameMembers(Object.keys(rolecall), [
      "ACTIONS",
      "PERMISSIONS",
      "PermissionDenied",
      "RolecallError",
      "Service",
      "init",
    ]);
  },

  "the tables name every action and permission, in both dialects": (rolecall, assert) => {
    const service = (dialect) => new rolecall.Service({ dialect });
    assert.equal(rolecall.ACTIONS.length, 19);
    assert.equal(rolecall.PERMISSIONS.length, 23);
    for (const dialect of ["chat", "conversations"]) {
      const ability = service(dialect).ability("nobody");
      for (const { name, conversations } of rolecall.ACTIONS) {
        assert.isFalse(ability.can(name, null), name);
        const written = dialect === "chat" ? name : (conversations ?? name);
        assert.equal(ability.explain(name).action, written);
        if (conversations !== null) assert.equal(ability.explain(conversations).action, written);
      }
    }
    for (const row of rolecall.PERMISSIONS) {
      for (const [type, valid] of [
        ["deployment", row.service],
        ["channel", row.channel],
      ]) {
        const create = () => service("chat").createRole({ friendlyName: "a", type, permissions: [row.name] });
        if (valid) assert.deepEqual(create().permissions, [row.name]);
        else refuses({ rolecall, assert }, create, "out-of-scope", "permissions[0]", `${row.name} in ${type}`);
      }
    }
  },

  "init may be called before, concurrently, and after, and need not be": async ({ Service, init }, assert) => {
    assert.equal(await init(), undefined);
    new Service();
    assert.deepEqual(await Promise.all([init(), init()]), [undefined, undefined]);
    assert.instanceOf(init(), Promise);
  },
};
