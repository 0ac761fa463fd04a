import { refuses, warned } from "./shared/check.mjs";
import { channelOf, sidOf, town } from "./shared/town.mjs";

const sms = { type: "sms", address: "+15550122" };

/** Who is in which of the channels of a town, and who is invited, as "CH1/bob" and "CH1?carl". */
const seats = (service) =>
  service
    .channels()
    .flatMap(({ sid }) => [
      ...service.members(sid).map(({ identity }) => `${sid}/${identity}`),
      ...service.invites(sid).map(({ identity }) => `${sid}?${identity}`),
    ])
    .join(" ");

const known = (service) =>
  service
    .channels()
    .map(({ sid }) => sid)
    .join(" ");

/** A user's own list: each back end's, with `sid` as the channel's. */
const LISTS = {
  "UserChannels of REST": (sid, status) => ({ channel_sid: sid, user_sid: "US1", member_sid: "MB1", status }),
  "UserChannels of the Node helper library": (sid, status) => ({ channelSid: sid, userSid: "US1", status }),
  "UserConversations of REST": (sid, status) => ({
    conversation_sid: sid,
    user_sid: "US1",
    participant_sid: "MB1",
    conversation_state: "active",
    created_by: "system",
    ...(status === "joined" ? {} : { status }),
  }),
  "UserConversations of C#": (sid, status) => ({
    ConversationSid: sid,
    UserSid: "US1",
    ...(status === "joined" ? {} : { Status: status.toUpperCase() }),
  }),
  "the SDK's": (sid, status) => ({
    sid,
    uniqueName: null,
    status: status === "not_participating" ? "notParticipating" : status,
    state: { current: "active" },
  }),
};

