import { Decisions } from "./ability.js";
import { RolecallError } from "./errors.js";
import type { ErrorCode } from "./names.js";
import { report, said } from "./report.js";
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
  /** How many of them have changed something. */
  changes = 0;
  readonly watched: Set<Watched> = new Set();

  /** The decisions of all abilities by their digits: most abilities have those of a few roles. */
  readonly #decisions: Map<string, Decisions> = new Map();
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

  /** The decisions of these digits, which abilities share. */
  decisions(digits: string): Decisions {
    let known = this.#decisions.get(digits);
    if (known === undefined) {
      // Forgotten now and then, or those of all past edits would be kept.
      if (this.#decisions.size === mostDecisions) this.#decisions.clear();
      known = new Decisions(digits);
      this.#decisions.set(digits, known);
    }
    return known;
  }

  /** Asks the model: an operation of operation.ts, with its texts. */
  ask<Answer>(operation: number, ...texts: Texts): Answer {
    return answered(this.enter((core) => call(core, operation, texts)));
  }

  /** Changes the model and tells those who listen. */
  change<Answer>(operation: number, ...texts: Texts): Answer {
    return this.edit((core) => call(core, operation, texts));
  }

  /**
   * Changes the model and tells those who listen.
   *
   * @param see gets the answer before anybody is told
   */
  edit<Answer>(run: (core: Core) => string, see?: (answer: Answer) => void): Answer {
    const text = this.enter(run);
    const answer: Answer = answered(text);
    see?.(answer);
    this.edits++;
    // What was to be removed and was not there, or is as it was.
    if (answer !== false && text[0] !== unchanged) this.changes++;
    this.#tell();
    return answer;
  }

  /** Runs something in the WebAssembly. */
  enter<Result>(run: (core: Core) => Result): Result {
    const core = this.live();
    try {
      return run(core);
    } catch (thrown) {
      throw thrown instanceof RolecallError ? thrown : this.#broken(thrown);
    }
  }

  /**
   * What the WebAssembly throws is no error of the model's, and the end of this service: memory or stack ran out somewhere in
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

/** What an operation takes; an optional text that was not given is `undefined`. */
type Texts = (string | undefined)[];

// As it was at the start: were it another later, a change would be made and nobody told.
const { parse } = JSON;

/** Stands before the answer of an operation that has changed nothing. */
const unchanged = "=";

/** Stands in place of the length of a text that was not given. */
const absent = 2 ** 32 - 1;

/** Does an operation: its texts cross as one. Returns what {@link answered} reads. */
export function call(core: Core, operation: number, texts: Texts): string {
  const lengths = texts.map((text) => text?.length ?? absent);
  return core.call(operation, texts.join(""), new Uint32Array(lengths));
}

/** The model's answer, or its error thrown: both come as JSON, an error behind a mark. */
export function answered<Answer>(answer: string): Answer {
  if (answer[0] === unchanged) return parse(answer.slice(1));
  if (answer[0] !== "!") return parse(answer);
  const error: [code: ErrorCode, message: string, path: string] = parse(answer.slice(1));
  throw new RolecallError(error[0], error[1], error[2]);
}

const mostDecisions = 256;

/** How often listeners may change the service in answer to one change, before it is taken for an endless loop. */
const mostRounds = 1000;
