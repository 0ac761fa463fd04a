import { refuses, warned } from "./shared/check.mjs";
import { channelOf, town } from "./shared/town.mjs";

/** The fields of a payload as some back end spells them. */
const STYLES = {
  "REST, Python, Ruby, PHP and Go": (name) => name,
  "Node and Java": (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
  "C#, webhooks and event streams": (name) => name.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase()),
};

const respelt = (value, spell) => {
  if (Array.isArray(value)) return value.map((one) => respelt(one, spell));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [spell(name), respelt(one, spell)]));
};

/** A garage's service, with every field that is read, in both dialects. */
const GARAGE = {
  chat: {
    service: {
      sid: "IS1",
      default_service_role_sid: "RLcrew",
      default_channel_role_sid: "RLdriver",
      default_channel_creator_role_sid: "RLchief",
    },
    roles: [
      { sid: "RLcrew", service_sid: "IS1", friendly_name: "crew", type: "deployment", permissions: ["joinChannel"] },
      { sid: "RLdriver", service_sid: "IS1", friendly_name: "driver", type: "channel", permissions: ["sendMessage"] },
      { sid: "RLchief", service_sid: "IS1", friendly_name: "chief", type: "channel", permissions: ["removeMember"] },
    ],
    users: [
      { sid: "US1", service_sid: "IS1", identity: "mika", role_sid: "RLcrew" },
      { sid: "US2", service_sid: "IS1", identity: "noor", role_sid: "RLcrew" },
    ],
    channels: [
      { sid: "CH1", service_sid: "IS1", unique_name: "pit", type: "public", created_by: "mika", state: "inactive" },
      { channel_sid: "CH2", channel_unique_name: "lift", channel_type: "private", channel_created_by: "noor" },
    ],
    members: [
      { channel_sid: "CH1", service_sid: "IS1", identity: "mika", role_sid: "RLchief" },
      { channel_sid: "CH2", service_sid: "IS1", identity: "noor", role_sid: "RLdriver" },
    ],
    invites: [{ channel_sid: "CH2", service_sid: "IS1", identity: "mika", role_sid: "RLdriver" }],
  },
  conversations: {
    configuration: {
      chat_service_sid: "IS1",
      default_chat_service_role_sid: "RLcrew",
      default_conversation_role_sid: "RLdriver",
      default_conversation_creator_role_sid: "RLchief",
    },
    roles: [
      {
        sid: "RLcrew",
        chat_service_sid: "IS1",
        friendly_name: "crew",
        type: "service",
        permissions: ["joinConversation"],
      },
      { sid: "RLdriver", friendly_name: "driver", type: "conversation", permissions: ["sendMessage"] },
      { sid: "RLchief", friendly_name: "chief", type: "conversation", permissions: ["removeParticipant"] },
    ],
    users: [
      { sid: "US1", chat_service_sid: "IS1", identity: "mika", role_sid: "RLcrew" },
      { sid: "US2", chat_service_sid: "IS1", identity: "noor", role_sid: "RLcrew" },
    ],
    conversations: [
      { sid: "CH1", chat_service_sid: "IS1", unique_name: "pit", created_by: "mika", state: "closed" },
      {
        conversation_sid: "CH2",
        conversation_unique_name: "lift",
        conversation_created_by: "noor",
        conversation_state: "inactive",
      },
    ],
    participants: [
      { conversation_sid: "CH1", chat_service_sid: "IS1", identity: "mika", role_sid: "RLchief" },
      { conversation_sid: "CH2", chat_service_sid: "IS1", identity: "noor", role_sid: "RLdriver" },
    ],
  },
};

const SECTIONS = ["roles", "users", "channels", "conversations", "members", "participants", "invites"];

/** What each section of the garage may look like, by what wrote it down. */
const SHAPES = {
  "a list": (_, rows) => rows,
  "a list page": (section, rows) => ({ meta: { page: 0, key: section }, [section]: rows }),
  "a page of the Node helper library": (_, rows) => ({ nextPageUrl: null, instances: rows, _version: { domain: {} } }),
  "a page of the SDK": (_, rows) => ({ items: rows, hasNextPage: false, nextPage: null }),
  "a frozen list": (_, rows) => Object.freeze(rows.map((row) => Object.freeze(row))),
  "a proxy": (_, rows) => new Proxy(rows, {}),
  "rows with much else": (_, rows) =>
    rows.map((row) => ({ ...row, account_sid: "AC1", url: null, links: { deep: [[]] }, date_created: new Date(0) })),
  "rows without a prototype": (_, rows) => rows.map((row) => Object.assign(Object.create(null), row)),
  "rows of a class": (_, rows) =>
    rows.map((row) => {
      class Row {}
      for (const [name, value] of Object.entries(row)) {
        Object.defineProperty(Row.prototype, name, { get: () => value });
      }
      return new Row();
    }),
};