export const tests = {
  "a row of a user's own list makes a member, an invite, or ends both": (rolecall, assert) => {
    // The status, and where dora stands then: nowhere before, a member before, invited before.
    const table = [
      ["joined", "CH3/dora", "CH3/dora", "CH3/dora"],
      ["invited", "CH3?dora", "CH3?dora", "CH3?dora"],
      ["not_participating", "", "", ""],
    ];
    for (const [list, row] of Object.entries(LISTS)) {
      for (const [status, ...after] of table) {
        for (const [at, before] of [
          () => {},
          (service) => service.setMember("CH3", "dora"),
          (service) => service.invite("CH3", "dora"),
        ].entries()) {
          const about = `${list}: ${status}, ${at}`;
          const service = new rolecall.Service();
          service.createChannel({ sid: "CH3" });
          before(service);
          const report = service.load({ channels: [row("CH3", status)] }, { identity: "dora" });
          assert.equal(seats(service), after[at], about);
          assert.deepEqual(warned(assert, report), [], about);
          // A role that is known is kept; the row itself names none.
          const kept = at === 1 || (at === 2 && status === "invited");
          const roleSid = kept ? sidOf(service, "Channel User") : "";
          const seat = [...service.members("CH3"), ...service.invites("CH3")][0];
          if (seat && !(at === 1 && status === "invited")) assert.equal(seat.roleSid, roleSid, about);
        }
      }
    }
  },

  "a status that is none changes neither, and is a warning": (rolecall, assert) => {
    const service = town(rolecall);
    const before = seats(service);
    const rows = [
      { channel_sid: "CH1", status: "kicked" },
      { channel_sid: "CH7", status: "banned" },
    ];
    for (const identity of ["bob", "carl", "dora"]) {
      const report = service.load({ channels: rows }, { identity });
      assert.deepEqual(warned(assert, report), [
        ["unknown-status", "channels[0].status"],
        ["unknown-status", "channels[1].status"],
      ]);
      assert.include(report.warnings[0].message, "kicked");
      assert.equal(seats(service), before, identity);
    }
    assert.equal(known(service), "CH1 CH2 CH7");
  },

  "whose a row is: the participant's, nobody's by phone, the user's who is signed in, or nobody's": (
    rolecall,
    assert,
  ) => {
    // The row beside the SID; whether an identity is passed; and who is a member, and the warnings.
    const table = [
      [{ participant_identity: "dora", participant_user_sid: "US1" }, "carl", "CH7/dora", []],
      [{ participant_identity: "dora" }, undefined, "CH7/dora", []],
      [{ participantIdentity: "dora", participantMessagingBinding: null }, "carl", "CH7/dora", []],
      [{ participant_identity: null, participant_messaging_binding: sms }, "carl", "", []],
      [{ participant_messaging_binding: sms, participant_user_sid: "US1" }, undefined, "", []],
      [{ participant_identity: "dora", participant_messaging_binding: sms }, "carl", "CH7/dora", []],
      [{ participant_user_sid: "US1" }, "carl", "CH7/carl", []],
      [{ participant_identity: "", status: "joined" }, "carl", "CH7/carl", []],
      [{ user_sid: "US1" }, "carl", "CH7/carl", []],
      [{ user_sid: "US1" }, undefined, "", ["whose-list"]],
      [{ status: "joined" }, undefined, "", ["whose-list"]],
      [{ participant_user_sid: "US1" }, undefined, "", ["whose-list"]],
      // No row of a list.
      [{ unique_name: "pit" }, "carl", "", []],
      [{ status: null, user_sid: "" }, "carl", "", []],
    ];
    for (const [more, identity, expected, codes] of table) {
      for (const rows of [
        [{ conversation_sid: "CH7", ...more }],
        [{ conversation_sid: "CH7", ...more }, { sid: "CH8" }],
      ]) {
        const about = `${JSON.stringify(rows)} of ${identity}`;
        const service = rolecall.Service.from({ roles: [] }, { dialect: "conversations" });
        const report = service.load({ conversations: rows }, { identity });
        const { warnings } = report;
        warned(assert, report);
        assert.equal(seats(service), expected, about);
        assert.deepEqual(
          warnings.map(({ code }) => code),
          codes,
          about,
        );
        for (const { path, message } of warnings) {
          assert.match(path, /^conversations/, about);
          assert.include(message, "identity", about);
        }
        // The channel counts in any case.
        assert.include(known(service), "CH7", about);
      }
    }
    // One warning for a list, not one for each row.
    const service = new rolecall.Service();
    const rows = Array.from({ length: 20 }, (_, at) => ({ channel_sid: `CH${at}`, user_sid: "US1" }));
    assert.lengthOf(service.load({ channels: rows }).warnings, 1);
    assert.lengthOf(service.channels(), 20);
  },

  "a list tells of the channels, too": (rolecall, assert) => {
    const service = new rolecall.Service({ dialect: "conversations" });
    service.setUser("mika");
    const row = {
      participant_identity: "mika",
      conversation_sid: "CH1",
      conversation_unique_name: "pit",
      conversation_created_by: "noor",
      conversation_state: "closed",
      conversation_friendly_name: "The pit",
    };
    service.load({ conversations: { meta: { key: "conversations" }, conversations: [row] } });
    assert.deepEqual(service.channels(), [channelOf("CH1", { uniqueName: "pit", createdBy: "noor", state: "closed" })]);
    assert.isTrue(service.ability("mika", "pit").can("viewConversation"));
    assert.equal(service.ability("mika", "pit").explain("sendMessage").reason, "closed");
  },

  "with replace, a list takes the place of its user's seats, and of nobody else's": (rolecall, assert) => {
    // What is loaded, for whom, and who is in then: at first CH1/alice CH1/bob CH1?carl CH2/bob CH2/dora.
    const joined = (sid, more) => ({ channel_sid: sid, status: "joined", ...more });
    const table = [
      [[joined("CH2")], "bob", "CH1/alice CH1?carl CH2/bob CH2/dora"],
      [[joined("CH1"), joined("CH3")], "dora", "CH1/alice CH1/bob CH1/dora CH1?carl CH2/bob CH3/dora"],
      [[joined("CH1")], "carl", "CH1/alice CH1/bob CH1/carl CH2/bob CH2/dora"],
      [[joined("CH2", { status: "invited" })], "carl", "CH1/alice CH1/bob CH2/bob CH2/dora CH2?carl"],
      [[joined("CH1", { status: "not_participating" })], "bob", "CH1/alice CH1?carl CH2/dora"],
      [
        [joined("CH1", { participant_identity: "dora" }), joined("CH2", { participant_identity: "bob" })],
        undefined,
        "CH1/alice CH1/dora CH1?carl CH2/bob",
      ],
      // Somebody else's rows replace nothing of the user's who is signed in.
      [[joined("CH2", { participant_identity: "dora" })], "bob", "CH1/alice CH1/bob CH1?carl CH2/bob CH2/dora"],
      [[joined("CH2", { participant_messaging_binding: sms })], "bob", "CH1/alice CH1/bob CH1?carl CH2/bob CH2/dora"],
      // Nobody's rows replace nothing, and neither does a row that is skipped.
      [[joined("CH2")], undefined, "CH1/alice CH1/bob CH1?carl CH2/bob CH2/dora"],
      [
        [joined("CH2", { participant_messaging_binding: sms })],
        undefined,
        "CH1/alice CH1/bob CH1?carl CH2/bob CH2/dora",
      ],
    ];
    for (const [channels, identity, expected] of table) {
      const about = `${JSON.stringify(channels)} of ${identity}`;
      const service = town(rolecall);
      service.setMember("CH2", "bob", "Channel Admin");
      service.setMember("CH2", "dora");
      service.load({ channels }, { identity, replace: true });
      const sorted = (text) => text.split(" ").sort();
      assert.deepEqual(sorted(seats(service)), sorted(expected), about);
      // A list never removes a channel.
      assert.include(known(service), "CH1 CH2", about);
      const bob = service.members("CH2").find((member) => member.identity === "bob");
      if (bob) assert.equal(bob.roleSid, sidOf(service, "Channel Admin"), about);
    }
  },

  "with replace, a list of another service takes the place of nothing": (rolecall, assert) => {
    for (const [whose, identity] of [
      [{ participant_identity: "bob" }, undefined],
      [{ participant_identity: "bob" }, "bob"],
      [{ user_sid: "US1" }, "bob"],
    ]) {
      const about = `${JSON.stringify(whose)} of ${identity}`;
      const service = town(rolecall);
      service.load({ service: { sid: "IS1", default_service_role_sid: sidOf(service, "Service User") } });
      const before = seats(service);
      const row = { channel_sid: "CH2", service_sid: "IS2", status: "joined", ...whose };
      const report = service.load({ channels: [row] }, { identity, replace: true });
      assert.deepEqual(warned(assert, report), [["other-service", "channels"]], about);
      assert.deepEqual([report.channels.skipped, report.members.removed, report.invites.removed], [1, 0, 0], about);
      assert.equal(seats(service), before, about);
    }
  },

  "an invite in a list is left out in Conversations, with a warning": (rolecall, assert) => {
    // The row beside the SID and the status; and the warnings.
    const skipped = [["no-counterpart", "conversations[0].status"]];
    const table = [
      [{ user_sid: "US1" }, "dora", skipped],
      [{ participant_identity: "dora" }, undefined, skipped],
      [{ participant_messaging_binding: sms }, "dora", []],
      [{ user_sid: "US1" }, undefined, [["whose-list", "conversations[0]"]]],
    ];
    for (const [whose, identity, warnings] of table) {
      const service = new rolecall.Service({ dialect: "conversations" });
      const row = { conversation_sid: "CH1", status: "invited", ...whose };
      const report = service.load({ conversations: [row] }, { identity });
      assert.deepEqual(warned(assert, report), warnings, JSON.stringify(whose));
      assert.equal(seats(service), "", JSON.stringify(whose));
    }
  },

  "identity: the signed-in user, whom no row names, gets the default role": (rolecall, assert) => {
    const roles = [{ sid: "RL1", friendly_name: "crew", type: "deployment", permissions: ["createChannel"] }];
    const service = { default_service_role_sid: "RL1" };
    const mika = { identity: "mika", role_sid: "RL9" };
    const noor = { identity: "noor", role_sid: "RL9" };
    // The payload; and mika's role, or undefined where she is no user; and the warnings.
    const table = [
      [{ service, roles, users: [] }, "RL1", []],
      [{ service, roles, users: [noor] }, "RL1", []],
      [{ service, roles, users: { users: [], meta: {} } }, "RL1", []],
      [{ service, roles, users: { instances: [] } }, "RL1", []],
      [{ service, roles, users: [mika] }, "RL9", []],
      [{ service, roles, users: mika }, "RL9", []],
      [{ service, roles }, undefined, []],
      [{ roles, users: [] }, "", [["no-role", "identity"]]],
      [{ roles, users: [noor] }, "", [["no-role", "identity"]]],
      [{ roles, users: [{ identity: "mika" }] }, "", [["no-role", "users[0].role_sid"]]],
    ];
    for (const [payload, roleSid, warnings] of table) {
      for (const replace of [false, true]) {
        const about = `${JSON.stringify(payload)}, replace ${replace}`;
        const made = rolecall.Service.from(payload, { identity: "mika" });
        const loaded = new rolecall.Service({ roles: "none" });
        const report = loaded.load(payload, { identity: "mika", replace });
        assert.deepEqual(warned(assert, made.lastLoad), warnings, about);
        assert.deepEqual(warned(assert, report), warnings, about);
        for (const one of [made, loaded]) {
          const user = one.users().find(({ identity }) => identity === "mika");
          assert.equal(user?.roleSid, roleSid, about);
          assert.equal(one.ability("mika").can("createChannel"), roleSid === "RL1", about);
        }
      }
    }
    // A snapshot has users.
    const snapshot = rolecall.Service.from({ service, roles, users: [noor] }).toJSON();
    assert.isTrue(rolecall.Service.from(snapshot, { identity: "mika" }).ability("mika").can("createChannel"));
    // It is stored, and a later row takes its place.
    const made = rolecall.Service.from({ service, roles, users: [] }, { identity: "mika" });
    assert.isTrue(rolecall.Service.from(made.toJSON()).ability("mika").can("createChannel"));
    made.load({ users: [mika] });
    assert.deepEqual(made.users(), [{ identity: "mika", roleSid: "RL9" }]);
    // A user who is known already keeps the role, unless the section replaces it.
    made.load({ users: [] }, { identity: "mika" });
    assert.equal(made.users()[0].roleSid, "RL9");
    made.load({ users: [] }, { identity: "mika", replace: true });
    assert.deepEqual(made.users(), [{ identity: "mika", roleSid: "RL1" }]);
    // Nothing is changed by the same again.
    const { version } = made;
    made.load({ users: [] }, { identity: "mika" });
    assert.equal(made.version, version);
  },

  "an identity that is none is refused": (rolecall, assert) => {
    const service = town(rolecall);
    const table = [
      ["", "invalid-identity"],
      [null, "invalid-argument"],
      [5, "invalid-argument"],
      [["mika"], "invalid-argument"],
      [{ identity: "mika" }, "invalid-argument"],
      ["\ud800", "invalid-string"],
      ["x".repeat(2 ** 16 + 1), "too-large"],
    ];
    for (const [identity, code] of table) {
      for (const payload of [{ users: [] }, { channels: [{ channel_sid: "CH1", status: "joined" }] }, {}]) {
        const about = `${code}, ${JSON.stringify(payload)}`;
        refuses({ rolecall, assert, service }, () => service.load(payload, { identity }), code, "identity", about);
        refuses({ rolecall, assert }, () => rolecall.Service.from(payload, { identity }), code, "identity", about);
      }
    }
    assert.deepEqual(service.load({}, { identity: undefined }).warnings, []);
  },

  "a list with a mistake changes nothing": (rolecall, assert) => {
    const service = town(rolecall);
    const good = { channel_sid: "CH2", status: "joined" };
    const table = [
      [{ channel_sid: "CH1", status: 5 }, "invalid-type", "channels[1].status"],
      [{ status: "joined" }, "missing-field", "channels[1].sid"],
      [{ channel_sid: "", status: "joined" }, "invalid-sid", "channels[1].channel_sid"],
      [{ channel_sid: "CH1", participant_identity: 5 }, "invalid-type", "channels[1].participant_identity"],
      [{ channel_sid: "CH1", participant_identity: "\ud800" }, "invalid-string", "channels[1].participant_identity"],
    ];
    for (const [row, code, path] of table) {
      const load = () => service.load({ channels: [good, row] }, { identity: "dora" });
      refuses({ rolecall, assert, service }, load, code, path, path);
    }
  },
};
