// @ts-check

/**
 * The state of the page as text: in the link, and in the browser's storage.
 *
 * @typedef {import("./edits.js").Edit} Edit
 *
 * @typedef {object} Kept
 * @property {string | undefined} example
 * @property {string | undefined} payload JSON text, where it is no example
 * @property {Edit[]} edits what was done since
 * @property {string | undefined} tab
 * @property {string | undefined} channel
 * @property {string[]} seats
 * @property {boolean} disabled whether what is denied is disabled rather than hidden
 */

/** A link that is longer than this gets cut off where people paste it. */
export const LONGEST = 8000;

/** Under which the browser keeps the state. */
export const STORED = "rolecall";

/**
 * @param {Kept} kept
 * @returns {Promise<string>} a link's fragment
 */
export async function write({ example, payload, edits, tab, channel, seats, disabled }) {
  const fields = new URLSearchParams();
  if (example !== undefined) fields.set("example", example);
  if (tab !== undefined) fields.set("tab", tab);
  if (channel !== undefined) fields.set("in", channel);
  for (const seat of seats) fields.append("as", seat);
  if (disabled) fields.set("denied", "disabled");
  if (payload !== undefined) fields.set("payload", await pack(payload));
  if (edits.length > 0) fields.set("edits", await pack(JSON.stringify(edits)));
  return fields.toString();
}

/**
 * @param {string} text
 * @returns {Promise<Kept>}
 * @throws {Error} for a text that was cut off or changed
 */
export async function read(text) {
  const fields = new URLSearchParams(text);
  const packed = async (/** @type {string} */ name) => {
    const found = fields.get(name);
    return found === null ? undefined : unpack(found);
  };
  const edits = JSON.parse((await packed("edits")) ?? "[]");
  const sound = Array.isArray(edits) && edits.every((edit) => Array.isArray(edit) && typeof edit[0] === "string");
  if (!sound) throw new TypeError("the edits are not a list of calls");
  return {
    example: fields.get("example") ?? undefined,
    payload: await packed("payload"),
    edits,
    tab: fields.get("tab") ?? undefined,
    channel: fields.get("in") ?? undefined,
    seats: fields.getAll("as"),
    disabled: fields.get("denied") === "disabled",
  };
}

/** @param {string} text */
async function pack(text) {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} packed */
async function unpack(packed) {
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(text).text();
}
