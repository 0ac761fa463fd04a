import { refuses } from "./shared/check.mjs";
import { sidOf, town } from "./shared/town.mjs";

const ROLES = { SA: "Service Admin", SU: "Service User", CA: "Channel Admin", CU: "Channel User" };
const SCOPES = { SA: "service", SU: "service", CA: "channel", CU: "channel" };

/** The roles as `grantedBy` names them, by their initials. */
const rolesOf = (service, initials) =>
  initials
    .split(" ")
    .filter(Boolean)
    .map((key) => ({ sid: sidOf(service, ROLES[key]), friendlyName: ROLES[key], scope: SCOPES[key] }));

/** A town with rows whose roles are gone or absent, and two more channels: CH3, which is dora's own, and CH4, which is closed. */
function odd(rolecall, dialect) {
  const service = town(rolecall, { dialect });
  service.createChannel({ sid: "CH3", createdBy: "dora" });
  service.createChannel({ sid: "CH4", createdBy: "dora" });
  for (const identity of ["alice", "bob"]) service.setMember("CH4", identity, "Channel Admin");
  service.setChannelState("CH4", "closed");
  service.load({
    users: [{ identity: "gone", role_sid: "RL404" }],
    members: [
      { channel_sid: "CH1", identity: "gone", role_sid: "RL405" },
      { channel_sid: "CH1", identity: "plain" },
      { channel_sid: "CH4", identity: "plain" },
    ],
  });
  return service;
}

