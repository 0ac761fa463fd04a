import { asRolecallError, RolecallError } from "./errors.js";
import type { Core } from "./rolecall_bg.js";

/** Somebody to tell after a change. */
export interface Watched {
  /** Hands over its listeners if there is something to tell them. */
  tell(call: (listeners: Set<() => void>) => void): void;
}

/** What a service and its abilities share: the model, who listens, and how often it was changed. */
export class State {
  /** How many changes there were: what was asked before the last one is out of date. */
  edits = 0;
  /** The bit of each action that was asked for, by name. */
  readonly places: Map<string, number> = new Map();
  readonly watched: Set<Watched> = new Set();

  #core: Core | undefined;
  #telling = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The model; throws if it was freed. */
  live(): Core {
    if (this.#core === undefined) throw new RolecallError("freed", "this service was freed");
    return this.#core;
  }

  /** Asks the model. */
  ask<Answer>(question: (core: Core) => Answer): Answer {
    const core = this.live();
    try {
      return question(core);
    } catch (thrown) {
      throw asRolecallError(thrown);
    }
  }

  /** Changes the model and tells those who listen. */
  change<Answer>(operation: (core: Core) => Answer): Answer {
    const answer = this.ask(operation);
    // What was to be removed and was not there.
    if (answer === false) return answer;
    this.edits++;
    this.#tell();
    return answer;
  }

  free(): void {
    this.#core?.free();
    this.#core = undefined;
    this.edits++;
    this.watched.clear();
  }

  /** Tells everybody whom a change concerns. A listener that changes the service is no nested call: the loop goes on. */
  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let told = -1; told !== this.edits; ) {
        told = this.edits;
        for (const watched of [...this.watched]) {
          // One that was told to stop, or whose service was freed, in the middle of it.
          if (this.watched.has(watched)) watched.tell((listeners) => this.#callAll(listeners));
        }
      }
    } finally {
      this.#telling = false;
    }
  }

  #callAll(listeners: Set<() => void>): void {
    for (const listener of [...listeners]) {
      // One that was told to stop, or whose service was freed, in the middle of it.
      if (this.#core === undefined || !listeners.has(listener)) continue;
      try {
        listener();
      } catch (error) {
        // Node has no reportError, and throwing later would end the process there.
        if (typeof reportError === "function") reportError(error);
        else console.error(error);
      }
    }
  }
}
