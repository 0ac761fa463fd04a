import { refuses, warned } from "./shared/check.mjs";
import { channelOf, town } from "./shared/town.mjs";

const role = (sid, more) => ({ sid, friendly_name: sid, type: "channel", permissions: ["sendMessage"], ...more });

/** Counts as a report has them, from those that are not 0. */
const counts = (some = {}) => ({ added: 0, updated: 0, unchanged: 0, removed: 0, skipped: 0, ...some });
const report = ({ roles, users, channels, members, invites, warnings = [] }) => ({
  roles: counts(roles),
  users: counts(users),
  channels: counts(channels),
  members: counts(members),
  invites: counts(invites),
  warnings,
});

const throwing = () => {
  throw new Error("a getter of the caller's");
};

export const tests = {
  "every section is read, under both names": ({ Service }, assert) => {
    const payload = {
      roles: [role("RLs", { type: "deployment", permissions: ["joinChannel"] }), role("RLm"), role("RLc")],
      users: [{ identity: "ada", role_sid: "RLs", sid: "US1" }],
      channels: [{ sid: "CH1", type: "public", created_by: "ada" }],
      members: [{ channel_sid: "CH1", identity: "ada", role_sid: "RLm" }],
      invites: [{ channel_sid: "CH1", identity: "ben", role_sid: "RLm" }],
    };
    for (const service of [
      {
        default_service_role_sid: "RLs",
        default_channel_role_sid: "RLm",
        default_channel_creator_role_sid: "RLc",
        friendly_name: "Chat",
      },
      { defaultServiceRoleSid: "RLs", defaultChannelRoleSid: "RLm", defaultChannelCreatorRoleSid: "RLc" },
    ]) {
      const loaded = Service.from({ ...payload, service });
      assert.deepEqual(loaded.users(), [{ identity: "ada", roleSid: "RLs" }]);
      assert.deepEqual(loaded.channels(), [channelOf("CH1", { type: "public", createdBy: "ada" })]);
      assert.deepEqual(loaded.members("CH1"), [{ channelSid: "CH1", identity: "ada", roleSid: "RLm" }]);
      assert.deepEqual(loaded.invites("CH1"), [{ channelSid: "CH1", identity: "ben", roleSid: "RLm" }]);
      loaded.setUser("cy");
      loaded.createChannel({ sid: "CH2", createdBy: "cy" });
      loaded.joinChannel("CH2", "cy");
      loaded.setMember("CH2", "ada");
      assert.deepEqual(loaded.users().at(-1), { identity: "cy", roleSid: "RLs" });
      assert.sameDeepMembers(loaded.members("CH2"), [
        { channelSid: "CH2", identity: "cy", roleSid: "RLc" },
        { channelSid: "CH2", identity: "ada", roleSid: "RLm" },
      ]);
    }
    for (const configuration of [
      {
        default_chat_service_role_sid: "RLs",
        default_conversation_role_sid: "RLm",
        default_conversation_creator_role_sid: "RLc",
      },
      {
        defaultChatServiceRoleSid: "RLs",
        defaultConversationRoleSid: "RLm",
        defaultConversationCreatorRoleSid: "RLc",
      },
    ]) {
      const loaded = Service.from({
        configuration,
        roles: [
          role("RLs", { type: "service", permissions: ["joinConversation"] }),
          role("RLm", { type: "conversation" }),
          role("RLc", { type: "conversation" }),
        ],
        conversations: { conversations: [{ sid: "CH1", created_by: "system" }], meta: {} },
        participants: { participants: [{ conversation_sid: "CH1", identity: "ada", role_sid: "RLm" }], meta: {} },
      });
      assert.equal(loaded.dialect, "conversations");
      assert.deepEqual(loaded.channels(), [channelOf("CH1", { createdBy: "system" })]);
      assert.deepEqual(loaded.members("CH1"), [{ channelSid: "CH1", identity: "ada", roleSid: "RLm" }]);
      loaded.createChannel({ sid: "CH2", createdBy: "cy" });
      loaded.joinChannel("CH2", "cy");
      assert.deepEqual(loaded.members("CH2"), [{ channelSid: "CH2", identity: "cy", roleSid: "RLc" }]);
    }
  },

  "a load is an upsert, and its report counts": ({ Service }, assert) => {
    const service = new Service({ roles: "none" });
    const table = [
      [{}, report({})],
      [
        { roles: [role("RL1"), role("RL2", { type: "deployment", permissions: ["joinChannel"] })] },
        report({ roles: { added: 2 } }),
      ],
      [{ roles: [role("RL1"), role("RL3")] }, report({ roles: { added: 1, unchanged: 1 } })],
      [{ roles: role("RL1", { permissions: ["leaveChannel"] }) }, report({ roles: { updated: 1 } })],
      [
        {
          users: [
            { identity: "ada", role_sid: "RL2" },
            { identity: "ben", role_sid: "RL2" },
          ],
        },
        report({ users: { added: 2 } }),
      ],
      [
        {
          users: [
            { identity: "ada", role_sid: "RL2" },
            { identity: "ben", role_sid: "RL9" },
          ],
        },
        report({ users: { updated: 1, unchanged: 1 } }),
      ],
      [
        {
          channels: [{ sid: "CH1", type: "public" }, { sid: "CH2" }],
          members: [
            { channel_sid: "CH1", identity: "ada", role_sid: "RL1" },
            { channel_sid: "CH3", identity: "cy", role_sid: "RL1" },
          ],
          invites: [{ channel_sid: "CH2", identity: "ben" }],
        },
        report({ channels: { added: 2 }, members: { added: 2 }, invites: { added: 1 } }),
      ],
      [
        {
          channels: [
            { sid: "CH1", type: "private" },
            { sid: "CH3", created_by: "cy" },
            { sid: "CH2", type: "private" },
          ],
          members: [
            { channel_sid: "CH1", identity: "ada", role_sid: "RL3" },
            { channel_sid: "CH3", identity: "cy", role_sid: "RL1" },
            // Joined by SMS.
            { channel_sid: "CH3", identity: null, role_sid: null, messaging_binding: { type: "sms" } },
          ],
          invites: [{ channel_sid: "CH2", identity: "ben", role_sid: "RL1" }],
        },
        report({
          channels: { updated: 3 },
          members: { updated: 1, unchanged: 1, skipped: 1 },
          invites: { updated: 1 },
        }),
      ],
    ];
    for (const [payload, expected] of table) {
      assert.deepEqual(service.load(payload), expected, JSON.stringify(payload));
      assert.deepEqual(service.lastLoad, expected);
    }
    assert.deepEqual(service.channels(), [channelOf("CH1"), channelOf("CH2"), channelOf("CH3", { createdBy: "cy" })]);
  },

  "replace: each section that is there takes the place of what was": (rolecall, assert) => {
    const ada = { channel_sid: "CH1", identity: "ada", role_sid: "RL1" };
    const start = {
      roles: [role("RL1"), role("RL2")],
      users: [
        { identity: "ada", role_sid: "RLs" },
        { identity: "ben", role_sid: "RLs" },
      ],
      channels: [{ sid: "CH1" }, { sid: "CH2" }],
      members: [ada, { channel_sid: "CH2", identity: "ben", role_sid: "RL1" }],
      invites: [{ channel_sid: "CH1", identity: "cy", role_sid: "RL1" }],
    };
    // What replaces, the report, and what is there then: SIDs of roles, identities, SIDs of channels, members, invites.
    const table = [
      [{}, report({}), "RL1 RL2", "ada ben", "CH1 CH2", "CH1/ada CH2/ben", "CH1/cy"],
      [{ roles: [] }, report({ roles: { removed: 2 } }), "", "ada ben", "CH1 CH2", "CH1/ada CH2/ben", "CH1/cy"],
      [
        { roles: { roles: [role("RL2"), role("RL3")], meta: {} } },
        report({ roles: { added: 1, unchanged: 1, removed: 1 } }),
        "RL2 RL3",
        "ada ben",
        "CH1 CH2",
        "CH1/ada CH2/ben",
        "CH1/cy",
      ],
      [
        { users: { identity: "ben", role_sid: "other" } },
        report({ users: { updated: 1, removed: 1 } }),
        "RL1 RL2",
        "ben",
        "CH1 CH2",
        "CH1/ada CH2/ben",
        "CH1/cy",
      ],
      [
        { members: [ada] },
        report({ members: { unchanged: 1, removed: 1 } }),
        "RL1 RL2",
        "ada ben",
        "CH1 CH2",
        "CH1/ada",
        "CH1/cy",
      ],
      [{ invites: [] }, report({ invites: { removed: 1 } }), "RL1 RL2", "ada ben", "CH1 CH2", "CH1/ada CH2/ben", ""],
      [
        { channels: [], members: [], invites: [] },
        report({ channels: { removed: 2 }, members: { removed: 2 }, invites: { removed: 1 } }),
        "RL1 RL2",
        "ada ben",
        "",
        "",
        "",
      ],
    ];
    const words = (list) => list.join(" ");
    for (const [payload, expected, ...state] of table) {
      const service = rolecall.Service.from(start);
      const about = JSON.stringify(payload);
      assert.deepEqual(service.load(payload, { replace: true }), expected, about);
      assert.deepEqual(service.lastLoad, expected, about);
      const channels = service.channels().map(({ sid }) => sid);
      const places = (list) =>
        words(channels.flatMap((sid) => service[list](sid).map((row) => `${sid}/${row.identity}`)));
      assert.deepEqual(
        [
          words(service.roles().map(({ sid }) => sid)),
          words(service.users().map(({ identity }) => identity)),
          words(channels),
          places("members"),
          places("invites"),
        ],
        state,
        about,
      );
    }
    for (const options of [undefined, {}, { replace: false }, { replace: undefined }]) {
      const service = rolecall.Service.from(start);
      assert.deepEqual(service.load({ roles: [] }, options), report({}));
      assert.lengthOf(service.roles(), 2);
    }
  },

  "with a channel, a load that replaces has that channel's members and invites, and nothing else": (
    rolecall,
    assert,
  ) => {
    const start = {
      roles: [role("RL1"), role("RL2")],
      users: [{ identity: "ada", role_sid: "RLs" }],
      channels: [{ sid: "CH1", unique_name: "desk" }, { sid: "CH2" }],
      members: [
        { channel_sid: "CH1", identity: "ada", role_sid: "RL1" },
        { channel_sid: "CH1", identity: "ben", role_sid: "RL1" },
        { channel_sid: "CH2", identity: "ben", role_sid: "RL1" },
        { channel_sid: "CH3", identity: "cy", role_sid: "RL1" },
      ],
      invites: [
        { channel_sid: "CH1", identity: "cy", role_sid: "RL1" },
        { channel_sid: "CH2", identity: "cy", role_sid: "RL1" },
      ],
    };
    const ada = { channel_sid: "CH1", identity: "ada", role_sid: "RL2" };
    const eve = (channel_sid) => ({ channel_sid, identity: "eve", role_sid: "RL1" });
    // The channel, the payload, and who is in then; first of all, without the first load that changes anything.
    const table = [
      ["CH1", { members: [ada] }, "CH1/ada CH2/ben CH3/cy CH1?cy CH2?cy"],
      ["desk", { members: [ada] }, "CH1/ada CH2/ben CH3/cy CH1?cy CH2?cy"],
      ["CH1", { members: [] }, "CH2/ben CH3/cy CH1?cy CH2?cy"],
      ["CH1", { invites: [] }, "CH1/ada CH1/ben CH2/ben CH3/cy CH2?cy"],
      ["CH1", { members: [ada], invites: [eve("CH1")] }, "CH1/ada CH2/ben CH3/cy CH1?eve CH2?cy"],
      ["CH1", {}, "CH1/ada CH1/ben CH2/ben CH3/cy CH1?cy CH2?cy"],
      ["CH3", { members: [] }, "CH1/ada CH1/ben CH2/ben CH1?cy CH2?cy"],
      // One that the payload's own row brings.
      [
        "CH4",
        { channels: [{ sid: "CH4" }], members: [eve("CH4")] },
        "CH1/ada CH1/ben CH2/ben CH3/cy CH4/eve CH1?cy CH2?cy",
      ],
      [
        "new",
        { channels: [{ sid: "CH4", unique_name: "new" }], members: [eve("CH4")] },
        "CH1/ada CH1/ben CH2/ben CH3/cy CH4/eve CH1?cy CH2?cy",
      ],
      [
        "CH4",
        { channels: { sid: "CH4" }, members: { members: [], meta: {} } },
        "CH1/ada CH1/ben CH2/ben CH3/cy CH1?cy CH2?cy",
      ],
      // Roles, users and other channels are added and updated, none is removed.
      [
        "CH1",
        {
          roles: [role("RL3")],
          users: [{ identity: "eve", role_sid: "RLs" }],
          channels: [{ sid: "CH5" }],
          members: [ada],
        },
        "CH1/ada CH2/ben CH3/cy CH1?cy CH2?cy",
      ],
    ];
    const seats = (service) => {
      const rows = (list, mark) =>
        service.channels().flatMap(({ sid }) => service[list](sid).map(({ identity }) => `${sid}${mark}${identity}`));
      return [...rows("members", "/"), ...rows("invites", "?")].sort().join(" ");
    };
    const sorted = (words) => words.split(" ").sort().join(" ");
    for (const [channel, payload, expected] of table) {
      const about = `${channel}: ${JSON.stringify(payload)}`;
      const service = rolecall.Service.from(start);
      const before = service.toJSON();
      service.load(payload, { replace: true, channel });
      assert.equal(seats(service), sorted(expected), about);
      const after = service.toJSON();
      for (const section of ["roles", "users", "channels"]) {
        const key = section === "users" ? "identity" : "sid";
        const [was, is] = [before, after].map((snapshot) => snapshot[section].map((row) => row[key]));
        assert.includeMembers(is, was, about);
      }
      // Without replace nothing is removed at all.
      const added = rolecall.Service.from(start);
      added.load(payload, { channel });
      const both = new Set([...seats(rolecall.Service.from(start)).split(" "), ...expected.split(" ")]);
      assert.equal(seats(added), [...both].sort().join(" "), `${about}, without replace`);
    }
    // A row about another channel, and a channel that nobody names.
    const service = rolecall.Service.from(start);
    const wrong = [
      ["CH1", { members: [ada, eve("CH2")] }, "wrong-channel", "members[1].channel_sid"],
      ["desk", { members: [eve("CH3")] }, "wrong-channel", "members[0].channel_sid"],
      ["CH1", { members: [{ channelSid: "CH2", identity: "eve" }] }, "wrong-channel", "members[0].channelSid"],
      [
        "CH1",
        { participants: [{ conversation_sid: "CH9", identity: "eve" }] },
        "wrong-channel",
        "participants[0].conversation_sid",
      ],
      ["CH1", { invites: { invites: [eve("CH2")] } }, "wrong-channel", "invites.invites[0].channel_sid"],
      ["CH1", { channels: [{ channel_sid: "CH2", status: "joined" }] }, "wrong-channel", "channels[0].channel_sid"],
      ["CH9", { members: [] }, "unknown-channel", "channel"],
      ["yard", { members: [ada] }, "unknown-channel", "channel"],
      ["", { members: [] }, "unknown-channel", "channel"],
      [5, { members: [] }, "invalid-argument", "channel"],
      [null, { members: [] }, "invalid-argument", "channel"],
      [{ sid: "CH1" }, { members: [] }, "invalid-argument", "channel"],
      ["\ud800", { members: [] }, "invalid-string", "channel"],
    ];
    for (const [channel, payload, code, path] of wrong) {
      for (const replace of [true, false]) {
        const about = `${channel}: ${JSON.stringify(payload)}`;
        const load = () => service.load(payload, { replace, channel });
        const error = refuses({ rolecall, assert, service }, load, code, path, about);
        if (code === "wrong-channel" && channel === "CH1") assert.include(error.message, "CH1", about);
      }
    }
    // Rows of other channels, such as a sidebar has, are fine; and so is a member without identity.
    const sms = { channel_sid: "CH2", identity: null, messaging_binding: { type: "sms" } };
    service.load(
      { channels: [{ sid: "CH2", state: "closed" }], members: [ada, sms] },
      { replace: true, channel: "CH1" },
    );
    assert.equal(service.ability("ben", "CH2").explain("sendMessage").reason, "closed");
  },

  "a refresh that brings the same is no change": (rolecall, assert) => {
    const service = town(rolecall);
    const members = service.members("CH1");
    const invites = service.invites("CH1");
    const { version } = service;
    let calls = 0;
    service.subscribe(() => calls++);
    const bob = service.ability("bob", "CH1");
    const before = bob.version;
    const report = service.load({ members, invites }, { replace: true, channel: "CH1" });
    assert.deepEqual([report.members.unchanged, report.invites.unchanged], [2, 1]);
    assert.deepEqual([service.version, bob.version, calls], [version, before, 0]);
    const others = members.filter(({ identity }) => identity !== "bob");
    assert.equal(service.load({ members: others }, { replace: true, channel: "CH1" }).members.removed, 1);
    assert.equal(calls, 1);
    assert.isFalse(bob.can("sendMessage"));
  },

  "a flag that is no boolean is an error, not a guess": (rolecall, assert) => {
    const service = town(rolecall);
    for (const replace of ["true", 1, 0, null, {}, []]) {
      const call = () => service.load({ roles: [] }, { replace });
      refuses({ rolecall, assert, service }, call, "invalid-argument", "replace", JSON.stringify(replace));
    }
    for (const options of [null, true, "replace"]) {
      const call = () => service.load({ roles: [] }, options);
      refuses({ rolecall, assert, service }, call, "invalid-argument", "options", JSON.stringify(options));
    }
  },

  "what is kept but looks wrong is a warning": ({ Service }, assert) => {
    // The dialect, the payload, and the warnings' codes and paths.
    const table = [
      [
        "chat",
        { roles: [role("RL1", { permissions: ["createChannel", "sendMessage", "pin"] })] },
        [
          ["out-of-scope", "roles[0].permissions[0]"],
          ["unknown-permission", "roles[0].permissions[2]"],
        ],
      ],
      [
        "chat",
        { roles: { roles: [role("RL1", { type: "deployment" })] } },
        [["out-of-scope", "roles.roles[0].permissions[0]"]],
      ],
      [
        "conversations",
        { roles: role("RL1", { permissions: ["inviteMember"] }) },
        [["no-counterpart", "roles.permissions[0]"]],
      ],
      ["conversations", { invites: [{ channel_sid: "CH1", identity: "ada" }] }, [["no-counterpart", "invites"]]],
      [
        "conversations",
        { conversations: [{ sid: "CH1", type: "public" }] },
        [["no-counterpart", "conversations[0].type"]],
      ],
      [
        "chat",
        { users: [{ identity: "ada" }, { identity: "ben", roleSid: null }] },
        [
          ["no-role", "users[0].role_sid"],
          ["no-role", "users[1].role_sid"],
        ],
      ],
      ["chat", { members: { channel_sid: "CH1", identity: "ada" } }, [["no-role", "members.role_sid"]]],
      ["chat", { members: { channel_sid: "CH1", identity: null, messaging_binding: { type: "sms" } } }, []],
      ["chat", { invites: { channel_sid: "CH1", identity: "ada" } }, []],
      ["chat", { actions: [{ action: "pin", any: "pin" }], roles: [role("RL1", { permissions: ["pin"] })] }, []],
      ["chat", { users: [], participant: [{ identity: "ada" }] }, [["unknown-section", "participant"]]],
      [
        "chat",
        { Role: null, users: [], chanels: {} },
        [
          ["unknown-section", "Role"],
          ["unknown-section", "chanels"],
        ],
      ],
      ["chat", { toJSON: () => ({ users: [], invite: [] }) }, [["unknown-section", "invite"]]],
      [
        "chat",
        { users: [], bonversations: [], channel_sid: "CH1", options: {}, notes: "" },
        [["unknown-section", "bonversations"]],
      ],
      ["chat", { success: true, data: {}, meta: {}, users: [], Roles: [], status: "ok", roles: undefined }, []],
    ];
    for (const [dialect, payload, expected] of table) {
      assert.deepEqual(warned(assert, Service.from(payload, { dialect }).lastLoad), expected, JSON.stringify(payload));
    }
    const [{ message }] = Service.from({ users: [], participant: [] }).lastLoad.warnings;
    assert.equal(message, "this is no section, and is not read; did you mean participants?");
  },

  "warnings stop at a thousand and say so": ({ Service }, assert) => {
    const users = Array.from({ length: 1500 }, (_, number) => ({ identity: `user ${number}` }));
    const report = new Service().load({ users });
    const { warnings, users: counted } = report;
    warned(assert, report);
    assert.deepEqual(counted, counts({ added: 1500 }));
    assert.lengthOf(warnings, 1001);
    assert.equal(warnings[1000].code, "more-warnings");
  },

  "rows of a channel, a role or a user that are not there yet are healed by a later page": ({ Service }, assert) => {
    const service = new Service({ roles: "none" });
    service.load({ members: { channel_sid: "CH1", identity: "ada", role_sid: "RL1" } });
    const ada = service.ability("ada", "CH1");
    assert.deepEqual(service.channels(), [channelOf("CH1")]);
    assert.equal(ada.explain("sendMessage").reason, "unknown-role");
    service.load({ roles: [role("RL1")] });
    assert.isTrue(ada.can("sendMessage"));
    service.load({ channels: [{ sid: "CH1", type: "public", created_by: "ada" }] });
    assert.deepEqual(service.channels(), [channelOf("CH1", { type: "public", createdBy: "ada" })]);
  },

  "what a role holds but the model does not know is kept and written back": ({ Service }, assert) => {
    const permissions = ["pin", "createChannel", "sendMessage", "__proto__", "pin board"];
    const service = Service.from({ roles: [role("RL1", { permissions })] });
    assert.deepEqual(service.role("RL1").permissions, permissions);
    assert.deepEqual(Service.from(service.toJSON()).role("RL1").permissions, permissions);
    service.load({ members: { channel_sid: "CH1", identity: "ada", role_sid: "RL1" } });
    const ada = service.ability("ada", "CH1");
    assert.deepEqual(
      permissions.map((permission) => ada.has(permission)),
      // Out of scope grants nothing; the application's own are known by name.
      [true, false, true, true, true],
    );
    assert.isFalse(ada.can("createChannel"));
  },

  "a payload with an error changes nothing, and the error names its place": (rolecall, assert) => {
    const user = { identity: "ada", role_sid: "RL1" };
    const member = { channel_sid: "CH9", identity: "ada", role_sid: "RL1" };
    const many = (count) => Array.from({ length: count }, (_, number) => `own${number}`);
    const action = (number) => ({ action: `act${number}`, any: "own" });
    // The payload and the code and path of its error. What is right in it comes before what is wrong.
    const table = [
      [{ roles: 5 }, "invalid-type", "roles"],
      [{ roles: "RL1" }, "invalid-type", "roles"],
      [{ users: [user, null] }, "invalid-type", "users[1]"],
      [{ users: [user, "ada"] }, "invalid-type", "users[1]"],
      [{ users: [user, [user]] }, "invalid-type", "users[1]"],
      [{ users: [user, undefined] }, "invalid-type", "users[1]"],
      // biome-ignore lint/suspicious/noSparseArray: a payload may be anything
      [{ users: [user, , user] }, "invalid-type", "users[1]"],
      [{ users: [user, { identity: 5 }] }, "invalid-type", "users[1].identity"],
      [{ users: [user, { identity: null }] }, "invalid-type", "users[1].identity"],
      [{ users: [user, { identity: "ben", role_sid: ["RL1"] }] }, "invalid-type", "users[1].role_sid"],
      [{ users: [user, { identity: "ben", role_sid: 5 }] }, "invalid-type", "users[1].role_sid"],
      [{ users: [user, { identity: "ben", roleSid: {} }] }, "invalid-type", "users[1].roleSid"],
      [{ roles: [role("RL8"), role("RL9", { permissions: "sendMessage" })] }, "invalid-type", "roles[1].permissions"],
      [{ roles: [role("RL9", { permissions: ["sendMessage", 5] })] }, "invalid-type", "roles[0].permissions[1]"],
      [{ roles: [role("RL9", { friendly_name: 5 })] }, "invalid-type", "roles[0].friendly_name"],
      [{ roles: [role("RL9", { type: Symbol("channel") })] }, "invalid-type", "roles[0].type"],
      [{ roles: [role("RL9", { sid: 9n })] }, "invalid-type", "roles[0].sid"],
      [{ rolecall: 1, users: user }, "invalid-type", "rolecall"],
      [{ users: [user, {}] }, "missing-field", "users[1].identity"],
      [{ roles: [role("RL9"), { sid: "RL8" }] }, "missing-field", "roles[1].type"],
      [{ roles: [role("RL9", { permissions: undefined })] }, "missing-field", "roles[0].permissions"],
      [{ users: user, members: [member, { identity: "ada" }] }, "missing-field", "members[1].channel_sid"],
      [{ users: user, invites: { invites: [{ channel_sid: "CH1" }] } }, "missing-field", "invites.invites[0].identity"],
      [{ users: [user, { identity: "" }] }, "invalid-identity", "users[1].identity"],
      [{ users: user, channels: [{ sid: "" }] }, "invalid-sid", "channels[0].sid"],
      [{ users: user, conversations: [{ sid: "" }] }, "invalid-sid", "conversations[0].sid"],
      [{ users: user, members: [{ channel_sid: "", identity: "ada" }] }, "invalid-sid", "members[0].channel_sid"],
      [{ roles: [role("")] }, "invalid-sid", "roles[0].sid"],
      [{ roles: [role("RL9", { type: "team" })] }, "invalid-scope", "roles[0].type"],
      [{ users: user, channels: [{ sid: "CH9", type: "open" }] }, "invalid-channel-type", "channels[0].type"],
      [{ roles: [role("RL9", { permissions: ["sendMessage", ""] })] }, "invalid-name", "roles[0].permissions[1]"],
      [{ users: [user, { identity: "\ud800" }] }, "invalid-string", "users[1].identity"],
      [{ roles: [role("RL9", { permissions: ["a\udc00"] })] }, "invalid-string", "roles[0].permissions[0]"],
      [{ roles: [role("RL9", { permissions: many(50) })] }, "too-many-permissions", "roles[0].permissions[41]"],
      [{ users: user, actions: many(46).map((_, at) => action(at)) }, "too-many-actions", "actions[45]"],
      [{ users: user, actions: [{ action: "sendMessage", any: "pin" }] }, "duplicate-action", "actions[0]"],
      [{ users: user, actions: [{ action: "", any: "pin" }] }, "invalid-name", "actions[0].action"],
      [
        { users: user, actions: [{ action: "pin", any: "pin", member_only: "yes" }] },
        "invalid-type",
        "actions[0].member_only",
      ],
      [
        { users: user, actions: [{ action: "pin", any: "pin", when_closed: 1 }] },
        "invalid-type",
        "actions[0].when_closed",
      ],
      [{ users: user, service: { default_service_role_sid: 5 } }, "invalid-type", "service.default_service_role_sid"],
      [{ rolecall: "3", users: user }, "unsupported-version", "rolecall"],
      [{ dialect: "sms", users: user }, "invalid-dialect", "dialect"],
      [
        {
          get roles() {
            return throwing();
          },
        },
        "unreadable",
        "roles",
      ],
      [
        {
          users: [
            user,
            {
              get identity() {
                return throwing();
              },
            },
          ],
        },
        "unreadable",
        "users[1].identity",
      ],
      [{ users: new Proxy([user], { get: throwing }) }, "unreadable", "users"],
      [{ users: [user, new Proxy({}, { get: throwing })] }, "unreadable", "users[1].identity"],
      [[], "invalid-payload"],
      [null, "invalid-payload"],
    ];
    const service = town(rolecall);
    const abilities = ["alice", "ada"].map((identity) => service.ability(identity, "CH1"));
    const lastLoad = service.load({ users: { identity: "eve", role_sid: "RL9" } });
    const versions = abilities.map(({ version }) => version);
    for (const [payload, code, path] of table) {
      for (const replace of [false, true]) {
        refuses(
          { rolecall, assert, service },
          () => service.load(payload, { replace }),
          code,
          path,
          `${code} at ${path}`,
        );
        assert.equal(service.lastLoad, lastLoad);
        assert.deepEqual(
          abilities.map(({ version }) => version),
          versions,
        );
      }
      refuses(
        { rolecall, assert },
        () => rolecall.Service.from(payload, { dialect: "chat" }),
        code,
        path,
        `from: ${path}`,
      );
    }
    assert.isTrue(abilities[0].can("sendMessage"));
  },

  "from and load refuse a payload with the same error": (rolecall, assert) => {
    const table = [
      [{ roles: [{ sid: "RL1", type: "channel" }] }, "missing-field", "roles[0].permissions"],
      [{ users: [{}] }, "missing-field", "users[0].identity"],
      [{ dialect: "sms" }, "invalid-dialect", "dialect"],
      // A newer version's form may differ in anything.
      [{ rolecall: "3", dialect: "sms" }, "unsupported-version", "rolecall"],
      [{ rolecall: "3", dialect: {} }, "unsupported-version", "rolecall"],
      [{ rolecall: "3", roles: [{ sid: "RL1" }] }, "unsupported-version", "rolecall"],
      [{ rolecall: "3", roles: 5 }, "unsupported-version", "rolecall"],
    ];
    for (const [payload, code, path] of table) {
      const about = JSON.stringify(payload);
      refuses({ rolecall, assert }, () => new rolecall.Service().load(payload), code, path, `load ${about}`);
      refuses({ rolecall, assert }, () => rolecall.Service.from(payload), code, path, `from ${about}`);
    }
  },

  "an own action of a snapshot that contradicts one defined here is refused": (rolecall, assert) => {
    const service = town(rolecall);
    service.defineAction("pin", { any: "pin" });
    const load = (rule) => () => service.load({ users: { identity: "eve" }, actions: [{ action: "pin", ...rule }] });
    const context = { rolecall, assert, service };
    refuses(context, load({ any: "other" }), "duplicate-action", "actions[0]");
    refuses(context, load({ any: "pin", own: "pinOwn" }), "duplicate-action", "actions[0]");
    refuses(context, load({ any: "pin", member_only: true }), "duplicate-action", "actions[0]");
    refuses(context, load({ any: "pin", when_closed: true }), "duplicate-action", "actions[0]");
    assert.equal(load({ any: "pin", memberOnly: false })().users.added, 1);
  },

  "a getter of a payload runs once, and may call the service": ({ Service }, assert) => {
    const service = new Service();
    let reads = 0;
    const payload = {
      users: [
        {
          get identity() {
            reads++;
            service.setUser("from the getter");
            service.load({ users: { identity: "nested", role_sid: "RL9" } });
            return "ada";
          },
          role_sid: "RL9",
        },
      ],
    };
    assert.deepEqual(service.load(payload), report({ users: { added: 1 } }));
    assert.equal(reads, 1);
    assert.deepEqual(
      service.users().map(({ identity }) => identity),
      ["from the getter", "nested", "ada"],
    );
  },

  "a payload larger than a load may be is refused before it is read to its end": (rolecall, assert) => {
    const service = rolecall.Service.from({ users: { identity: "alice" } });
    const endless = new Proxy([], { get: (_, key) => (key === "length" ? Number.POSITIVE_INFINITY : {}) });
    const table = [
      ["members", { members: endless }],
      ["roles[0].permissions", { roles: [{ sid: "RL1", type: "channel", permissions: endless }] }],
      ["users[1].identity", { users: [{ identity: "bob" }, { identity: "x".repeat(2 ** 26) }] }],
    ];
    for (const [path, payload] of table) {
      refuses({ rolecall, assert, service }, () => service.load(payload), "too-large", path);
    }
  },

  "ten thousand rows are loaded": ({ Service }, assert) => {
    const members = Array.from({ length: 10_000 }, (_, number) => ({
      channel_sid: `CH${number % 100}`,
      identity: `user ${number}`,
      role_sid: "RL1",
    }));
    const service = Service.from({ roles: [role("RL1")], members });
    assert.deepEqual(service.lastLoad, report({ roles: { added: 1 }, members: { added: 10_000 } }));
    assert.lengthOf(service.channels(), 100);
    assert.lengthOf(service.whoCan("sendMessage", { channel: "CH42" }), 100);
  },
};
