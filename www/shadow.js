// @ts-check

/**
 * The page's end of the shadow: see shadow-worker.js.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./shadow-worker.js").Request} Request
 * @typedef {{ code: string, message: string }} Refusal a `RolecallError`
 */
export class Shadow {
  #worker = new Worker(new URL("./shadow-worker.js", import.meta.url), { type: "module" });
  #requests = 0;
  /** @type {Map<number, (reply: { answer?: any, refusal?: Refusal }) => void>} */ #waiting = new Map();

  constructor() {
    this.#worker.addEventListener("message", ({ data: { id, ...reply } }) => {
      this.#waiting.get(id)?.(reply);
      this.#waiting.delete(id);
    });
  }

  /** @param {import("./shadow-worker.js").Start} start */
  start(start) {
    this.#worker.postMessage(start);
  }

  /** @param {Edit} edit one that the service has accepted */
  follow(edit) {
    this.#worker.postMessage({ edit });
  }

  /**
   * @param {Request} request
   * @returns {Promise<{ answer?: any, refusal?: Refusal }>}
   */
  ask(request) {
    this.#requests += 1;
    const id = this.#requests;
    this.#worker.postMessage({ id, request });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}
