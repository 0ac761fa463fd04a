// Payloads that the tests paste, pick and drop.

export const CHANNEL = "CH-kitchen";

const roles = [
  { sid: "RL-user", friendly_name: "service user", type: "deployment", permissions: ["createChannel", "joinChannel"] },
  { sid: "RL-cook", friendly_name: "cook", type: "channel", permissions: ["sendMessage", "deleteOwnMessage"] },
  { sid: "RL-chef", friendly_name: "chef", type: "channel", permissions: ["sendMessage", "deleteAnyMessage"] },
];
const users = ["ada", "ben"].map((identity) => ({ identity, role_sid: "RL-user" }));
const member = (identity, role_sid) => ({ channel_sid: CHANNEL, identity, role_sid });

/** Two people in a kitchen. */
export const kitchen = {
  roles,
  users,
  channels: [{ sid: CHANNEL, friendly_name: "Kitchen", type: "private", created_by: "ada" }],
  members: [member("ada", "RL-cook"), member("ben", "RL-cook")],
};

/** One row that makes ada the chef. */
export const promotion = { members: member("ada", "RL-chef") };

/** The members of the kitchen without ben. */
export const withoutBen = { members: [member("ada", "RL-cook")] };

/** People and a channel that look like a page. */
export const hostile = {
  roles: [{ ...roles[0], friendly_name: "<b>bold</b>" }],
  users: ['<img src="x" onerror="document.title=1">', "__proto__", "constructor", "\u202eevil"].map((identity) => ({
    identity,
    role_sid: "RL-user",
  })),
  channels: [
    { sid: "</script>", friendly_name: "<script>document.title=2</script>", type: "public", created_by: "system" },
  ],
  members: [{ channel_sid: "</script>", identity: "__proto__", role_sid: "RL-user" }],
};

export const json = (payload) => JSON.stringify(payload, null, 2);

/** The kitchen's JSON with a mistake in it. */
export function broken(change) {
  const payload = structuredClone(kitchen);
  change(payload);
  return json(payload);
}
