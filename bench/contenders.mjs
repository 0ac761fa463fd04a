// The libraries that are compared, each used as its documentation has it, all loaded with the same payload. A contender's
// `load` gives `check` for one question; `rows` for a list, where it has that; and `guard` and `touch` for what a guarded
// element costs: `guard` calls back when the element has to ask again, `touch` is an update that concerns no element.
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
      guard: (channel, ask) => service.ability(me, channel.sid).subscribe(ask),
      touch: () => service.setUser("a newcomer", payload.users[0].role_sid),
      free: () => service.free(),
    };
  },
};

/** What rules are made of: who may do what, by SIDs. */
function rolesOf({ roles, users, members }) {
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

export const caslOfUser = {
  name: "CASL, an ability for the user",
  load(payload) {
    const { permissions, mine, service } = rolesOf(payload);
    const channelsOfRole = new Map();
    for (const { role_sid, channel_sid } of mine) {
      if (!channelsOfRole.has(role_sid)) channelsOfRole.set(role_sid, []);
      channelsOfRole.get(role_sid).push(channel_sid);
    }
    const rules = [
      ...rulesOf(service),
      ...[...channelsOfRole].flatMap(([role, channels]) => rulesOf(permissions.get(role), channels)),
    ];
    const ability = createMongoAbility(rules, subjectTypes);
    return {
      check: (action, channel, message) => ability.can(action, message ?? channel),
      guard: (_, ask) => ability.on("updated", ask),
      touch: () => ability.update(rules),
    };
  },
};

export const caslOfRole = {
  name: "CASL, an ability for each role",
  load(payload) {
    const { permissions, mine, service } = rolesOf(payload);
    const rules = new Map();
    const byRole = new Map();
    const byChannel = new Map();
    const nowhere = createMongoAbility([], subjectTypes);
    for (const { role_sid, channel_sid } of mine) {
      let ability = byRole.get(role_sid);
      if (ability === undefined) {
        rules.set(role_sid, rulesOf([...service, ...permissions.get(role_sid)]));
        ability = createMongoAbility(rules.get(role_sid), subjectTypes);
        byRole.set(role_sid, ability);
      }
      byChannel.set(channel_sid, ability);
    }
    return {
      check: (action, channel, message) => (byChannel.get(channel.sid) ?? nowhere).can(action, message ?? channel),
      guard: (channel, ask) => byChannel.get(channel.sid).on("updated", ask),
      touch() {
        for (const [role, ability] of byRole) ability.update(rules.get(role));
      },
    };
  },
};

export const permix = {
  name: "permix",
  load(payload) {
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
    const instance = createPermix();
    instance.setup(rules);
    return {
      check: (action, channel, message) =>
        message === undefined ? instance.check("channel", action, channel) : instance.check("message", action, message),
      guard: (_, ask) => instance.hook("setup", ask),
      touch: () => instance.setup(rules),
    };
  },
};
