// @ts-check
import { RolecallError, Service } from "rolecall";
import { makeCrowd } from "./crowd.js";
import { applyCall } from "./edits.js";

/**
 * The shadow: a second copy of the service, in a worker, for requests that take longer than a frame.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("rolecall").Action} Action
 *
 * @typedef {{ start: unknown, options: { identity?: string } }} Start `start`: a payload; `undefined` for the crowd, which
 *   is made here too
 * @typedef {{ preview: Edit[] } | { whoCan: Action, channel: string | undefined, owner: string | undefined } | { snapshot: true }} Request
 */

/** @type {Service} */ let service;

const answers = {
  /** @param {Extract<Request, { preview: Edit[] }>} request */
  preview({ preview }) {
    return summary(
      service.preview((draft) => {
        for (const edit of preview) applyCall(draft, edit);
      }),
    );
  },
  /** @param {Extract<Request, { whoCan: Action }>} request */
  whoCan({ whoCan, channel, owner }) {
    const found = service.whoCan(whoCan, {
      ...(channel !== undefined && { channel }),
      ...(owner !== undefined && { owner }),
    });
    return { count: found.length, some: found.slice(0, 8) };
  },
  snapshot() {
    return JSON.stringify(service, null, 2);
  },
};

addEventListener("message", ({ data }) => {
  if ("start" in data) {
    service?.free();
    service = Service.from(data.start ?? makeCrowd(), data.options);
  } else if ("edit" in data) applyCall(service, data.edit);
  else {
    const { id, request } = data;
    try {
      const [kind] = /** @type {(keyof typeof answers)[]} */ (Object.keys(request));
      postMessage({ id, answer: answers[/** @type {keyof typeof answers} */ (kind)](request) });
    } catch (error) {
      if (!(error instanceof RolecallError)) throw error;
      postMessage({ id, refusal: { code: error.code, message: error.message } });
    }
  }
});

/**
 * @typedef {import("rolecall").Change} Change
 *
 * @typedef {object} Flip decisions that change alike
 * @property {string} action
 * @property {Change["owner"]} owner
 * @property {boolean} allowed the answer after the change
 * @property {number} people the count of people concerned
 * @property {string[]} some a few of them
 * @property {(string | undefined)[]} channels a few of the channels
 * @property {number} channelCount
 *
 * @typedef {{ gain: number, lose: number, flips: Flip[] }} Summary `gain`, `lose`: counts of people
 */

/** So many people and channels are named. */
const FEW = 6;

/**
 * Groups changes, so that they are short enough to read.
 *
 * @param {readonly Change[]} changes
 * @returns {Summary}
 */
function summary(changes) {
  /** @type {Map<string, { first: Change, people: Set<string>, channels: Set<string | undefined> }>} */
  const alike = new Map();
  const affected = { gain: new Set(), lose: new Set() };
  for (const change of changes) {
    const key = `${change.allowed} ${change.owner} ${change.action}`;
    const flip = alike.get(key) ?? { first: change, people: new Set(), channels: new Set() };
    alike.set(key, flip);
    flip.people.add(change.identity);
    flip.channels.add(change.channel);
    affected[change.allowed ? "gain" : "lose"].add(change.identity);
  }
  return {
    gain: affected.gain.size,
    lose: affected.lose.size,
    flips: [...alike.values()].map(({ first: { action, owner, allowed }, people, channels }) => ({
      ...{ action, owner, allowed, people: people.size, channelCount: channels.size },
      ...{ some: [...people].slice(0, FEW), channels: [...channels].slice(0, FEW) },
    })),
  };
}
