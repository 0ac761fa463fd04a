// @ts-check
import { Service } from "rolecall";

/** How many people there are in the big example. */
const CROWD = 100_000;

const FIRST_NAMES = [
  ...["amara", "bela", "chidi", "dora", "emil", "farah", "goran", "hana", "imre", "jana", "kofi", "lena", "mira"],
  ...["nils", "oona", "pavel", "quim", "rosa", "samir", "tova", "ugo", "vera", "wren", "ximena", "yara"],
];
const LAST_NAMES = [
  ...["abara", "bergman", "castro", "dlamini", "eriksen", "fontaine", "grau", "horvat", "ito", "jansen"],
  ...["kowal", "lind", "moreau", "novak", "okoye", "petrov", "quist", "rossi", "sato", "tanaka"],
];
const ROOMS = [
  ...["Main stage", "Questions", "Arrivals", "Workshops", "Lost and found", "Volunteers", "Food", "Night shift"],
  ...["Press", "Accessibility", "Lifts and rides", "Closing"],
];

/**
 * A festival: 100,000 people, each in one of twelve channels, half of them in the first. It is made alike each time, so
 * that neither a link nor the worker has to carry it.
 */
export function makeCrowd() {
  const model = new Service();
  const [admin, user] = model.roles("service");
  const [moderator, guest] = model.roles("channel");
  model.free();
  if (!admin || !user || !moderator || !guest) throw new Error("a new service has four default roles");
  const sids = { admin: "RL-admin", user: "RL-user", moderator: "RL-moderator", guest: "RL-guest" };
  const channel = (/** @type {number} */ number) => `CH-${number}`;
  const identities = Array.from({ length: CROWD }, (_, number) => {
    const round = Math.floor(number / (FIRST_NAMES.length * LAST_NAMES.length));
    const name = `${FIRST_NAMES[number % FIRST_NAMES.length]}.${LAST_NAMES[Math.floor(number / FIRST_NAMES.length) % LAST_NAMES.length]}`;
    return round === 0 ? name : `${name}.${round + 1}`;
  });
  return {
    service: {
      default_service_role_sid: sids.user,
      default_channel_role_sid: sids.guest,
      default_channel_creator_role_sid: sids.moderator,
    },
    roles: [
      { ...admin, sid: sids.admin, friendlyName: "organiser" },
      { ...user, sid: sids.user, friendlyName: "visitor" },
      { ...moderator, sid: sids.moderator, friendlyName: "moderator" },
      { ...guest, sid: sids.guest, friendlyName: "guest" },
    ],
    users: identities.map((identity, number) => ({ identity, roleSid: number % 5000 === 0 ? sids.admin : sids.user })),
    channels: ROOMS.map((friendlyName, number) => ({
      sid: channel(number),
      friendlyName,
      type: number === 5 ? "private" : "public",
      createdBy: "system",
    })),
    members: identities.map((identity, number) => ({
      channelSid: channel(number < CROWD / 2 ? 0 : number % ROOMS.length),
      identity,
      roleSid: number % 500 === 0 ? sids.moderator : sids.guest,
    })),
  };
}
