// @ts-check

/**
 * The friendly names of the channels in a payload. The model has no use for them and does not keep them;
 * a person choosing a channel does.
 *
 * @param {unknown} payload any payload that a service has accepted
 * @returns {Map<string, string>} by SID
 */
export function channelNames(payload) {
  const names = new Map();
  const { channels, conversations } = /** @type {Record<string, unknown>} */ (payload);
  for (const section of [channels, conversations]) {
    for (const row of rowsOf(section)) {
      const name = row.friendly_name ?? row.friendlyName ?? row.unique_name ?? row.uniqueName;
      if (typeof row.sid === "string" && typeof name === "string" && name !== "") names.set(row.sid, name);
    }
  }
  return names;
}

/**
 * A section is a list page, an array or a single resource.
 *
 * @param {any} section
 * @returns {Record<string, unknown>[]}
 */
function rowsOf(section) {
  const rows = section?.channels ?? section?.conversations ?? section ?? [];
  return Array.isArray(rows) ? rows : [rows];
}