export const tests = {
  "an allowed decision has these keys and no others": (rolecall, assert) => {
    const service = town(rolecall);
    service.createChannel({ sid: "CH3", createdBy: "dora" });
    const role = (friendlyName, scope) => ({ sid: sidOf(service, friendlyName), friendlyName, scope });
    // Who, where, what, whose; and the decision without its message.
    const table = [
      ["bob", "CH1", "sendMessage", undefined, { permission: "sendMessage", role: role("Channel User", "channel") }],
      ["bob", "CH1", "deleteMessage", "bob", { permission: "deleteOwnMessage", role: role("Channel User", "channel") }],
      [
        "alice",
        "CH1",
        "deleteMessage",
        "alice",
        { permission: "deleteAnyMessage", role: role("Channel Admin", "channel") },
      ],
      [
        "bob",
        "CH1",
        "createChannel",
        undefined,
        { permission: "createChannel", role: role("Service User", "service") },
      ],
      [
        "root",
        "CH1",
        "deleteMessage",
        null,
        { permission: "deleteAnyMessage", role: role("Service Admin", "service") },
      ],
      ["dora", "CH2", "viewChannel", undefined, { permission: "joinChannel", role: role("Service User", "service") }],
      // Membership or an invite alone.
      ["bob", "CH1", "viewChannel", undefined, {}],
      ["carl", "CH1", "viewChannel", undefined, {}],
      // The creator, who has not joined.
      ["dora", "CH3", "viewChannel", undefined, {}],
    ];
    for (const [identity, channel, action, owner, expected] of table) {
      const { message, ...decision } = service.ability(identity, channel).explain(action, owner);
      assert.deepEqual(decision, { allowed: true, action, ...expected });
      assert.match(message, new RegExp(`^“${identity}” may `));
    }
  },

  "a denied decision has these keys and no others, and a reason of its own": (rolecall, assert) => {
    const services = { chat: odd(rolecall, "chat"), conversations: odd(rolecall, "conversations") };
    // The dialect, who, where, what, whose; and the reason, what is missing, who has it, and the services' number.
    const table = [
      ["chat", "nobody", "CH1", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "", "CH1", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "nobody", "CH4", "sendMessage", null, "unknown-user", [], "", 50107],
      ["chat", "bob", "CH9", "editMessage", "bob", "unknown-channel", [], "", 50107],
      ["chat", "bob", undefined, "viewChannel", null, "unknown-channel", [], "", 50107],
      ["chat", "bob", undefined, "sendMessage", null, "not-a-member", ["sendMessage"], "", 50400],
      ["chat", "dora", "CH1", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50400],
      ["chat", "dora", "CH3", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50400],
      ["chat", "dora", "CH1", "viewChannel", null, "not-visible", [], "", 50400],
      ["chat", "dora", "CH1", "joinChannel", null, "not-visible", [], "", 50400],
      ["chat", "bob", "CH1", "joinChannel", null, "already-a-member", [], "", 50107],
      ["chat", "bob", "CH1", "deleteMessage", "alice", "not-owner", ["deleteAnyMessage"], "SA CA", 50107],
      ["chat", "bob", "CH1", "deleteMessage", null, "unknown-owner", ["deleteAnyMessage"], "SA CA", 50107],
      ["chat", "bob", "CH1", "removeMember", null, "missing-permission", ["removeMember"], "SA CA", 50107],
      ["chat", "bob", undefined, "removeMember", null, "missing-permission", ["removeMember"], "SA", 50107],
      ["chat", "bob", undefined, "destroyChannel", null, "missing-permission", ["destroyChannel"], "SA", 50107],
      [
        ...["chat", "dora", "CH1", "editMessage", "dora"],
        ...["missing-permission", ["editAnyMessage", "editOwnMessage"], "SA CA CU", 50107],
      ],
      ["chat", "bob", "CH1", "addNonChatParticipant", null, "missing-permission", ["addNonChatParticipant"], "", 50107],
      ["chat", "gone", "CH1", "sendMessage", null, "unknown-role", ["sendMessage"], "CA CU", 50107],
      ["chat", "gone", undefined, "createChannel", null, "unknown-role", ["createChannel"], "SA SU", 50107],
      ["chat", "plain", "CH1", "sendMessage", null, "missing-permission", ["sendMessage"], "CA CU", 50107],
      // Closed comes after what is unknown and before everything else.
      ["chat", "bob", "CH4", "sendMessage", null, "closed", [], "", 50377],
      ["chat", "dora", "CH4", "sendMessage", null, "closed", [], "", 50377],
      ["chat", "bob", "CH4", "joinChannel", null, "closed", [], "", 50377],
      ["chat", "bob", "CH4", "deleteMessage", null, "closed", [], "", 50377],
      ["chat", "plain", "CH4", "leaveChannel", null, "closed", [], "", 50377],
      ["chat", "plain", "CH4", "destroyChannel", null, "missing-permission", ["destroyChannel"], "SA CA", 50107],
      ["chat", "carl", "CH4", "viewChannel", null, "not-visible", [], "", 50400],
      [
        "conversations",
        "bob",
        "CH1",
        "removeParticipant",
        null,
        "missing-permission",
        ["removeParticipant"],
        "SA CA",
        50107,
      ],
      ["conversations", "dora", "CH1", "sendMessage", null, "not-a-member", ["sendMessage"], "CA CU", 50430],
      ["conversations", "carl", "CH1", "viewConversation", null, "not-visible", [], "", 50430],
      ["conversations", "root", "CH1", "inviteMember", null, "no-counterpart", [], "", 50107],
      ["conversations", "root", "CH4", "inviteMember", null, "no-counterpart", [], "", 50107],
      ["conversations", "bob", "CH4", "sendMessage", null, "closed", [], "", 50377],
    ];
    for (const [dialect, identity, channel, action, owner, reason, missing, grantedBy, twilioCode] of table) {
      const service = services[dialect];
      const ability = service.ability(identity, channel);
      const about = `${dialect}: ${identity} in ${channel}: ${action} of ${owner}`;
      const decision = ability.explain(action, owner);
      const { message, ...rest } = decision;
      const expected = { action, reason, missing, grantedBy: rolesOf(service, grantedBy), twilioCode };
      assert.deepEqual(rest, { allowed: false, status: 403, ...expected }, about);
      assert.isFalse(ability.can(action, owner), about);
      assert.match(message, / may not /, about);
      const error = refuses({ rolecall, assert }, () => ability.require(action, owner), "permission-denied");
      assert.instanceOf(error, rolecall.PermissionDenied, about);
      assert.deepEqual(error.decision, decision, about);
      assert.deepEqual([error.status, error.twilioCode, error.message], [403, twilioCode, message], about);
    }
    assert.sameMembers(
      [...new Set(table.map(([, , , , , reason]) => reason))],
      [
        ...["unknown-user", "unknown-channel", "no-counterpart", "closed", "not-a-member", "already-a-member"],
        ...["not-visible", "not-owner", "unknown-owner", "unknown-role", "missing-permission"],
      ],
    );
  },

  "grantedBy names five roles at most, and those that are there now": (rolecall, assert) => {
    const service = town(rolecall);
    for (let number = 1; number <= 7; number++) {
      const role = { friendlyName: `mod ${number}`, type: "channel", permissions: ["deleteAnyMessage"] };
      service.createRole({ ...role, sid: `RL${number}` });
    }
    const granted = () => service.ability("bob", "CH1").explain("deleteMessage", "alice").grantedBy;
    assert.lengthOf(granted(), 5);
    assert.equal(new Set(granted().map(({ sid }) => sid)).size, 5);
    for (let number = 1; number <= 7; number++) service.deleteRole(`RL${number}`);
    assert.deepEqual(granted(), rolesOf(service, "SA CA"));
    service.deleteRole("Service Admin");
    service.revoke("Channel Admin", "deleteAnyMessage");
    assert.deepEqual(granted(), []);
    // A permission that is out of a role's scope grants nothing.
    const outOfScope = { sid: "RL8", friendly_name: "odd", type: "deployment", permissions: ["sendMessage"] };
    service.load({ roles: outOfScope, channels: { sid: "CH5" } });
    const { grantedBy } = service.ability("dora", "CH5").explain("sendMessage");
    assert.deepEqual(grantedBy, rolesOf(service, "CA CU"));
  },

  // Read each as somebody on a support desk does who has never seen the program.
  "each sentence says who, what, where, why, and who could do it": (rolecall, assert) => {
    const services = Object.fromEntries(
      ["chat", "conversations"].map((dialect) => {
        const service = odd(rolecall, dialect);
        service.load({ channels: [{ sid: "CH1", unique_name: "desk" }] });
        service.defineAction("pin", { any: "pin", own: "pinOwn" });
        service.defineAction("stamp", { any: "pin", own: "sendMessage" });
        service.defineAction("rate", { any: "sendMessage" });
        service.defineAction("seal", { any: "pin", memberOnly: true });
        service.defineAction("greet", { any: "addMember", memberOnly: true });
        service.createChannel({ sid: "CH5", state: "initializing" });
        service.load({
          roles: { sid: "RL7", friendly_name: "helper", type: "deployment", permissions: ["addMember"] },
          channels: [{ sid: "CH6", state: "archived" }],
          members: [{ channel_sid: "CH1", identity: "hal", role_sid: "RL7" }],
          users: [{ identity: "hal", role_sid: "RL7" }],
        });
        return [dialect, service];
      }),
    );
    // Who, where, what, whose; and the sentence in Chat, and in Conversations where it is another one.
    const table = [
      // Allowed.
      [
        ...["bob", "CH1", "sendMessage", null],
        "“bob” may send a message in “desk”: the channel role “Channel User” grants it (sendMessage).",
        "“bob” may send a message in “desk”: the conversation role “Channel User” grants it (sendMessage).",
      ],
      [
        ...["bob", "CH1", "deleteMessage", "bob"],
        "“bob” may delete this message in “desk”: it belongs to “bob”, and for one’s own the channel role “Channel User” is enough (deleteOwnMessage).",
        "“bob” may delete this message in “desk”: it belongs to “bob”, and for one’s own the conversation role “Channel User” is enough (deleteOwnMessage).",
      ],
      [
        ...["root", undefined, "editUserInfo", "bob"],
        "“root” may edit this user’s profile: the service role “Service Admin” grants it (editAnyUserInfo).",
      ],
      [
        ...["root", "CH1", "destroyChannel", null],
        "“root” may delete the channel “desk”: the service role “Service Admin” grants it (destroyChannel).",
        "“root” may delete the conversation “desk”: the service role “Service Admin” grants it (deleteConversation).",
      ],
      [
        ...["dora", "CH1", "createChannel", null],
        "“dora” may create a channel: the service role “Service User” grants it (createChannel).",
        "“dora” may create a conversation: the service role “Service User” grants it (createConversation).",
      ],
      [
        ...["bob", "CH1", "viewChannel", null],
        "“bob” may see the channel “desk”: “bob” is a member of it.",
        "“bob” may see the conversation “desk”: “bob” is a participant in it.",
      ],
      [
        ...["dora", "CH3", "viewChannel", null],
        "“dora” may see the channel “CH3”: “dora” created it.",
        "“dora” may see the conversation “CH3”: “dora” created it.",
      ],
      // Denied.
      [
        ...["nobody", "CH1", "sendMessage", null],
        "“nobody” may not send a message in “desk”: this identity is not known here; it was removed, or never loaded.",
      ],
      [...["", "CH1", "sendMessage", null], "An empty identity may not send a message in “desk”: it is nobody’s."],
      [
        ...["bob", "CH9", "sendMessage", null],
        "“bob” may not send a message in “CH9”: this channel is not known here; it was removed, or never loaded.",
        "“bob” may not send a message in “CH9”: this conversation is not known here; it was removed, or never loaded.",
      ],
      [
        ...["bob", undefined, "viewChannel", null],
        "“bob” may not see a channel: no channel was named.",
        "“bob” may not see a conversation: no conversation was named.",
      ],
      [
        ...["bob", undefined, "sendMessage", null],
        "“bob” may not send a message: only a member of a channel may, and no channel was named.",
        "“bob” may not send a message: only a participant in a conversation may, and no conversation was named.",
      ],
      [
        ...["dora", "CH1", "sendMessage", null],
        "“dora” may not send a message in “desk”: “dora” is not a member, and a member needs a role with sendMessage; “Channel Admin” and “Channel User” have it.",
        "“dora” may not send a message in “desk”: “dora” is not a participant, and a participant needs a role with sendMessage; “Channel Admin” and “Channel User” have it.",
      ],
      [
        ...["bob", "CH1", "joinChannel", null],
        "“bob” may not join the channel “desk”: “bob” is a member already.",
        "“bob” may not join the conversation “desk”: “bob” is a participant already.",
      ],
      [
        ...["dora", "CH1", "viewChannel", null],
        "“dora” may not see the channel “desk”: it is private, and “dora” is neither a member of it, nor invited to it, nor its creator.",
        "“dora” may not see the conversation “desk”: it is private, and “dora” is neither a participant in it, nor its creator.",
      ],
      [
        ...["bob", "CH1", "deleteMessage", "alice"],
        "“bob” may not delete this message in “desk”: it belongs to “alice”, and for other people’s messages a role needs deleteAnyMessage; “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["bob", "CH1", "deleteMessage", null],
        "“bob” may not delete this message in “desk”: its owner is not known, so a role needs deleteAnyMessage; “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["bob", "CH1", "removeMember", null],
        "“bob” may not remove a member from the channel “desk”: neither the service role “Service User” nor the channel role “Channel User” grants it (removeMember); “Service Admin” and “Channel Admin” have it.",
        "“bob” may not remove a participant from the conversation “desk”: neither the service role “Service User” nor the conversation role “Channel User” grants it (removeParticipant); “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["dora", "CH1", "editMessage", "dora"],
        "“dora” may not edit this message in “desk”: the service role “Service User” does not grant it, and “dora” is not in “desk”, so nothing grants it (editAnyMessage or editOwnMessage); “Service Admin”, “Channel Admin” and “Channel User” have one of these.",
      ],
      [
        ...["gone", undefined, "createChannel", null],
        "“gone” may not create a channel: the service role RL404 was deleted or not loaded, so nothing grants it (createChannel); “Service Admin” and “Service User” have it.",
        "“gone” may not create a conversation: the service role RL404 was deleted or not loaded, so nothing grants it (createConversation); “Service Admin” and “Service User” have it.",
      ],
      [
        ...["plain", "CH1", "sendMessage", null],
        "“plain” may not send a message in “desk”: “plain” has no role in the channel, so nothing grants it (sendMessage); “Channel Admin” and “Channel User” have it.",
        "“plain” may not send a message in “desk”: “plain” has no role in the conversation, so nothing grants it (sendMessage); “Channel Admin” and “Channel User” have it.",
      ],
      [
        ...["hal", "CH1", "sendMessage", null],
        "“hal” may not send a message in “desk”: “helper” is a service role, not a channel role, so nothing grants it (sendMessage); “Channel Admin” and “Channel User” have it.",
        "“hal” may not send a message in “desk”: “helper” is a service role, not a conversation role, so nothing grants it (sendMessage); “Channel Admin” and “Channel User” have it.",
      ],
      [
        ...["bob", "CH1", "addNonChatParticipant", null],
        "“bob” may not add somebody by phone to the channel “desk”: neither the service role “Service User” nor the channel role “Channel User” grants it (addNonChatParticipant); no role has it.",
        "“bob” may not add somebody by phone to the conversation “desk”: neither the service role “Service User” nor the conversation role “Channel User” grants it (addNonChatParticipant); no role has it.",
      ],
      [
        ...["bob", "CH4", "sendMessage", null],
        "“bob” may not send a message in “CH4”: the channel is closed, so nothing in it can be changed any more.",
        "“bob” may not send a message in “CH4”: the conversation is closed, so nothing in it can be changed any more.",
      ],
      [
        ...["bob", "CH5", "addMember", null],
        "“bob” may not add a member to the channel “CH5”: the channel is still initializing, so nothing in it can be changed yet.",
        "“bob” may not add a participant to the conversation “CH5”: the conversation is still initializing, so nothing in it can be changed yet.",
      ],
      [
        ...["bob", "CH6", "editChannelName", null],
        "“bob” may not rename the channel “CH6”: the channel has the unknown state “archived”, which counts as closed.",
        "“bob” may not rename the conversation “CH6”: the conversation has the unknown state “archived”, which counts as closed.",
      ],
      // An action of the application's own has no words but its name.
      [
        ...["bob", "CH1", "pin", "bob"],
        "“bob” may not take the action pin in “desk”: neither the service role “Service User” nor the channel role “Channel User” grants it (pin or pinOwn); no role has one of these.",
        "“bob” may not take the action pin in “desk”: neither the service role “Service User” nor the conversation role “Channel User” grants it (pin or pinOwn); no role has one of these.",
      ],
      [
        ...["bob", "CH1", "stamp", "alice"],
        "“bob” may not take the action stamp in “desk”: it belongs to “alice”, and for other people’s things a role needs pin; no role has it.",
      ],
      [
        ...["bob", "CH1", "stamp", null],
        "“bob” may not take the action stamp in “desk”: its owner is not known, so a role needs pin; no role has it.",
      ],
      [
        ...["bob", "CH1", "stamp", "bob"],
        "“bob” may take the action stamp in “desk”: it belongs to “bob”, and for one’s own the channel role “Channel User” is enough (sendMessage).",
        "“bob” may take the action stamp in “desk”: it belongs to “bob”, and for one’s own the conversation role “Channel User” is enough (sendMessage).",
      ],
      [
        ...["bob", undefined, "rate", null],
        "“bob” may not take the action rate: only a role in a channel can grant it (sendMessage), and no channel was named.",
        "“bob” may not take the action rate: only a role in a conversation can grant it (sendMessage), and no conversation was named.",
      ],
      [
        ...["dora", "CH1", "seal", null],
        "“dora” may not take the action seal in “desk”: “dora” is not a member, and a member needs a role with pin; no channel role has it.",
        "“dora” may not take the action seal in “desk”: “dora” is not a participant, and a participant needs a role with pin; no conversation role has it.",
      ],
      [
        ...["root", "CH1", "greet", null],
        "“root” may not take the action greet in “desk”: “root” is not a member, and only a member may.",
        "“root” may not take the action greet in “desk”: “root” is not a participant, and only a participant may.",
      ],
      // What belongs to nobody: members and users.
      [
        ...["bob", "CH1", "editMemberAttributes", "alice"],
        "“bob” may not change the attributes of this member in “desk”: that is “alice”, and for other people’s attributes a role needs editAnyMemberAttributes; “Service Admin” and “Channel Admin” have it.",
        "“bob” may not change the attributes of this participant in “desk”: that is “alice”, and for other people’s attributes a role needs editAnyParticipantAttributes; “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["bob", "CH1", "editMemberAttributes", null],
        "“bob” may not change the attributes of this member in “desk”: it is not known who that is, so a role needs editAnyMemberAttributes; “Service Admin” and “Channel Admin” have it.",
        "“bob” may not change the attributes of this participant in “desk”: it is not known who that is, so a role needs editAnyParticipantAttributes; “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["dora", undefined, "editUserInfo", "bob"],
        "“dora” may not edit this user’s profile: that is “bob”, and for other people’s profiles a role needs editAnyUserInfo; “Service Admin” has it.",
      ],
      [
        ...["dora", undefined, "editUserInfo", null],
        "“dora” may not edit this user’s profile: it is not known who that is, so a role needs editAnyUserInfo; “Service Admin” has it.",
      ],
      [
        ...["dora", undefined, "editUserInfo", "dora"],
        "“dora” may edit this user’s profile: that is “dora”, and for one’s own the service role “Service User” is enough (editOwnUserInfo).",
      ],
      // Every other action.
      [
        ...["dora", "CH1", "editMessage", "bob"],
        "“dora” may not edit this message in “desk”: the service role “Service User” does not grant it, and “dora” is not in “desk”, so nothing grants it (editAnyMessage); “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["bob", "CH1", "editMessageAttributes", "alice"],
        "“bob” may not change the attributes of this message in “desk”: it belongs to “alice”, and for other people’s messages a role needs editAnyMessageAttributes; “Service Admin” and “Channel Admin” have it.",
      ],
      [
        ...["dora", undefined, "leaveChannel", null],
        "“dora” may not leave a channel: only a member of a channel may, and no channel was named.",
        "“dora” may not leave a conversation: only a participant in a conversation may, and no conversation was named.",
      ],
      [
        ...["plain", "CH1", "sendMediaMessage", null],
        "“plain” may not send media in “desk”: “plain” has no role in the channel, so nothing grants it (sendMediaMessage); “Channel Admin” and “Channel User” have it.",
        "“plain” may not send media in “desk”: “plain” has no role in the conversation, so nothing grants it (sendMediaMessage); “Channel Admin” and “Channel User” have it.",
      ],
      [
        ...["bob", undefined, "editNotificationLevel", null],
        "“bob” may not change the notification level: only a member of a channel may, and no channel was named.",
        "“bob” may not change the notification level: only a participant in a conversation may, and no conversation was named.",
      ],
      [
        ...["dora", undefined, "editChannelAttributes", null],
        "“dora” may not change the attributes of a channel: the service role “Service User” does not grant it (editChannelAttributes); “Service Admin” has it.",
        "“dora” may not change the attributes of a conversation: the service role “Service User” does not grant it (editConversationAttributes); “Service Admin” has it.",
      ],
      [
        ...["dora", undefined, "removeMember", null],
        "“dora” may not remove a member from a channel: the service role “Service User” does not grant it (removeMember); “Service Admin” has it.",
        "“dora” may not remove a participant from a conversation: the service role “Service User” does not grant it (removeParticipant); “Service Admin” has it.",
      ],
      [
        ...["dora", undefined, "addNonChatParticipant", null],
        "“dora” may not add somebody by phone to a channel: the service role “Service User” does not grant it (addNonChatParticipant); no service role has it.",
        "“dora” may not add somebody by phone to a conversation: the service role “Service User” does not grant it (addNonChatParticipant); no service role has it.",
      ],
      [
        ...["root", "CH1", "inviteMember", null],
        "“root” may invite somebody to the channel “desk”: the service role “Service Admin” grants it (inviteMember).",
        "“root” may not invite somebody to the conversation “desk”: Conversations has no invites.",
      ],
    ];
    const reasons = new Set();
    for (const [identity, channel, action, owner, chat, conversations = chat] of table) {
      for (const [dialect, sentence] of Object.entries({ chat, conversations })) {
        const { message, reason } = services[dialect].ability(identity, channel).explain(action, owner);
        assert.equal(message, sentence, `${dialect}: ${identity} in ${channel}: ${action} of ${owner}`);
        reasons.add(reason);
      }
    }
    const asked = new Set(table.map(([, , action]) => action));
    const unasked = rolecall.ACTIONS.filter(({ name }) => !asked.has(name));
    assert.deepEqual([unasked, reasons.size], [[], 1 + 11], "every action, and every reason beside none");
    // Conversations has no invites.
    const { message: invited } = services.chat.ability("carl", "CH1").explain("viewChannel");
    assert.equal(invited, "“carl” may see the channel “desk”: “carl” is invited to it.");
    // Of many roles, five are named.
    const service = services.chat;
    for (let number = 1; number <= 4; number++) {
      const role = { friendlyName: `mod ${number}`, type: "channel", permissions: ["deleteAnyMessage"] };
      service.createRole({ ...role, sid: `RM${number}` });
    }
    const { message } = service.ability("bob", "CH1").explain("deleteMessage", "alice");
    assert.match(message, /; “.+”, “.+”, “.+”, “.+”, “.+” and more have it\.$/);
  },

  "an error says what it is when it is printed, copied or caught": (rolecall, assert) => {
    const { RolecallError, PermissionDenied, Service } = rolecall;
    const denied = refuses(
      { rolecall, assert },
      () => new Service().ability("a").require("createChannel"),
      "permission-denied",
    );
    assert.isTrue(denied instanceof PermissionDenied && denied instanceof RolecallError && denied instanceof Error);
    assert.equal(String(denied), `PermissionDenied: ${denied.message}`);
    assert.match(denied.stack, /PermissionDenied|require/);
    const wrong = refuses({ rolecall, assert }, () => new Service({ dialect: "sms" }), "invalid-dialect", "dialect");
    assert.isFalse(wrong instanceof PermissionDenied);
    assert.equal(String(wrong), `RolecallError: ${wrong.message}`);
    assert.deepEqual({ ...wrong }, { code: "invalid-dialect", path: "dialect" });
    assert.deepEqual(Object.keys(denied).sort(), ["code", "decision", "status", "twilioCode"]);
  },
};
