// @ts-check
import { RolecallError, Service } from "rolecall";
import { makeCrowd } from "./crowd.js";
import { applyCall } from "./edits.js";
import { summary } from "./summary.js";

/**
 * The shadow: the same service once more, beside the page, for questions that take longer than a frame.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("rolecall").Action} Action
 *
 * @typedef {{ start: unknown }} Start a payload; nothing for the crowd, which is made here too rather than carried over
 * @typedef {{ preview: Edit[] } | { whoCan: Action, channel: string | undefined, owner: string | undefined } | { snapshot: true }} Question
 */

/** @type {Service} */ let service;

const answers = {
  /** @param {Extract<Question, { preview: Edit[] }>} question */
  preview({ preview }) {
    return summary(
      service.preview((draft) => {
        for (const edit of preview) applyCall(draft, edit);
      }),
    );
  },
  /** @param {Extract<Question, { whoCan: Action }>} question */
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
    service = Service.from(data.start ?? makeCrowd());
  } else if ("edit" in data) applyCall(service, data.edit);
  else {
    const { id, question } = data;
    try {
      const [kind] = /** @type {(keyof typeof answers)[]} */ (Object.keys(question));
      postMessage({ id, answer: answers[/** @type {keyof typeof answers} */ (kind)](question) });
    } catch (error) {
      if (!(error instanceof RolecallError)) throw error;
      postMessage({ id, refusal: { code: error.code, message: error.message } });
    }
  }
});