const role = (sid, more) => ({ sid, friendly_name: sid, type: "channel", permissions: ["sendMessage"], ...more });

export const tests = {
  "every spelling of every field, in any mixture": ({ Service }, assert) => {
    for (const [dialect, payload] of Object.entries(GARAGE)) {
      const expected = Service.from(payload);
      assert.equal(expected.dialect, dialect);
      assert.deepEqual(warned(assert, expected.lastLoad), []);
      const snapshot = expected.toJSON();
      for (const [style, spell] of Object.entries(STYLES)) {
        const service = Service.from(respelt(payload, spell));
        assert.deepEqual(service.toJSON(), snapshot, `${dialect}: ${style}`);
        assert.deepEqual(service.lastLoad, expected.lastLoad, `${dialect}: ${style}`);
      }
      // Each row and each field in the next style.
      let turn = 0;
      const styles = Object.values(STYLES);
      for (let first = 0; first < styles.length; first++) {
        turn = first;
        const mixed = respelt(payload, (name) => styles[turn++ % styles.length](name));
        assert.deepEqual(Service.from(mixed).toJSON(), snapshot, `${dialect}: ${JSON.stringify(mixed)}`);
      }
    }
  },

  "every shape of a section": ({ Service }, assert) => {
    for (const [dialect, payload] of Object.entries(GARAGE)) {
      const snapshot = Service.from(payload).toJSON();
      for (const [shape, make] of Object.entries(SHAPES)) {
        for (const [style, spell] of Object.entries(STYLES)) {
          const shaped = Object.fromEntries(
            Object.entries(respelt(payload, spell)).map(([name, rows]) => {
              const section = name.toLowerCase();
              return [name, SECTIONS.includes(section) ? make(section, rows) : rows];
            }),
          );
          assert.deepEqual(Service.from(shaped).toJSON(), snapshot, `${dialect}: ${shape}, ${style}`);
        }
      }
      // One resource of each, one after the other.
      const service = Service.from({ roles: [] }, { dialect });
      for (const [section, rows] of Object.entries(payload)) {
        for (const row of [rows].flat()) service.load({ [section]: row });
      }
      assert.deepEqual(service.toJSON(), snapshot, dialect);
      // Each list page as the whole payload.
      const paged = Service.from({ roles: [] }, { dialect });
      for (const [section, rows] of Object.entries(payload)) {
        paged.load({ meta: { key: section }, [section]: rows });
      }
      assert.deepEqual(paged.toJSON(), snapshot, dialect);
    }
  },

  "null, an empty object and an empty list are empty sections": ({ Service }, assert) => {
    for (const empty of [null, {}, []]) {
      for (const section of SECTIONS) {
        const service = Service.from(GARAGE.chat);
        const before = JSON.stringify(service);
        const report = service.load({ [section]: empty });
        assert.deepEqual(warned(assert, report), [], section);
        assert.equal(JSON.stringify(service), before, section);
      }
    }
    for (const empty of [{}, []]) {
      const service = Service.from(GARAGE.chat);
      service.load({ invites: empty, members: empty }, { replace: true });
      assert.deepEqual([service.members("CH1"), service.invites("CH2")], [[], []]);
    }
  },

  "a field that is undefined in one row is read in the next": ({ Service }, assert) => {
    const users = [
      { identity: "ada", role_sid: undefined },
      { identity: "ben", role_sid: "RL1" },
    ];
    assert.deepEqual(Service.from({ users }).users(), [
      { identity: "ada", roleSid: "" },
      { identity: "ben", roleSid: "RL1" },
    ]);
  },

  "of two spellings in a row the first counts, and a section of Conversations after Chat's": ({ Service }, assert) => {
    const service = Service.from({
      roles: [role("RL1"), role("RL2")],
      members: [{ channel_sid: "CH1", identity: "mika", roleSid: "RL2", role_sid: "RL1" }],
      channels: [{ sid: "CH1", type: "public", created_by: "mika" }],
      conversations: [{ sid: "CH1", type: "private", created_by: "noor", state: "closed" }],
      participants: [{ conversation_sid: "CH1", identity: "mika", role_sid: "RL2" }],
    });
    assert.deepEqual(service.members("CH1"), [{ channelSid: "CH1", identity: "mika", roleSid: "RL2" }]);
    assert.deepEqual(service.channels(), [channelOf("CH1", { createdBy: "noor", state: "closed" })]);
    const one = Service.from({ members: [{ channel_sid: "CH1", identity: "mika", roleSid: "RL2", role_sid: "RL1" }] });
    assert.deepEqual(one.members("CH1"), [{ channelSid: "CH1", identity: "mika", roleSid: "RL1" }]);
  },

  "a type, a state and a status are read in any case": ({ Service }, assert) => {
    // As written; and as Chat and Conversations write it.
    const types = [
      ["deployment", "deployment", "service"],
      ["DEPLOYMENT", "deployment", "service"],
      ["Service", "deployment", "service"],
      ["channel", "channel", "conversation"],
      ["Channel", "channel", "conversation"],
      ["CONVERSATION", "channel", "conversation"],
    ];
    for (const [type, chat, conversations] of types) {
      const roles = [role("RL1", { type, permissions: ["addMember"] })];
      assert.equal(Service.from({ roles }, { dialect: "chat" }).roles()[0].type, chat, type);
      assert.equal(Service.from({ roles }, { dialect: "conversations" }).roles()[0].type, conversations, type);
    }
    assert.equal(Service.from({ roles: [role("RL1", { type: "CONVERSATION" })] }).dialect, "conversations");
    for (const [type, expected] of [
      ["PUBLIC", "public"],
      ["Private", "private"],
      ["public", "public"],
    ]) {
      assert.equal(Service.from({ channels: [{ sid: "CH1", type }] }).channels()[0].type, expected, type);
    }
    for (const [state, expected] of [
      ["ACTIVE", "active"],
      ["Inactive", "inactive"],
      ["CLOSED", "closed"],
      ["Initializing", "initializing"],
      [{ current: "closed", dateUpdated: new Date(0) }, "closed"],
      [{ current: "INACTIVE" }, "inactive"],
    ]) {
      const service = Service.from({ conversations: [{ sid: "CH1", state }] });
      assert.equal(service.channels()[0].state, expected, JSON.stringify(state));
      assert.deepEqual(service.lastLoad.warnings, []);
    }
    for (const status of ["notParticipating", "not_participating", "NOT_PARTICIPATING", "NotParticipating"]) {
      const service = town({ Service });
      service.load({ channels: [{ channel_sid: "CH1", status }] }, { identity: "bob" });
      assert.equal(service.ability("bob", "CH1").explain("viewChannel").reason, "not-visible", status);
    }
    for (const status of ["Joined", "JOINED", "joined"]) {
      const service = town({ Service });
      service.load({ channels: [{ channel_sid: "CH1", status }] }, { identity: "dora" });
      assert.isTrue(service.ability("dora", "CH1").can("viewChannel"), status);
    }
  },

  "absent, null and empty are the same where something may be missing": ({ Service }, assert) => {
    const NOTHING = [{}, { value: null }, { value: "" }];
    for (const nothing of NOTHING) {
      const as = (field) => ("value" in nothing ? { [field]: nothing.value } : {});
      const about = JSON.stringify(nothing);
      // A channel row leaves what is known.
      const service = Service.from({ ...GARAGE.chat, members: [], invites: [] });
      const before = service.channels();
      const row = { sid: "CH1", ...as("type"), ...as("unique_name"), ...as("created_by"), ...as("state") };
      const report = service.load({ channels: [row] });
      assert.equal(report.channels.unchanged, 1, about);
      assert.deepEqual(report.warnings, [], about);
      assert.deepEqual(service.channels(), before, about);
      assert.deepEqual(Service.from({ channels: [row] }).channels(), [channelOf("CH1")], about);
      // A user and a member are kept without a role, an invite has none.
      const people = Service.from({
        users: [{ identity: "mika", ...as("role_sid") }],
        members: [{ channel_sid: "CH1", identity: "mika", ...as("role_sid") }],
        invites: [{ channel_sid: "CH1", identity: "noor", ...as("role_sid") }],
      });
      assert.deepEqual(people.users(), [{ identity: "mika", roleSid: "" }], about);
      assert.deepEqual(people.members("CH1"), [{ channelSid: "CH1", identity: "mika", roleSid: "" }], about);
      assert.deepEqual(people.invites("CH1"), [{ channelSid: "CH1", identity: "noor", roleSid: "" }], about);
      assert.deepEqual(
        warned(assert, people.lastLoad),
        [
          ["no-role", "users[0].role_sid"],
          ["no-role", "members[0].role_sid"],
        ],
        about,
      );
    }
  },

  "a participant without an identity is no user, whatever else the row has": ({ Service }, assert) => {
    const sms = { type: "sms", address: "+15550111" };
    const mika = { conversation_sid: "CH1", identity: "mika", role_sid: "RL1" };
    // The rows beside mika's, and the warnings.
    const table = [
      [[{ conversation_sid: "CH1", identity: null, role_sid: null, messaging_binding: sms }], []],
      [[{ conversation_sid: "CH1", role_sid: "RL1", messaging_binding: sms }], []],
      [[{ conversationSid: "CH1", identity: "", messagingBinding: sms }], []],
      [[{ ConversationSid: "CH1", MessagingBinding: sms }], []],
      [[{ ConversationSid: "CH1", "MessagingBinding.Type": "sms", "MessagingBinding.Address": "+15550111" }], []],
      [[{ messaging_binding: sms }], []],
      [[{ conversation_sid: 5, role_sid: {}, messaging_binding: sms }], []],
      [[{ conversation_sid: "CH1", identity: null, messaging_binding: null }], ["no-identity"]],
      [[{ conversation_sid: "CH1" }, { conversation_sid: "CH2", Identity: "" }, {}], ["no-identity"]],
    ];
    for (const [others, codes] of table) {
      for (const participants of [
        [mika, ...others],
        [...others, mika],
      ]) {
        const service = Service.from({ roles: [role("RL1", { type: "conversation" })], participants });
        const about = JSON.stringify(participants);
        const { members, warnings } = service.lastLoad;
        warned(assert, service.lastLoad);
        assert.deepEqual([members.added, members.skipped], [1, others.length], about);
        assert.deepEqual(
          warnings.map(({ code }) => code),
          codes,
          about,
        );
        for (const { path } of warnings) assert.match(path, /^participants/, about);
        assert.deepEqual(service.members("CH1"), [{ channelSid: "CH1", identity: "mika", roleSid: "RL1" }], about);
      }
    }
  },

  "what the client SDK has in its hands is read, getters of its classes included": ({ Service }, assert) => {
    class Conversation {
      #sid;
      constructor(sid) {
        this.#sid = sid;
      }
      get sid() {
        return this.#sid;
      }
      get uniqueName() {
        return this.#sid === "CH1" ? "pit" : null;
      }
      get createdBy() {
        return "mika";
      }
      get state() {
        return { current: this.#sid === "CH1" ? "closed" : "active", dateUpdated: new Date(0) };
      }
      get status() {
        return this.#sid === "CH1" ? "joined" : "notParticipating";
      }
    }
    class Participant {
      #conversation;
      constructor(conversation) {
        this.#conversation = conversation;
      }
      get identity() {
        return "mika";
      }
      get roleSid() {
        return "RL1";
      }
      get conversation() {
        return this.#conversation;
      }
    }
    const conversations = { items: [new Conversation("CH1"), new Conversation("CH2")], hasNextPage: false };
    const roles = [role("RL1", { type: "conversation" })];
    const service = Service.from(
      { roles, conversations, participants: [new Participant(conversations.items[0])] },
      { identity: "mika" },
    );
    assert.deepEqual(service.channels(), [
      channelOf("CH1", { uniqueName: "pit", createdBy: "mika", state: "closed" }),
      channelOf("CH2", { createdBy: "mika" }),
    ]);
    assert.deepEqual(service.members("CH1"), [{ channelSid: "CH1", identity: "mika", roleSid: "RL1" }]);
    assert.deepEqual(service.members("CH2"), []);
    assert.deepEqual(service.lastLoad.warnings, []);
  },

  "anything else with toJSON is read as what that returns": (rolecall, assert) => {
    const { Service } = rolecall;
    const expected = Service.from(GARAGE.chat).toJSON();
    class Copy {
      calls = 0;
      #payload;
      constructor(payload) {
        this.#payload = payload;
      }
      toJSON() {
        this.calls++;
        return this.#payload;
      }
    }
    for (const payload of [GARAGE.chat, expected, respelt(GARAGE.chat, STYLES["Node and Java"])]) {
      const copy = new Copy(payload);
      assert.deepEqual(Service.from(copy).toJSON(), expected);
      assert.equal(copy.calls, 1);
      const service = new Service({ roles: "none" });
      service.load(copy, { replace: true });
      assert.equal(copy.calls, 2);
    }
    // With a section of its own it is read itself.
    const own = Object.assign(new Copy({ users: [{ identity: "noor" }] }), { users: [{ identity: "mika" }] });
    assert.deepEqual(
      Service.from(own)
        .users()
        .map(({ identity }) => identity),
      ["mika"],
    );
    assert.equal(own.calls, 0);
    // A row of the helper library has one, too, and is read as it is.
    const row = { identity: "mika", roleSid: "RL1", toJSON: () => ({ identity: "noor" }) };
    assert.deepEqual(Service.from({ users: [row] }).users(), [{ identity: "mika", roleSid: "RL1" }]);
    // One that changes the service that is loading.
    const service = town(rolecall);
    const changing = {
      toJSON() {
        service.setUser("from toJSON");
        service.removeMember("CH1", "bob");
        return { users: [{ identity: "mika", role_sid: "RL9" }] };
      },
    };
    service.load(changing);
    const identities = service.users().map(({ identity }) => identity);
    assert.includeMembers(identities, ["from toJSON", "mika"]);
    assert.isFalse(service.ability("bob", "CH1").can("sendMessage"));
    // And what none can be read of.
    for (const result of [undefined, null, 5, "{}", [], [{}], { data: {} }, { toJSON: () => ({ users: [] }) }]) {
      const call = () => service.load({ toJSON: () => result });
      refuses({ rolecall, assert, service }, call, "invalid-payload", undefined, JSON.stringify(result));
    }
    const throwing = {
      toJSON() {
        throw new Error("the caller's own");
      },
    };
    const error = refuses({ rolecall, assert, service }, () => service.load(throwing), "unreadable", "toJSON");
    assert.include(error.message, "toJSON");
  },

  "each mistake in a payload has its code and its path, spelt as in the payload": (rolecall, assert) => {
    const { Service } = rolecall;
    const bang = () => {
      throw new Error("the caller's own");
    };
    const sdk = (fields) => ({ identity: "mika", roleSid: "RL1", ...fields });
    // The payload; the code and the path; and what the message says.
    const table = [
      [{ roles: { instances: 5 } }, "invalid-type", "roles.instances", "number"],
      [{ roles: { instances: "RL1" } }, "invalid-type", "roles.instances", "string"],
      [{ users: { items: { identity: "mika" } } }, "invalid-type", "users.items", "object"],
      [{ users: { instances: [{ identity: 5 }] } }, "invalid-type", "users.instances[0].identity", "number"],
      [{ Users: [{ Identity: 5 }] }, "invalid-type", "Users[0].Identity", "number"],
      [{ Users: [{ RoleSid: "RL1" }] }, "missing-field", "Users[0].identity", "identity"],
      [
        { participants: [{ Identity: "mika" }] },
        "missing-field",
        "participants[0].conversation_sid",
        "conversation_sid",
      ],
      [{ members: [{ identity: "mika" }] }, "missing-field", "members[0].channel_sid", "channel_sid"],
      [{ conversations: [{ uniqueName: "pit" }] }, "missing-field", "conversations[0].sid", "sid"],
      [
        { participants: [sdk({ conversation: { sid: 5 } })] },
        "invalid-type",
        "participants[0].conversation.sid",
        "number",
      ],
      [{ conversations: [{ sid: "CH1", state: 5 }] }, "invalid-type", "conversations[0].state", "number"],
      [
        { conversations: [{ sid: "CH1", state: { current: 5 } }] },
        "invalid-type",
        "conversations[0].state.current",
        "number",
      ],
      [{ conversations: [{ sid: "CH1", state: {} }] }, "missing-field", "conversations[0].state.current", "missing"],
      [
        { conversations: [{ sid: "CH1", State: { value: "closed" } }] },
        "missing-field",
        "conversations[0].State.current",
        "missing",
      ],
      // What stands for a whole section, and is none of its resources: a promise, a response, an error's body, an envelope.
      ...["service", "roles", "users", "channels", "Members", "participants", "invites"].flatMap((section) => [
        [{ [section]: Promise.resolve([]) }, "invalid-type", section, "await"],
        [{ [section]: { json: async () => [], ok: true } }, "invalid-type", section, "await"],
      ]),
      [{ participants: { code: 20404, status: 404 } }, "missing-field", "participants.conversation_sid", "missing"],
      [{ members: { data: [{ identity: "mika" }] } }, "missing-field", "members.channel_sid", "missing"],
      [{ participants: { identity: null, data: [] } }, "missing-field", "participants.conversation_sid", "missing"],
      [{ users: { code: 20404, status: 404 } }, "missing-field", "users.identity", "missing"],
      [
        { channels: [{ sid: "CH1", channel_unique_name: [] }] },
        "invalid-type",
        "channels[0].channel_unique_name",
        "list",
      ],
      [{ channels: [{ channelSid: 5 }] }, "invalid-type", "channels[0].channelSid", "number"],
      [{ channels: [{ sid: "CH1", status: 5 }] }, "invalid-type", "channels[0].status", "number"],
      [{ channels: [{ sid: "CH1", type: "secret" }] }, "invalid-channel-type", "channels[0].type", "secret"],
      [{ roles: [role("RL1", { type: "team" })] }, "invalid-scope", "roles[0].type", "team"],
      [{ roles: [role("RL1", { type: 5 })] }, "invalid-type", "roles[0].type", "number"],
      [{ Roles: [{ Sid: "RL1", Type: "CREW" }] }, "invalid-scope", "Roles[0].Type", "CREW"],
      [{ roles: [role("RL1", { type: null })] }, "invalid-type", "roles[0].type", "null"],
      [{ users: [{ identity: "mika", roleSid: "\ud800" }] }, "invalid-string", "users[0].roleSid", ""],
    ];
    const service = Service.from(GARAGE.chat);
    for (const [payload, code, path, says] of table) {
      const about = JSON.stringify(payload);
      const error = refuses({ rolecall, assert, service }, () => service.load(payload), code, path, about);
      assert.include(error.message, says, about);
      refuses({ rolecall, assert }, () => Service.from(payload), code, path, about);
      if (path.toLowerCase().startsWith("roles[0].type")) {
        for (const word of ["deployment", "service", "channel", "conversation"])
          assert.include(error.message, word, about);
      }
    }
    const throwing = Object.defineProperty(sdk({}), "conversation", { get: bang });
    refuses(
      { rolecall, assert, service },
      () => service.load({ participants: [throwing] }),
      "unreadable",
      "participants[0].conversation",
    );
  },

  "a payload of which nothing can be read is refused, and names what it has": (rolecall, assert) => {
    const { Service } = rolecall;
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`field${at}`, at]));
    // The payload, and what the message must say.
    const table = [
      [{ success: true, data: { roles: [] } }, ["success", "data"]],
      [{ role: [], user: [] }, ["role", "user", "roles"]],
      [{ particpants: [] }, ["particpants", "participants"]],
      [{ instances: [{ sid: "RL1" }], nextPageUrl: null }, ["instances", "nextPageUrl"]],
      [{ items: [], hasNextPage: false }, ["items"]],
      [{ meta: {} }, ["meta"]],
      [{ sid: "RL1", friendly_name: "mod", type: "channel", permissions: [] }, ["friendly_name"]],
      [many, ["field0", "field9"]],
      [{ roles: undefined, Users: undefined }, ["roles, which is undefined", "Users, which is undefined"]],
    ];
    const service = Service.from(GARAGE.chat);
    for (const [payload, says] of table) {
      const about = JSON.stringify(payload);
      for (const replace of [false, true]) {
        const call = () => service.load(payload, { replace });
        const error = refuses({ rolecall, assert, service }, call, "invalid-payload", undefined, about);
        for (const part of says) assert.include(error.message, part, about);
        assert.notInclude(error.message, "field10", about);
      }
      refuses({ rolecall, assert }, () => Service.from(payload), "invalid-payload", undefined, about);
    }
    // Nothing at all is fine, and so is one section beside what is no section.
    assert.deepEqual(service.load({}).warnings, []);
    assert.deepEqual(service.load({ success: true, data: {}, users: [] }).warnings, []);
  },

  "the account's configuration in the place of the service's is a warning": ({ Service }, assert) => {
    const table = [
      [{ service: { sid: "IS1", friendly_name: "Garage" } }, "service"],
      [{ configuration: { chat_service_sid: "IS1", reachability_enabled: true } }, "configuration"],
      [{ Configuration: { DefaultInboundTimer: null, DefaultClosedTimer: null } }, "Configuration"],
      [{ service: { default_service_role_sid: null, defaultChannelRoleSid: "" } }, "service"],
    ];
    for (const [payload, path] of table) {
      const about = JSON.stringify(payload);
      const { lastLoad } = Service.from({ ...payload, roles: [] });
      const { warnings } = lastLoad;
      warned(assert, lastLoad);
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ["no-defaults"],
        about,
      );
      assert.equal(warnings[0].path, path, about);
      assert.match(warnings[0].message, /default role/, about);
    }
    // Of a Conversations service, its own resource has none, and its configuration has them.
    const service = { sid: "IS1", friendly_name: "Garage" };
    const configuration = { chat_service_sid: "IS1", default_conversation_role_sid: "RL1" };
    assert.deepEqual(Service.from({ service, configuration, roles: [] }).lastLoad.warnings, []);
    for (const field of ["default_service_role_sid", "defaultChannelRoleSid", "DefaultConversationCreatorRoleSid"]) {
      assert.deepEqual(Service.from({ service: { [field]: "RL1" }, roles: [] }).lastLoad.warnings, [], field);
    }
  },

  "rows of another service are skipped, counted and told of once a section": ({ Service }, assert) => {
    const of = (field, sid, more) => ({ ...more, [field]: sid });
    // The fields by which a row says its service.
    for (const field of [
      "service_sid",
      "serviceSid",
      "chat_service_sid",
      "chatServiceSid",
      "instance_sid",
      "InstanceSid",
    ]) {
      const rows = (sid, suffix) => ({
        roles: [of(field, sid, role(`RL${suffix}`)), of(field, sid, role(`RM${suffix}`))],
        users: [of(field, sid, { identity: `user ${suffix}`, role_sid: "RL1" })],
        channels: [of(field, sid, { sid: `CH${suffix}` })],
        members: [of(field, sid, { channel_sid: `CH${suffix}`, identity: `user ${suffix}`, role_sid: "RL1" })],
        invites: [of(field, sid, { channel_sid: `CH${suffix}`, identity: `guest ${suffix}`, role_sid: "RL1" })],
      });
      const [mine, others] = [rows("IS1", 1), rows("IS2", 2)];
      const both = Object.fromEntries(
        Object.keys(mine).map((section) => [section, [...mine[section], ...others[section]]]),
      );
      const defaults = { default_service_role_sid: "RL1" };
      const ways = {
        "the service says": () => Service.from({ ...both, service: { sid: "IS1", ...defaults } }),
        "the configuration says": () =>
          Service.from({ ...both, configuration: { chat_service_sid: "IS1", ...defaults } }),
        "the first row says": () => Service.from({ ...both, service: defaults }),
        "what is known says": () => {
          const service = Service.from({ ...mine, service: { sid: "IS1", ...defaults } });
          service.load(both);
          return service;
        },
        "a snapshot says": () => {
          const service = Service.from(Service.from({ ...mine, service: { sid: "IS1", ...defaults } }).toJSON());
          service.load(both);
          return service;
        },
      };
      const expected = Service.from({ ...mine, service: { sid: "IS1", ...defaults } }).toJSON();
      for (const [way, load] of Object.entries(ways)) {
        const about = `${field}: ${way}`;
        const service = load();
        assert.deepEqual({ ...service.toJSON(), dialect: 0 }, { ...expected, dialect: 0 }, about);
        const { warnings, ...counts } = service.lastLoad;
        warned(assert, service.lastLoad);
        assert.deepEqual(
          warnings.map(({ code }) => code),
          Array(5).fill("other-service"),
          about,
        );
        assert.deepEqual(
          Object.keys(mine).map((section) => counts[section].skipped),
          [2, 1, 1, 1, 1],
          about,
        );
        for (const [at, section] of Object.keys(mine).entries()) {
          assert.isTrue(warnings[at].path.startsWith(section), about);
          for (const sid of ["IS1", "IS2"]) assert.include(warnings[at].message, sid, about);
        }
      }
    }
    // Rows that say nothing are this service's.
    const service = Service.from({ users: [{ identity: "mika", service_sid: "IS1" }, { identity: "noor" }] });
    assert.lengthOf(service.users(), 2);
  },
};
