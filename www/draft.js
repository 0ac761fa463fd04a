// @ts-check

/**
 * The changes of the matrix that are not saved yet, and who would gain and lose what.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./shadow-worker.js").Summary} Summary
 * @typedef {import("./workspace.js").Workspace} Workspace
 */
export class Draft {
  /** @type {Summary | undefined} */ summary;
  /** Why it cannot be saved. @type {import("./shadow.js").Refusal | undefined} */ refusal;

  #workspace;
  /** Role SIDs and permissions of the cells that differ from what is saved. @type {Map<string, [string, string]>} */
  #cells = new Map();
  #previews = 0;

  /** @param {Workspace} workspace */
  constructor(workspace) {
    this.#workspace = workspace;
    let { service } = workspace;
    workspace.subscribe(() => {
      if (service === workspace.service) return;
      service = workspace.service;
      this.discard();
    });
  }

  get size() {
    return this.#cells.size;
  }

  /**
   * @param {string} sid
   * @param {string} permission
   */
  changes(sid, permission) {
    return this.#cells.has(`${sid} ${permission}`);
  }

  /**
   * @param {string} sid
   * @param {string} permission
   */
  toggle(sid, permission) {
    const key = `${sid} ${permission}`;
    if (!this.#cells.delete(key)) this.#cells.set(key, [sid, permission]);
    this.#preview();
  }

  discard() {
    this.#cells.clear();
    this.#preview();
  }

  save() {
    const { size, edits } = this;
    this.discard();
    this.#workspace.perform(edits, () => `Saved ${size === 1 ? "one change" : `${size} changes`} of permissions.`);
  }

  /** First what is granted, so that a role never goes without any. @returns {Edit[]} */
  get edits() {
    const cells = [...this.#cells.values()].map(([sid, permission]) => {
      const held = this.#workspace.role(sid)?.permissions.includes(permission);
      return /** @type {Edit} */ ([held ? "revoke" : "grant", sid, permission]);
    });
    return cells.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  }

  async #preview() {
    this.#previews += 1;
    const preview = this.#previews;
    this.summary = undefined;
    this.refusal = undefined;
    this.#workspace.changed();
    if (this.#cells.size === 0) return;
    const { answer, refusal } = await this.#workspace.shadow.ask({ preview: this.edits });
    if (preview !== this.#previews) return;
    this.summary = answer;
    this.refusal = refusal;
    this.#workspace.changed();
  }
}
