import { refuses } from "./shared/check.mjs";
import { CHANNEL_USER, SERVICE_USER } from "./shared/seed.mjs";
import { sidOf, town } from "./shared/town.mjs";

const SID = "RL0123456789abcdef0123456789abcdef";

export const tests = {
  "roles() lists the roles of one scope or of both": ({ Service }, assert) => {
    const names = (service, ...scope) => service.roles(...scope).map(({ friendlyName }) => friendlyName);
    for (const dialect of ["chat", "conversations"]) {
      const service = new Service({ dialect });
      assert.deepEqual(names(service), ["Service Admin", "Service User", "Channel Admin", "Channel User"]);
      assert.deepEqual(names(service, undefined), names(service));
      assert.deepEqual(names(service, "service"), ["Service Admin", "Service User"]);
      assert.deepEqual(names(service, "channel"), ["Channel Admin", "Channel User"]);
    }
  },

  "what roles() gives is a copy": ({ Service }, assert) => {
    const service = new Service();
    service.roles()[0].permissions.length = 0;
    service.roles()[0].friendlyName = "changed";
    assert.equal(service.roles()[0].friendlyName, "Service Admin");
    assert.lengthOf(service.roles()[0].permissions, 13);
  },

  "role() finds by SID, or by friendly name without ASCII case": ({ Service }, assert) => {
    const service = new Service({ roles: "none" });
    const create = (friendlyName, sid) =>
      service.createRole({ friendlyName, type: "channel", permissions: ["sendMessage"], sid });
    const made = create("Ärzte im Dienst", SID);
    create("ΑΘΗΝΑ");
    create("Дежурный");
    create("部長");
    create("Émile 👩‍👩‍👧");
    // A role that is called as another's SID.
    create(SID, "RL2");
    const table = [
      [SID, "Ärzte im Dienst"],
      ["Ärzte im Dienst", "Ärzte im Dienst"],
      ["Ärzte IM dienst", "Ärzte im Dienst"],
      ["ÄRZTE IM DIENST", "Ärzte im Dienst"],
      ["ΑΘΗΝΑ", "ΑΘΗΝΑ"],
      ["Дежурный", "Дежурный"],
      ["部長", "部長"],
      ["ÉMILE 👩‍👩‍👧", "Émile 👩‍👩‍👧"],
      // Only the letters of ASCII have a case.
      ["ärzte im dienst", undefined],
      ["αθηνα", undefined],
      ["ДЕЖУРНЫЙ", undefined],
      ["éMILE 👩‍👩‍👧", undefined],
      ["RL2", SID],
      // A SID is compared as it is, a name as a whole.
      ["rl2", undefined],
      ["Ärzte", undefined],
      [" Ärzte im Dienst", undefined],
      ["Arzte im Dienst", undefined],
      ["", undefined],
      ["__proto__", undefined],
    ];
    for (const [ref, name] of table) assert.equal(service.role(ref)?.friendlyName, name, ref);
    assert.deepEqual(service.role("Ärzte im dienst"), made);
    assert.deepEqual(made, {
      sid: SID,
      friendlyName: "Ärzte im Dienst",
      type: "channel",
      permissions: ["sendMessage"],
    });
  },

  "a name that more than one role has is ambiguous, everywhere": (rolecall, assert) => {
    const service = town(rolecall);
    const create = (friendlyName, sid) =>
      service.createRole({ friendlyName, type: "channel", permissions: ["sendMessage"], sid });
    create("Helper", "RL1");
    create("HELPER", "RL2");
    // One in the other scope as well, so that each of these needs the two.
    service.createRole({ friendlyName: "hELPER", type: "deployment", permissions: ["addMember"], sid: "RL3" });
    service.createRole({ friendlyName: "helpeR", type: "deployment", permissions: ["addMember"], sid: "RL4" });
    const context = { rolecall, assert, service };
    const table = [
      (ref) => service.role(ref),
      (ref) => service.updateRole(ref, ["sendMessage"]),
      (ref) => service.grant(ref, "sendMediaMessage"),
      (ref) => service.revoke(ref, "sendMessage"),
      (ref) => service.deleteRole(ref),
      (ref) => service.setDefaultRole("member", ref),
      (ref) => service.setUser("bob", ref),
      (ref) => service.setMember("CH1", "bob", ref),
      (ref) => service.invite("CH1", "bob", ref),
    ];
    for (const call of table) {
      const error = refuses(
        context,
        () => call("helper"),
        "ambiguous-role",
        /setUser|setMember|invite/.test(call) ? "role" : "ref",
        String(call),
      );
      const sids = String(call).includes("setUser") ? ["RL3", "RL4"] : ["RL1", "RL2"];
      for (const sid of sids) assert.include(error.message, sid);
    }
    assert.equal(service.role("RL1").friendlyName, "Helper");
    for (const sid of ["RL2", "RL3", "RL4"]) service.deleteRole(sid);
    assert.equal(service.role("helper").sid, "RL1");
  },

  "a name in both scopes is looked up in the scope that the call needs": (rolecall, assert) => {
    // Each has a lead and a helper in both scopes.
    const both = () => {
      const service = town(rolecall);
      for (const name of ["Lead", "Helper"]) {
        for (const [type, permission] of [
          ["deployment", "addMember"],
          ["channel", "sendMessage"],
        ]) {
          service.createRole({ friendlyName: name, type, permissions: [permission], sid: `${name} ${type}` });
        }
      }
      return service;
    };
    // The call, and the SID of the role that it chose.
    const assigned = [
      [(service) => service.setUser("bob", "lead"), (service) => service.users()[2].roleSid, "Lead deployment"],
      [
        (service) => service.setMember("CH1", "bob", "lead"),
        (service) => service.members("CH1")[1].roleSid,
        "Lead channel",
      ],
      [
        (service) => service.invite("CH1", "dora", "LEAD"),
        (service) => service.invites("CH1")[1].roleSid,
        "Lead channel",
      ],
      [
        (service) => {
          service.setDefaultRole("user", "Helper");
          service.setUser("new");
        },
        (service) => service.users().find(({ identity }) => identity === "new").roleSid,
        "Helper deployment",
      ],
      [
        (service) => {
          service.setDefaultRole("member", "Helper");
          service.setMember("CH1", "dora");
        },
        (service) => service.members("CH1").find(({ identity }) => identity === "dora").roleSid,
        "Helper channel",
      ],
      [
        (service) => {
          service.setDefaultRole("creator", "lead");
          service.createChannel({ sid: "CH3", createdBy: "dora" });
          service.joinChannel("CH3", "dora");
        },
        (service) => service.members("CH3")[0].roleSid,
        "Lead channel",
      ],
    ];
    for (const [call, found, sid] of assigned) {
      const service = both();
      call(service);
      assert.equal(found(service), sid, String(call));
    }
    // Elsewhere the last argument says the scope; without it the error names both.
    const said = [
      (service, ...scope) => service.role("lead", ...scope),
      (service, ...scope) => service.updateRole("lead", ["removeMember"], ...scope),
      (service, ...scope) => service.grant("lead", "removeMember", ...scope),
      (service, ...scope) => {
        service.updateRole("Lead deployment", ["removeMember", "addMember"]);
        service.updateRole("Lead channel", ["removeMember", "addMember"]);
        return service.revoke("lead", "removeMember", ...scope);
      },
      (service, ...scope) => service.deleteRole("lead", ...scope).role,
    ];
    for (const call of said) {
      assert.equal(call(both(), "service").sid, "Lead deployment", String(call));
      assert.equal(call(both(), "channel").sid, "Lead channel", String(call));
      const service = both();
      service.updateRole("Lead deployment", ["removeMember", "addMember"]);
      service.updateRole("Lead channel", ["removeMember", "addMember"]);
      const error = refuses({ rolecall, assert, service }, () => call(service), "ambiguous-role", "ref", String(call));
      assert.include(error.message, "Lead deployment");
      assert.include(error.message, "Lead channel");
      refuses({ rolecall, assert, service }, () => call(service, "team"), "invalid-scope", "scope", String(call));
      refuses({ rolecall, assert, service }, () => call(service, 5), "invalid-argument", "scope", String(call));
    }
    const service = both();
    assert.equal(service.role("Service User", "service").friendlyName, "Service User");
    assert.equal(service.role("Service User", "channel"), undefined);
    for (const [ref, scope] of [
      ["Service User", "channel"],
      ["Channel User", "service"],
      ["Lead deployment", "channel"],
    ]) {
      const context = { rolecall, assert, service };
      for (const call of [
        () => service.updateRole(ref, ["addMember"], scope),
        () => service.grant(ref, "addMember", scope),
        () => service.revoke(ref, "addMember", scope),
        () => service.deleteRole(ref, scope),
      ]) {
        refuses(context, call, "wrong-scope", "ref", `${ref}: ${call}`);
      }
    }
  },

  "createRole gives the role it made": ({ Service }, assert) => {
    // The dialect, the argument, and the role.
    const table = [
      [
        "chat",
        { friendlyName: "a", type: "channel", permissions: ["sendMessage"], sid: "RL1" },
        { sid: "RL1", friendlyName: "a", type: "channel", permissions: ["sendMessage"] },
      ],
      [
        "chat",
        { friendlyName: "a", type: "service", permissions: ["createConversation", "addParticipant"], sid: "own" },
        { sid: "own", friendlyName: "a", type: "deployment", permissions: ["createChannel", "addMember"] },
      ],
      [
        "conversations",
        { friendlyName: "a", type: "channel", permissions: ["leaveChannel", "sendMessage"], sid: "RL1" },
        { sid: "RL1", friendlyName: "a", type: "conversation", permissions: ["leaveConversation", "sendMessage"] },
      ],
      [
        "conversations",
        { friendlyName: "a", type: "deployment", permissions: ["editOwnUserInfo", "editOwnUserInfo"], sid: "RL1" },
        { sid: "RL1", friendlyName: "a", type: "service", permissions: ["editOwnUserInfo"] },
      ],
      [
        "chat",
        { friendlyName: "😀".repeat(64), type: "channel", permissions: ["sendMessage"], sid: "RL1" },
        { sid: "RL1", friendlyName: "😀".repeat(64), type: "channel", permissions: ["sendMessage"] },
      ],
    ];
    for (const [dialect, argument, role] of table) {
      const service = new Service({ dialect });
      assert.deepEqual(service.createRole(argument), role);
      assert.deepEqual(service.role(role.sid), role);
      assert.lengthOf(service.roles(), 5);
    }
    const service = new Service();
    const made = service.createRole({
      friendlyName: "a",
      type: "channel",
      permissions: ["sendMessage"],
      sid: undefined,
    });
    assert.match(made.sid, /^RL[0-9a-f]{32}$/);
    assert.lengthOf(new Set(service.roles().map(({ sid }) => sid)), 5);
  },

  "createRole refuses what the REST contract refuses": (rolecall, assert) => {
    const good = { friendlyName: "a", type: "channel", permissions: ["sendMessage"] };
    // The dialect, what is not as in the good role, and the code and path of the error.
    const table = [
      ["chat", { friendlyName: "" }, "invalid-name", "friendlyName"],
      ["chat", { friendlyName: "a".repeat(65) }, "invalid-name", "friendlyName"],
      ["chat", { friendlyName: undefined }, "invalid-argument", "friendlyName"],
      ["chat", { friendlyName: "\udfff" }, "invalid-string", "friendlyName"],
      ["chat", { type: "team" }, "invalid-scope", "type"],
      ["chat", { type: undefined }, "invalid-argument", "type"],
      ["chat", { sid: "" }, "invalid-sid", "sid"],
      ["chat", { sid: null }, "invalid-argument", "sid"],
      ["chat", { sid: "taken" }, "duplicate-role", "sid"],
      ["chat", { permissions: [] }, "empty-permissions", "permissions"],
      ["chat", { permissions: undefined }, "invalid-argument", "permissions"],
      ["chat", { permissions: "sendMessage" }, "invalid-argument", "permissions"],
      ["chat", { permissions: new Set(["sendMessage"]) }, "invalid-argument", "permissions"],
      ["chat", { permissions: ["sendMessage", null] }, "invalid-argument", "permissions[1]"],
      ["chat", { permissions: ["sendMessage", "a\ud800b"] }, "invalid-string", "permissions[1]"],
      ["chat", { permissions: ["sendMessage", "sendMesage"] }, "unknown-permission", "permissions[1]"],
      ["chat", { permissions: [""] }, "unknown-permission", "permissions[0]"],
      ["chat", { permissions: ["sendMessage", "createChannel"] }, "out-of-scope", "permissions[1]"],
      ["chat", { type: "deployment", permissions: ["sendMessage"] }, "out-of-scope", "permissions[0]"],
      ["conversations", { type: "service", permissions: ["leaveConversation"] }, "out-of-scope", "permissions[0]"],
      ["conversations", { permissions: ["inviteMember"] }, "no-counterpart", "permissions[0]"],
    ];
    for (const [dialect, wrong, code, path] of table) {
      const service = new rolecall.Service({ dialect });
      service.createRole({ ...good, sid: "taken" });
      const about = `${dialect} ${JSON.stringify(wrong)}`;
      refuses({ rolecall, assert, service }, () => service.createRole({ ...good, ...wrong }), code, path, about);
    }
  },

  "updateRole replaces, grant adds, revoke takes": ({ Service }, assert) => {
    for (const ref of ["RL1", "mod", "MOD"]) {
      const service = new Service();
      const role = service.createRole({
        friendlyName: "Mod",
        type: "channel",
        permissions: ["sendMessage"],
        sid: "RL1",
      });
      const table = [
        [() => service.updateRole(ref, ["editAnyMessage", "sendMessage"]), ["editAnyMessage", "sendMessage"]],
        [() => service.updateRole(ref, ["editAnyMessage", "sendMessage"]), ["editAnyMessage", "sendMessage"]],
        [() => service.grant(ref, "removeParticipant"), ["editAnyMessage", "sendMessage", "removeMember"]],
        [() => service.grant(ref, "removeMember"), ["editAnyMessage", "sendMessage", "removeMember"]],
        [() => service.revoke(ref, "sendMessage"), ["editAnyMessage", "removeMember"]],
        [() => service.revoke(ref, "sendMessage"), ["editAnyMessage", "removeMember"]],
        [() => service.revoke(ref, "removeParticipant"), ["editAnyMessage"]],
      ];
      for (const [call, permissions] of table) {
        assert.deepEqual(call(), { ...role, permissions }, String(call));
        assert.deepEqual(service.role("RL1"), { ...role, permissions }, String(call));
      }
    }
  },

  "updateRole, grant and revoke refuse as createRole does": (rolecall, assert) => {
    const service = new rolecall.Service();
    service.createRole({ friendlyName: "Mod", type: "channel", permissions: ["sendMessage"], sid: "RL1" });
    const table = [
      [() => service.updateRole("nobody", ["sendMessage"]), "unknown-role", "ref"],
      [() => service.updateRole("mod", []), "empty-permissions", "permissions"],
      [() => service.updateRole("mod", ["sendMessage", "x"]), "unknown-permission", "permissions[1]"],
      [() => service.updateRole("mod", ["joinChannel"]), "out-of-scope", "permissions[0]"],
      [() => service.updateRole("mod"), "invalid-argument", "permissions"],
      [() => service.updateRole(undefined, ["sendMessage"]), "invalid-argument", "ref"],
      [() => service.grant("nobody", "sendMessage"), "unknown-role", "ref"],
      [() => service.grant("mod", "x"), "unknown-permission", "permission"],
      [() => service.grant("mod", "joinConversation"), "out-of-scope", "permission"],
      [() => service.grant("mod"), "invalid-argument", "permission"],
      [() => service.revoke("nobody", "sendMessage"), "unknown-role", "ref"],
      [() => service.revoke("mod", "x"), "unknown-permission", "permission"],
      [() => service.revoke("mod", "sendMessage"), "empty-permissions", "permission"],
      [() => service.deleteRole("nobody"), "unknown-role", "ref"],
      [() => service.deleteRole(""), "unknown-role", "ref"],
      [() => service.deleteRole("\ud800"), "invalid-string", "ref"],
      [() => service.setDefaultRole("user", "nobody"), "unknown-role", "ref"],
      [() => service.setDefaultRole("user", "mod"), "wrong-scope", "ref"],
      [() => service.setDefaultRole("member", "Service User"), "wrong-scope", "ref"],
      [() => service.setDefaultRole("creator", "Service Admin"), "wrong-scope", "ref"],
      [() => service.setDefaultRole("owner", "mod"), "invalid-argument", "which"],
      [() => service.setDefaultRole(undefined, "mod"), "invalid-argument", "which"],
      [() => service.roles("team"), "invalid-scope", "scope"],
      [() => service.roles(null), "invalid-argument", "scope"],
      [() => service.role(5), "invalid-argument", "ref"],
    ];
    for (const [call, code, path] of table) refuses({ rolecall, assert, service }, call, code, path, String(call));
    const conversations = new rolecall.Service({ dialect: "conversations" });
    const context = { rolecall, assert, service: conversations };
    refuses(context, () => conversations.grant("Channel User", "inviteMember"), "no-counterpart", "permission");
    refuses(
      context,
      () => conversations.updateRole("Channel User", ["sendMessage", "inviteMember"]),
      "no-counterpart",
      "permissions[1]",
    );
  },

  "deleteRole tells who is left dangling, and the same SID heals them": (rolecall, assert) => {
    const service = town(rolecall);
    const user = sidOf(service, "Service User");
    const member = sidOf(service, "Channel User");
    assert.deepEqual(service.deleteRole("service user"), {
      role: { sid: user, friendlyName: "Service User", type: "deployment", permissions: SERVICE_USER },
      users: 4,
      members: 0,
    });
    assert.deepEqual(service.deleteRole(member), {
      role: { sid: member, friendlyName: "Channel User", type: "channel", permissions: CHANNEL_USER },
      users: 0,
      members: 1,
    });
    assert.equal(service.role("Service User"), undefined);
    assert.equal(service.role(user), undefined);
    refuses({ rolecall, assert, service }, () => service.deleteRole(user), "unknown-role", "ref");
    const bob = service.ability("bob", "CH1");
    assert.deepEqual(
      service.users().find(({ identity }) => identity === "bob"),
      { identity: "bob", roleSid: user },
    );
    assert.equal(bob.explain("sendMessage").reason, "unknown-role");
    assert.deepEqual(bob.actions("bob"), ["viewChannel"]);
    service.createRole({ friendlyName: "healed", type: "channel", permissions: ["sendMessage"], sid: member });
    assert.deepEqual(bob.actions("bob"), ["viewChannel", "sendMessage"]);
  },

  "setDefaultRole points new users, members and creators at other roles": (rolecall, assert) => {
    const service = new rolecall.Service();
    const guest = service.createRole({ friendlyName: "Guest", type: "channel", permissions: ["leaveChannel"] });
    assert.equal(service.setDefaultRole("user", "Service Admin"), undefined);
    service.setDefaultRole("member", guest.sid);
    service.setDefaultRole("creator", "CHANNEL USER");
    service.setUser("alice");
    service.createChannel({ sid: "CH1", createdBy: "alice" });
    service.joinChannel("CH1", "alice");
    service.setMember("CH1", "bob");
    service.invite("CH1", "carl");
    assert.deepEqual(service.users(), [{ identity: "alice", roleSid: sidOf(service, "Service Admin") }]);
    assert.deepEqual(service.members("CH1"), [
      { channelSid: "CH1", identity: "alice", roleSid: sidOf(service, "Channel User") },
      { channelSid: "CH1", identity: "bob", roleSid: guest.sid },
    ]);
    assert.deepEqual(service.invites("CH1"), [{ channelSid: "CH1", identity: "carl", roleSid: guest.sid }]);
  },
};
