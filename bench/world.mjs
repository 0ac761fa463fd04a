// The payloads that are loaded, what is asked of them, and the plain oracle that every contender must agree with.
import { Service } from "rolecall";
import { me, messagesIn, received, rowActions, sid } from "./list.mjs";

const plainActions = ["sendMessage", "editChannelName", "removeMember"];

/** The same numbers in each run. */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const defaultRoles = () => received(new Service()).roles;

/** One user's access: the default roles and more channel roles, and a membership in each of so many channels. */
export function access({ channels, roles = 4, serviceRole = "Service User" }) {
  const below = numbers(roles + channels);
  const known = defaultRoles();
  const named = (name) => known.find(({ friendly_name }) => friendly_name === name).sid;
  const inChannels = [named("Channel User"), named("Channel Admin")];
  const { permissions } = known.find(({ sid }) => sid === inChannels[1]);
  const own = known.find(({ sid }) => sid === inChannels[0]).permissions;
  const possible = [...new Set([...permissions, ...own])];
  for (let number = known.length; number < roles; number++) {
    const held = possible.filter(() => below(2) === 0);
    const role = { sid: sid("RL", number), friendly_name: `role ${number}`, type: "channel" };
    known.push({ ...role, permissions: held.length === 0 ? ["sendMessage"] : held });
    inChannels.push(role.sid);
  }
  return received({
    roles: known,
    users: [{ identity: me, role_sid: named(serviceRole) }],
    members: Array.from({ length: channels }, (_, number) => ({
      channel_sid: sid("CH", number),
      identity: me,
      role_sid: roles === 4 ? inChannels[number % 2] : inChannels[below(inChannels.length)],
    })),
  });
}

/** How member rows may be ordered: by the text that is compared, or by none, where each row is of another user and channel. */
const sortedBy = { "in turns": undefined, "by channel": "channel_sid", "by user": "identity" };

/** The orders of {@link crowd}. */
export const orders = Object.keys(sortedBy);

/** Memberships of many users in many channels, up to ten for each user; their rows in one of the {@link orders}. */
export function crowd(memberships, order = "in turns") {
  const below = numbers(memberships);
  const roles = defaultRoles();
  const ofType = (type) => roles.filter((role) => role.type === type).map((role) => role.sid);
  const [inService, inChannel] = [ofType("deployment"), ofType("channel")];
  const users = Math.ceil(memberships / 10);
  const channels = Math.ceil(memberships / 100);
  const identity = (number) => (number === 0 ? me : `user-${number}@example.com`);
  const payload = {
    roles,
    users: Array.from({ length: users }, (_, number) => ({
      identity: identity(number),
      role_sid: inService[number % 2],
    })),
    // A user's ten channels lie apart, so that no two of the memberships are the same.
    members: Array.from({ length: memberships }, (_, number) => ({
      channel_sid: sid("CH", (Math.floor(number / users) * 7 + (number % users)) % channels),
      identity: identity(number % users),
      role_sid: inChannel[below(inChannel.length)],
    })),
  };
  const field = sortedBy[order];
  if (field !== undefined)
    payload.members.sort((one, other) => (one[field] < other[field] ? -1 : Number(one[field] > other[field])));
  return payload;
}

/** The channels of an access, as an application holds them. */
export const channelsOf = ({ members }) =>
  received(members.map((member) => ({ kind: "Channel", sid: member.channel_sid })));

/** Whether it is allowed, by the words of the model: no memory, no bits. */
export function oracle({ roles, users, members }, action, channelSid, author) {
  const member = members.find((row) => row.channel_sid === channelSid && row.identity === me);
  if (member === undefined) return false;
  const user = users.find(({ identity }) => identity === me);
  const held = roles.filter(({ sid }) => sid === member.role_sid || sid === user.role_sid);
  const has = (permission) => held.some(({ permissions }) => permissions.includes(permission));
  if (author === undefined) return has(action);
  const [, verb, thing] = /^(edit|delete)(.+)$/.exec(action);
  return has(`${verb}Any${thing}`) || (author === me && has(`${verb}Own${thing}`));
}

/** Asks a contender everything there is to ask, and throws at the first answer that is wrong. Gives how much it asked. */
export function verify({ name, load }) {
  const worlds = [
    access({ channels: 1 }),
    access({ channels: 40 }),
    access({ channels: 40, serviceRole: "Service Admin" }),
    access({ channels: 40, roles: 40 }),
  ];
  let asked = 0;
  const agree = (found, expected, ...about) => {
    if (found !== expected) throw new Error(`${name} answers ${found}, not ${expected}: ${about.join(", ")}`);
    asked++;
  };
  for (const world of worlds) {
    const contender = load(world);
    for (const channel of channelsOf(world)) {
      for (const action of plainActions) {
        agree(contender.check(action, channel), oracle(world, action, channel.sid), action, channel.sid);
      }
      const messages = messagesIn(4, () => channel.sid);
      const expected = messages.map(({ author }) =>
        rowActions.map((action) => oracle(world, action, channel.sid, action === "sendMessage" ? undefined : author)),
      );
      messages.forEach((message, at) => {
        rowActions.forEach((action, column) => {
          const found =
            action === "sendMessage" ? contender.check(action, channel) : contender.check(action, channel, message);
          agree(found, expected[at][column], action, channel.sid, message.author);
        });
      });
      contender.rows?.(channel, messages, rowActions).forEach((row, at) => {
        rowActions.forEach((action, column) => {
          agree(row[action], expected[at][column], action, channel.sid, "of all rows");
        });
      });
    }
    contender.free?.();
  }
  return asked;
}

/**
 * Asks the module of contender.mjs what {@link verify} asks, in the words of the benchmark that it is for.
 *
 * @param packaged the package's own name and version
 */
export function verifyModule({ name, version, setup }, packaged) {
  const expected = `${packaged.name} ${packaged.version}`;
  if (version !== expected) throw new Error(`contender.mjs says that it is ${version}; it is ${expected}`);
  const load = ({ roles, users, members }) => {
    const { check, render, free } = setup({
      me,
      users: users.map(({ identity, role_sid }) => ({ id: identity, role: role_sid })),
      roles: roles.map(({ sid, type, permissions }) => ({ name: sid, scope: type, permissions })),
      memberships: members.map((row) => ({ user: row.identity, channel: row.channel_sid, role: row.role_sid })),
    });
    const channelOf = ({ sid }) => ({ id: sid });
    const messageOf = ({ author }) => ({ authorId: author });
    return {
      check: (action, channel, message) => check(action, channelOf(channel), message && messageOf(message)),
      rows(channel, messages, actions) {
        const channels = messages.map(() => channelOf(channel));
        const digits = render(messages.map(messageOf), channels, actions);
        const row = (_, at) => actions.map((action, column) => [action, digits[at * actions.length + column] === 1]);
        return messages.map((message, at) => Object.fromEntries(row(message, at)));
      },
      free,
    };
  };
  return verify({ name, load });
}
