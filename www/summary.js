// @ts-check

/**
 * @typedef {import("rolecall").Change} Change
 *
 * @typedef {object} Turn decisions that turn over alike
 * @property {string} action
 * @property {Change["owner"]} owner
 * @property {boolean} allowed what they would be
 * @property {number} people how many they concern
 * @property {string[]} some a few of them
 * @property {(string | undefined)[]} channels where, at most a few
 * @property {number} places in how many channels
 *
 * @typedef {{ gain: number, lose: number, turns: Turn[] }} Summary how many people gain and lose something
 */

/** So many people and channels are named. */
const FEW = 6;

/**
 * Who gains and who loses what, short enough to read.
 *
 * @param {readonly Change[]} changes
 * @returns {Summary}
 */
export function summary(changes) {
  /** @type {Map<string, { first: Change, people: Set<string>, channels: Set<string | undefined> }>} */
  const alike = new Map();
  const affected = { gain: new Set(), lose: new Set() };
  for (const change of changes) {
    const key = `${change.allowed} ${change.owner} ${change.action}`;
    const turn = alike.get(key) ?? { first: change, people: new Set(), channels: new Set() };
    alike.set(key, turn);
    turn.people.add(change.identity);
    turn.channels.add(change.channel);
    affected[change.allowed ? "gain" : "lose"].add(change.identity);
  }
  return {
    gain: affected.gain.size,
    lose: affected.lose.size,
    turns: [...alike.values()].map(({ first: { action, owner, allowed }, people, channels }) => ({
      ...{ action, owner, allowed, people: people.size, places: channels.size },
      ...{ some: [...people].slice(0, FEW), channels: [...channels].slice(0, FEW) },
    })),
  };
}
