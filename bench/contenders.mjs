// The libraries that are compared, each used as its documentation has it, all loaded with the same payload. A contender's
// `load` gives `check` for one question, `rows` for a list where it has that, and what guards.mjs follows changes with.
import { createMongoAbility } from "@casl/ability";
import { createPermix } from "permix";
import { Service } from "rolecall";
import { me } from "./list.mjs";

export const rolecall = {
  name: "rolecall",
  load(payload) {
    const service = Service.from(payload);
    const abilities = new Map();
    const abilityIn = (sid) => {
      const ability = service.ability(me, sid);
      abilities.set(sid, ability);
      return ability;
    };
    return {
      check(action, channel, message) {
        const ability = abilities.get(channel.sid) ?? abilityIn(channel.sid);
        return message === undefined ? ability.can(action) : ability.can(action, message.author);
      },
      rows: (channel, messages, actions) =>
        (abilities.get(channel.sid) ?? abilityIn(channel.sid)).canEach(
          actions,
          messages.map((message) => message.author),
        ),
      service,
      free: () => service.free(),
    };
  },
};

/** What rules are made of: who may do what, by SIDs. */
export function rolesOf({ roles, users, members }) {
  const permissions = new Map(roles.map((role) => [role.sid, role.permissions]));
  const mine = members.filter(({ identity }) => identity === me);
  const service = permissions.get(users.find(({ identity }) => identity === me).role_sid);
  return { permissions, mine, service };
}

/** An action on messages and whose they are, of a permission such as deleteOwnMessage. */
const onMessages = (permission) => /^(edit|delete)(Any|Own)(Message.*)$/.exec(permission);

/** One number for each channel, with a bit for each permission: what one writes who needs no library. */
export const bitmask = {
  name: "bitmask by hand",
  load(payload) {
    const { permissions, mine, service } = rolesOf(payload);
    const bits = new Map();
    const bitOf = (permission) => {
      if (!bits.has(permission)) bits.set(permission, 1 << bits.size);
      return bits.get(permission);
    };
    const maskOf = (names) => names.reduce((mask, permission) => mask | bitOf(permission), 0);
    const masks = new Map([...permissions].map(([sid, names]) => [sid, maskOf(names)]));
    const everywhere = maskOf(service);
    const byChannel = new Map(mine.map((row) => [row.channel_sid, everywhere | masks.get(row.role_sid)]));
    const any = new Map(bits);
    const own = new Map();
    for (const [permission, bit] of bits) {
      const [, verb, whose, thing] = onMessages(permission) ?? [];
      if (verb) (whose === "Any" ? any : own).set(verb + thing, bit);
    }
    return {
      check(action, channel, message) {
        const mask = byChannel.get(channel.sid) ?? 0;
        if ((mask & any.get(action)) !== 0) return true;
        return message !== undefined && (mask & own.get(action)) !== 0 && message.author === me;
      },
    };
  },
};

const subjectTypes = { detectSubjectType: (thing) => thing.kind };

/** Rules of a role in some channels, or wherever they are asked about. */
function rulesOf(permissions, channels) {
  const where = (field) => (channels === undefined ? {} : { [field]: { $in: channels } });
  return permissions.map((permission) => {
    const [, verb, whose, thing] = onMessages(permission) ?? [];
    if (verb === undefined) return { action: permission, subject: "Channel", conditions: where("sid") };
    const author = whose === "Own" ? { author: me } : {};
    return { action: verb + thing, subject: "Message", conditions: { ...where("channelSid"), ...author } };
  });
}

/** All rules of the user. */
export function rulesOfUser(payload) {
  const { permissions, mine, service } = rolesOf(payload);
  const channelsOfRole = new Map();
  for (const { role_sid, channel_sid } of mine) {
    if (!channelsOfRole.has(role_sid)) channelsOfRole.set(role_sid, []);
    channelsOfRole.get(role_sid).push(channel_sid);
  }
  return [
    ...rulesOf(service),
    ...[...channelsOfRole].flatMap(([role, channels]) => rulesOf(permissions.get(role), channels)),
  ];
}

export const caslOfUser = {
  name: "CASL, an ability for the user",
  load(payload) {
    const ability = createMongoAbility(rulesOfUser(payload), subjectTypes);
    return { check: (action, channel, message) => ability.can(action, message ?? channel), ability };
  },
};

/** The rules in the channels where the user has a role, for each of these roles. */
export function rulesOfRoles({ permissions, mine, service }) {
  const roles = new Set(mine.map(({ role_sid }) => role_sid));
  return new Map([...roles].map((role) => [role, rulesOf([...service, ...permissions.get(role)])]));
}

export const caslOfRole = {
  name: "CASL, an ability for each role",
  load(payload) {
    const access = rolesOf(payload);
    const byRole = new Map(
      [...rulesOfRoles(access)].map(([role, rules]) => [role, createMongoAbility(rules, subjectTypes)]),
    );
    const byChannel = new Map(access.mine.map((row) => [row.channel_sid, byRole.get(row.role_sid)]));
    const nowhere = createMongoAbility([], subjectTypes);
    return {
      check: (action, channel, message) => (byChannel.get(channel.sid) ?? nowhere).can(action, message ?? channel),
      byRole,
      byChannel,
    };
  },
};

/** A function for each action. */
export function permixRules(payload) {
  const { permissions, mine, service } = rolesOf(payload);
  const byChannel = new Map(
    mine.map((row) => [row.channel_sid, new Set([...service, ...permissions.get(row.role_sid)])]),
  );
  const held = (sid, permission) => byChannel.get(sid)?.has(permission) ?? false;
  const rules = { channel: {}, message: {} };
  for (const permission of new Set([...permissions.values()].flat())) {
    const [, verb, , thing] = onMessages(permission) ?? [];
    if (verb === undefined) rules.channel[permission] = (channel) => held(channel.sid, permission);
    else
      rules.message[verb + thing] = (message) =>
        held(message.channelSid, `${verb}Any${thing}`) ||
        (message.author === me && held(message.channelSid, `${verb}Own${thing}`));
  }
  return rules;
}

export const permix = {
  name: "permix",
  load(payload) {
    const rules = permixRules(payload);
    // Given to `createPermix`, since without rules that calls `Promise.withResolvers`, which Node has from 22 on.
    const instance = createPermix(rules);
    const paths = new Map(
      Object.entries(rules).flatMap(([group, actions]) =>
        Object.keys(actions).map((action) => [action, `${group}.${action}`]),
      ),
    );
    return {
      check: (action, channel, message) => instance.check(paths.get(action), message ?? channel),
      instance,
    };
  },
};
