// How many guarded elements ask again after an update: counted, not timed. A guard asks, subscribes as its library has it,
// and asks again each time that it is called back. Every library gets the same update: the payload as it is afterwards.
import { contenders } from "./all.mjs";
import { bitmask, permixRules, rolesOf, rulesOfRoles, rulesOfUser } from "./contenders.mjs";
import { me, messagesIn, received } from "./list.mjs";
import { access, channelsOf, oracle } from "./world.mjs";

const guardedActions = ["editMessage", "deleteMessage"];
const spare = "sendMediaMessage";

/** What the updates change of a payload. The guards are in the first of two channels. */
function partsOf(payload) {
  const [here, elsewhere] = payload.members;
  return { payload, here, elsewhere, roleHere: payload.roles.find(({ sid }) => sid === here.role_sid) };
}

const without = (role, permission) => {
  role.permissions = role.permissions.filter((held) => held !== permission);
};

/** Each changes the parts of a payload. */
const updates = {
  "somebody else joins the channel"({ payload, here }) {
    payload.users.push({ ...payload.users[0], identity: "newcomer@example.com" });
    payload.members.push({ ...here, identity: "newcomer@example.com" });
  },
  "the user gets another role in another channel"({ here, elsewhere }) {
    elsewhere.role_sid = here.role_sid;
  },
  [`the user's role in the channel gains ${spare}`]({ roleHere }) {
    roleHere.permissions.push(spare);
  },
  "the user's role in the channel loses deleteOwnMessage"({ roleHere }) {
    without(roleHere, "deleteOwnMessage");
  },
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What an application knows of its user: sets of rules are made of it, and only made again when it has changed. */
const ofUser = (payload) => {
  const { mine, permissions, service } = rolesOf(payload);
  return [service, mine.map(({ channel_sid, role_sid }) => [channel_sid, role_sid, permissions.get(role_sid)])];
};

/** By the id of a contender, for what it loaded: how a guard subscribes, and what the application does with a change. */
const following = {
  rolecall: ({ service }) => ({
    subscribe: (channel, ask, action, author) => service.ability(me, channel.sid).subscribe(ask, action, author),
    // Told of everything, also of what is not about the user.
    update: (_, after) => service.load(after),
  }),
  bitmask(loaded) {
    const listeners = [];
    return {
      subscribe: (_, ask) => listeners.push(ask),
      update(before, after) {
        if (same(ofUser(before), ofUser(after))) return;
        loaded.check = bitmask.load(after).check;
        for (const ask of listeners) ask();
      },
    };
  },
  caslOfUser: ({ ability }) => ({
    subscribe: (_, ask) => ability.on("updated", ask),
    update(before, after) {
      if (!same(ofUser(before), ofUser(after))) ability.update(rulesOfUser(after));
    },
  }),
  caslOfRole: ({ byRole, byChannel }) => ({
    subscribe: (channel, ask) => byChannel.get(channel.sid).on("updated", ask),
    update(before, after) {
      const access = rolesOf(after);
      for (const { channel_sid, role_sid } of access.mine) byChannel.set(channel_sid, byRole.get(role_sid));
      const known = rulesOfRoles(rolesOf(before));
      for (const [role, rules] of rulesOfRoles(access)) {
        if (!same(known.get(role), rules)) byRole.get(role).update(rules);
      }
    },
  }),
  permix: ({ instance }) => ({
    subscribe: (_, ask) => instance.hook("setup", ask),
    update(before, after) {
      if (!same(ofUser(before), ofUser(after))) instance.setup(permixRules(after));
    },
  }),
};

/** How often the guards of one contender ask again after one update. Throws where a guard then has a wrong answer. */
function askedAgain({ id, name, load }, payload, after, guards) {
  const [channel] = channelsOf(payload);
  const contender = load(payload);
  const { subscribe, update } = following[id](contender);
  let asked = 0;
  const answers = guards.map(({ action, message }, at) => {
    const ask = () => {
      asked++;
      answers[at] = contender.check(action, channel, message);
    };
    subscribe(channel, ask, action, message.author);
    return contender.check(action, channel, message);
  });
  const agree = (world) => {
    for (const [at, { action, message }] of guards.entries()) {
      if (answers[at] !== oracle(world, action, channel.sid, message.author))
        throw new Error(`${name}: the guard of ${action} has the answer ${answers[at]}`);
    }
  };
  agree(payload);
  update(payload, after);
  agree(after);
  contender.free?.();
  return asked;
}

/**
 * @param count how many guards
 * @returns for each update: how many of the guards' answers it changes, and for each contender how many guards ask again
 */
export function countGuards(count) {
  const payload = access({ channels: 2 });
  without(partsOf(payload).roleHere, spare);
  const [{ sid }] = channelsOf(payload);
  const guards = messagesIn(count / guardedActions.length, () => sid).flatMap((message) =>
    guardedActions.map((action) => ({ action, message })),
  );
  return Object.entries(updates).map(([update, make]) => {
    const after = received(payload);
    make(partsOf(after));
    const changes = guards.filter(
      ({ action, message: { author } }) => oracle(payload, action, sid, author) !== oracle(after, action, sid, author),
    ).length;
    const asked = contenders.map((contender) => [contender.name, askedAgain(contender, payload, after, guards)]);
    return { update, changes, asked: Object.fromEntries(asked) };
  });
}
