// @ts-check
import { makeCrowd } from "./crowd.js";

/**
 * What a person can start from.
 *
 * @typedef {object} Example
 * @property {string} title
 * @property {string} about
 * @property {string | undefined} file relative to the page; the crowd has none, and is made here
 * @property {[string, string]} seats whose view of the chat is shown at first, side by side
 */

/** @satisfies {Record<string, Example>} */
export const EXAMPLES = {
  community: {
    title: "Community",
    about: "Neighbours with moderators",
    file: "examples/community.json",
    seats: ["alice", "bob"],
  },
  "support-desk": {
    title: "Support desk",
    about: "Agents and customers, in Conversations",
    file: "examples/support-desk.json",
    seats: ["agent.priya", "customer-4711"],
  },
  announcements: {
    title: "Announcements",
    about: "A few write, all read; with an action of its own",
    file: "examples/announcements.json",
    seats: ["ona@ferries.example", "pilar@ferries.example"],
  },
  festival: {
    title: "Festival",
    about: "100,000 members, made in this page",
    file: undefined,
    seats: ["amara.abara", "bela.abara"],
  },
};

/** @typedef {keyof typeof EXAMPLES} ExampleName */

/**
 * @param {string | null | undefined} name
 * @returns {name is ExampleName}
 */
export const isExample = (name) => Object.hasOwn(EXAMPLES, name ?? "");

/**
 * @param {ExampleName} name
 * @returns {Promise<{ payload: unknown, text: string }>} `text`: its JSON, unless it is too long to show
 */
export async function openExample(name) {
  const { file } = EXAMPLES[name];
  if (file === undefined) return { payload: makeCrowd(), text: "" };
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} answered ${response.status}`);
  const text = await response.text();
  return { payload: JSON.parse(text), text };
}
