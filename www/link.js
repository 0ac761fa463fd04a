// @ts-check

/**
 * The state of the page as a string: in the link, and in the browser's storage.
 *
 * @typedef {import("./edits.js").Edit} Edit
 *
 * @typedef {object} PageState
 * @property {string | undefined} example
 * @property {string | undefined} payload JSON, where it is no example
 * @property {string} identity the signed-in user; empty: none
 * @property {Edit[]} edits what was done since
 * @property {string | undefined} tab
 * @property {string | undefined} channel
 * @property {string[]} seats
 * @property {boolean} disabled whether what is denied is disabled rather than hidden
 */

/** The longest link, in characters: longer ones are cut off where people paste them. */
export const LONGEST = 8000;

/** The key of the state in the browser's storage. */
export const STORED = "rolecall";

/**
 * @param {PageState} kept
 * @returns {Promise<string>} a link's fragment
 */
export async function write({ example, payload, identity, edits, tab, channel, seats, disabled }) {
  const fields = new URLSearchParams();
  if (example !== undefined) fields.set("example", example);
  if (tab !== undefined) fields.set("tab", tab);
  if (channel !== undefined) fields.set("in", channel);
  for (const seat of seats) fields.append("as", seat);
  if (disabled) fields.set("denied", "disabled");
  if (identity !== "") fields.set("me", identity);
  if (payload !== undefined) fields.set("payload", await pack(payload));
  if (edits.length > 0) fields.set("edits", await pack(JSON.stringify(edits)));
  return fields.toString();
}

/**
 * @param {string} text
 * @returns {Promise<PageState>}
 * @throws {Error} for a string that was cut off or changed
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
    identity: fields.get("me") ?? "",
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
