// @ts-check
import { makeCrowd } from "./crowd.js";

/**
 * Services to start from.
 *
 * @typedef {object} Example
 * @property {string} title
 * @property {string} about
 * @property {string | undefined} file relative to the page; the crowd has none, and is made here
 * @property {string} [identity] the signed-in user, for a payload without a row of theirs
 * @property {[string, string]} seats the two people whose views are shown at first
 */

/** @satisfies {Record<string, Example>} */
export const EXAMPLES = {
  community: {
    title: "Community",
    about: "Neighbours with moderators",
    file: "examples/community.json",
    seats: ["alice", "bob"],
  },
  flex: {
    title: "Flex",
    about: "Its six roles, a customer by SMS, a closed task",
    file: "examples/flex.json",
    seats: ["agent_ren", "supervisor_uta"],
  },
  newcomer: {
    title: "Newcomer",
    about: "Signed in for the first time, without a row",
    file: "examples/newcomer.json",
    identity: "nina",
    seats: ["nina", "mara"],
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
 * @returns {Promise<{ payload: unknown, text: string }>} `text`: its JSON, empty where that is too long to show
 */
export async function openExample(name) {
  const { file } = EXAMPLES[name];
  if (file === undefined) return { payload: makeCrowd(), text: "" };
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} answered ${response.status}`);
  const text = await response.text();
  return { payload: JSON.parse(text), text };
}
