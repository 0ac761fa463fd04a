import { asRolecallError, RolecallError, said } from "./errors.js";
import { report } from "./report.js";
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
  /** Why there is no core any more, where it was not freed. */
  #gone: RolecallError | undefined;
  #telling = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The model; throws if it was freed. */
  live(): Core {
    if (this.#core === undefined) throw this.#gone ?? new RolecallError("freed", "this service was freed");
    return this.#core;
  }

  /** Asks the model. */
  ask<Answer>(question: (core: Core) => Answer): Answer {
    const core = this.live();
    try {
      return question(core);
    } catch (thrown) {
      const error = asRolecallError(thrown);
      if (error instanceof RolecallError) throw error;
      throw this.#broken(error);
    }
  }

  /**
   * What is neither an answer nor an error of the model's is the end of this service: memory or stack ran out somewhere in
   * the WebAssembly, which may have left it halfway. Entering it again would only do damage, to other services as well.
   */
  #broken(cause: unknown): RolecallError {
    const message = `the WebAssembly stopped in the middle of a call, so this service answers nothing any more: ${said(cause)}`;
    this.#core = undefined;
    this.#gone = Object.assign(new RolecallError("broken", message), { cause });
    this.edits++;
    this.watched.clear();
    return this.#gone;
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
      for (let told = -1, rounds = 0; told !== this.edits; rounds++) {
        if (rounds === mostRounds) {
          report(new RolecallError("endless-listeners", `listeners changed the service ${mostRounds} times in a row`));
          return;
        }
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
        report(error);
      }
    }
  }
}

/** How often listeners may change the service in answer to one change, before it is taken for an endless loop. */
const mostRounds = 1000;
