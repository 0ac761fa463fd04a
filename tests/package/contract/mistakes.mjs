import { refuses } from "./shared/check.mjs";
import { town } from "./shared/town.mjs";

/** Each object argument with a misspelt field: the call, the path, and the field that was meant. */
const MISSPELT = [
  [(rolecall) => new rolecall.Service({ dialekt: "chat" }), "dialekt", "dialect"],
  [(rolecall) => new rolecall.Service({ role: "none" }), "role", "roles"],
  [(rolecall) => rolecall.Service.from({}, { identitiy: "bob" }), "identitiy", "identity"],
  [(rolecall) => rolecall.Service.from({}, { dialects: "chat" }), "dialects", "dialect"],
  [(_, service) => service.load({}, { replaces: true }), "replaces", "replace"],
  [(_, service) => service.load({}, { Replace: true }), "Replace", "replace"],
  [(_, service) => service.load({}, { chanel: "CH1" }), "chanel", "channel"],
  [
    (_, service) => service.createRole({ friendlyName: "a", type: "channel", permission: ["sendMessage"] }),
    ...["permission", "permissions"],
  ],
  [
    (_, service) => service.createRole({ friendly_name: "a", type: "channel", permissions: ["sendMessage"] }),
    ...["friendly_name", "friendlyName"],
  ],
  [(_, service) => service.createChannel({ sid: "CH8", created_by: "bob" }), "created_by", "createdBy"],
  [(_, service) => service.createChannel({ sid: "CH8", uniquename: "desk" }), "uniquename", "uniqueName"],
  [(_, service) => service.createChannel({ sid: "CH8", status: "closed" }), "status", "state"],
  [(_, service) => service.defineAction("pin", { any: "pin", memberonly: true }), "memberonly", "memberOnly"],
  [(_, service) => service.defineAction("pin", { any: "pin", whenClose: true }), "whenClose", "whenClosed"],
  [(_, service) => service.whoCan("sendMessage", { chanel: "CH1" }), "chanel", "channel"],
  [(_, service) => service.whoCan("deleteMessage", { channel: "CH1", owners: "bob" }), "owners", "owner"],
];

/** A name that does not exist, and the one that was meant. */
const ACTIONS = [
  ["sendMesage", "sendMessage"],
  ["SendMessage", "sendMessage"],
  ["deleteMesssage", "deleteMessage"],
  ["editmessage", "editMessage"],
  ["editMessageAtributes", "editMessageAttributes"],
];

