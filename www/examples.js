// @ts-check

/**
 * The payloads a person can start from.
 *
 * @typedef {object} Example
 * @property {string} file relative to the page
 * @property {string} title
 * @property {string} identity who is asked about at first
 */

/** @satisfies {Record<string, Example>} */
export const EXAMPLES = {
  community: { file: "examples/community.json", title: "Community", identity: "bob" },
  "support-desk": { file: "examples/support-desk.json", title: "Support desk", identity: "agent.priya" },
  announcements: { file: "examples/announcements.json", title: "Announcements", identity: "pilar@ferries.example" },
};

/** @typedef {keyof typeof EXAMPLES} ExampleName */

/**
 * @param {Example} example
 * @returns {Promise<string>} its JSON text
 */
export async function fetchExample({ file }) {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} answered ${response.status}`);
  return response.text();
}