export const tests = {
  "a field that there is not is named, and the nearest that there is": (rolecall, assert) => {
    for (const [call, path, meant] of MISSPELT) {
      const service = town(rolecall);
      const context = { rolecall, assert, service };
      const error = refuses(context, () => call(rolecall, service), "invalid-argument", path, String(call));
      assert.include(error.message, meant, String(call));
    }
    // Nothing is near to that; then all that there are stand there.
    const service = town(rolecall);
    const load = () => service.load({}, { zzzzzzzz: true });
    const error = refuses({ rolecall, assert, service }, load, "invalid-argument", "zzzzzzzz");
    for (const field of ["replace", "channel", "identity"]) assert.include(error.message, field);
    // A field that is undefined is still one that there is not.
    refuses(
      { rolecall, assert, service },
      () => service.load({}, { replaces: undefined }),
      "invalid-argument",
      "replaces",
    );
  },

  "an action that there is not is answered with the nearest": (rolecall, assert) => {
    for (const dialect of ["chat", "conversations"]) {
      const service = town(rolecall, { dialect });
      service.defineAction("archiveTicket", { any: "archiveTicket" });
      const bob = service.ability("bob", "CH1");
      const own = [
        ["archivTicket", "archiveTicket"],
        dialect === "chat" ? ["removeMembers", "removeMember"] : ["removeParticipants", "removeParticipant"],
        dialect === "chat" ? ["viewChanel", "viewChannel"] : ["viewConversaton", "viewConversation"],
      ];
      for (const [name, meant] of [...ACTIONS, ...own]) {
        for (const call of [
          () => bob.can(name),
          () => bob.explain(name, "bob"),
          () => bob.require(name),
          () => bob.canEach([name], ["bob"]),
          () => bob.subscribe(() => {}, name),
          () => service.whoCan(name, { channel: "CH1" }),
        ]) {
          const error = refuses({ rolecall, assert, service }, call, "unknown-action", "action", `${name}: ${call}`);
          assert.include(error.message, meant, `${dialect}: ${name}: ${call}`);
          assert.include(error.message, name);
        }
      }
      // A permission is none, and is told the action that it is for.
      const permissions = [
        ["deleteAnyMessage", "deleteMessage"],
        ["editOwnMessage", "editMessage"],
        ["editAnyUserInfo", "editUserInfo"],
        ["editOwnMessageAttributes", "editMessageAttributes"],
        dialect === "chat"
          ? ["editAnyMemberAttributes", "editMemberAttributes"]
          : ["editAnyParticipantAttributes", "editParticipantAttributes"],
      ];
      for (const [permission, action] of permissions) {
        const error = refuses({ rolecall, assert, service }, () => bob.can(permission), "unknown-action", "action");
        assert.include(error.message, "permission", permission);
        assert.match(error.message, new RegExp(`\\b${action}\\b`), permission);
      }
    }
  },

  "a permission and a role that there are not are answered with the nearest": (rolecall, assert) => {
    const service = town(rolecall);
    const context = { rolecall, assert, service };
    const table = [
      [() => service.grant("Channel User", "sendMesage"), "unknown-permission", "permission", "sendMessage"],
      [() => service.revoke("Channel User", "sendMessages"), "unknown-permission", "permission", "sendMessage"],
      [
        () => service.updateRole("Channel User", ["sendMessage", "removeMembre"]),
        "unknown-permission",
        "permissions[1]",
        "removeMember",
      ],
      [() => service.grant("Chanel User", "sendMessage"), "unknown-role", "ref", "Channel User"],
      [() => service.setUser("bob", "service admins"), "unknown-role", "role", "Service Admin"],
      [() => service.setMember("CH1", "bob", "Channel-Admin"), "unknown-role", "role", "Channel Admin"],
      [() => service.deleteRole("ServiceUser"), "unknown-role", "ref", "Service User"],
    ];
    for (const [call, code, path, meant] of table) {
      const error = refuses(context, call, code, path, String(call));
      assert.include(error.message, meant, String(call));
    }
  },

  "what is still to be awaited or parsed is told so": (rolecall, assert) => {
    const service = town(rolecall);
    const response = () => new Response('{"users":[]}', { headers: { "content-type": "application/json" } });
    const read = response();
    read.json();
    const rejected = Promise.reject(new Error("offline"));
    rejected.catch(() => {});
    // biome-ignore lint/suspicious/noThenProperty: what looks like a promise is one
    const thenable = { then() {} };
    const table = [
      [Promise.resolve({ roles: [] }), /await/],
      [rejected, /await/],
      [thenable, /await/],
      [response(), /await its json\(\) first$/],
      [read, /it was read already: pass what its json\(\) returned$/],
      ['{"users":[]}', null],
    ];
    for (const [payload, says] of table) {
      const about = Object.prototype.toString.call(payload);
      const code = says ? "invalid-argument" : "invalid-payload";
      for (const call of [
        () => service.load(payload),
        () => service.load(payload, { replace: true }),
        () => rolecall.Service.from(payload),
        () => rolecall.Service.from(payload, { dialect: "chat" }),
      ]) {
        const error = refuses({ rolecall, assert, service }, call, code, says ? "payload" : undefined, about);
        if (says) assert.match(error.message, says, about);
      }
    }
  },

  "a bare list is told to be put under its section's name": (rolecall, assert) => {
    const service = town(rolecall);
    // The list, and what the message names.
    const table = [
      [
        [{ sid: "RL1", friendly_name: "mod", type: "channel", permissions: ["sendMessage"] }],
        "its section: { roles: [] }",
      ],
      [[{ sid: "US1", identity: "mika", role_sid: "RL1" }], "its section: { users: [] }"],
      [[{ Identity: "mika", ConversationSid: "CH1" }], "its section: { members: [] } or { participants: [] }"],
      [[{ sid: "CH1", uniqueName: null }], "its section: { channels: [] } or { conversations: [] }"],
      [[{ channel_sid: "CH1", status: "joined" }], "its section: { channels: [] } or { conversations: [] }"],
      [[{ sid: "CH1" }], "its section, such as { roles: [] }"],
      [["mika"], "its section, such as { roles: [] }"],
      [[], "its section, such as { roles: [] }"],
    ];
    for (const [payload, section] of table) {
      for (const call of [() => service.load(payload), () => rolecall.Service.from(payload)]) {
        const error = refuses({ rolecall, assert, service }, call, "invalid-payload", undefined, section);
        assert.include(error.message, section);
      }
    }
  },

  "new Service of a payload is told of Service.from": (rolecall, assert) => {
    const payloads = [
      { roles: [{ sid: "RL1", friendly_name: "mod", type: "channel", permissions: ["sendMessage"] }] },
      { users: [], conversations: [] },
      { rolecall: "2", dialect: "chat", roles: [] },
      town(rolecall).toJSON(),
    ];
    for (const payload of payloads) {
      let error;
      try {
        new rolecall.Service(payload);
      } catch (thrown) {
        error = thrown;
      }
      assert.instanceOf(error, rolecall.RolecallError);
      assert.equal(error.code, "invalid-argument");
      assert.include(error.message, "Service.from");
    }
    // What has no fields of its own would else be as no options at all.
    for (const pending of [Promise.resolve({ users: [] }), new Response('{"users":[]}')]) {
      const error = refuses({ rolecall, assert }, () => new rolecall.Service(pending), "invalid-argument", "options");
      assert.include(error.message, "await");
    }
  },

  "an argument of another type is told what it is": (rolecall, assert) => {
    const service = town(rolecall);
    const table = [
      [null, "null"],
      [undefined, "undefined"],
      [{}, "object"],
      [5, "number"],
      [Symbol("bob"), "symbol"],
      [() => "bob", "function"],
    ];
    for (const [identity, kind] of table) {
      const error = refuses(
        { rolecall, assert, service },
        () => service.setUser(identity),
        "invalid-argument",
        "identity",
      );
      assert.equal(error.message, `identity: expected a string, got ${kind}`);
    }
  },
};
