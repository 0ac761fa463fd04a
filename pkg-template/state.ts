import { Decisions } from "./ability.js";
import { RolecallError } from "./errors.js";
import type { ErrorCode } from "./names.js";
import * as operation from "./operation.js";
import { report, said } from "./report.js";
import type { Core } from "./rolecall_bg.js";
import type { Reading, Texts } from "./texts.js";

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
  /** Who is told once that there are no answers any more: what shows some must stop. */
  readonly ends: Set<() => void> = new Set();

  readonly texts: Texts;

  /** The decisions of all abilities that have asked since the last edit, by their bits: most have those of a few roles. */
  readonly #decisions: Map<string, Decisions> = new Map();
  /** 0 for the service itself; a draft's is its place behind it in the core. */
  readonly #level: number;
  /** Of which service it is a draft. */
  readonly #original: State | undefined;
  #core: Core | undefined;
  /** Why there is no core any more, where it was not freed. */
  #gone: RolecallError | undefined;
  #telling = false;

  constructor(core: Core, texts: Texts, level = 0, original?: State) {
    this.#core = core;
    this.texts = texts;
    this.#level = level;
    this.#original = original;
  }

  /** Whether it, or the service of which it is a draft, was freed or came to grief. */
  get isGone(): boolean {
    return this.#core === undefined || this.#original?.isGone === true;
  }

  /** The model; throws if it was freed. */
  live(): Core {
    this.#original?.live();
    if (this.#core === undefined) throw this.#gone ?? new RolecallError("freed", "this service was freed");
    return this.#core;
  }

  /** The decisions of these bits, which abilities share until the next edit. */
  decisions(bits: readonly number[], key: string): Decisions {
    let known = this.#decisions.get(key);
    if (known === undefined) {
      known = new Decisions(bits, key);
      this.#decisions.set(key, known);
    }
    return known;
  }

  /** Asks the model: an operation of operation.ts, with its texts; one that may be missing is `undefined`. */
  ask<Answer>(operation: number, ...texts: (string | undefined)[]): Answer {
    return this.#answered(this.#call(operation, texts));
  }

  /** Changes the model and tells those who listen. */
  change<Answer>(operation: number, ...texts: (string | undefined)[]): Answer {
    return this.#edited(this.#call(operation, texts));
  }

  /**
   * Loads what was read and tells those who listen.
   *
   * @param see gets the answer before anybody is told
   */
  load<Answer>(reading: Reading, replace: boolean, see: (answer: Answer) => void): Answer {
    this.texts.reading = reading;
    try {
      return this.#edited(this.#call(operation.load, [replace ? "true" : undefined]), see);
    } finally {
      this.texts.reading = undefined;
    }
  }

  /** A draft of this service, in the same core and with the same texts. */
  draft(): State {
    const level = this.ask<number>(operation.draft);
    this.texts.holders++;
    return new State(this.live(), this.texts, level, this);
  }

  /** Ends a draft, whether or not it was freed. With the service itself it is gone already. */
  end(draft: State): void {
    this.texts.holders--;
    if (!this.isGone) this.#call(operation.endDraft, [], draft.#level);
    draft.free();
  }

  /**
   * Makes every ability ask the model again before it answers. What was decided is emptied, so that a check need not look how
   * old it is, and is given to nobody any more: an ability that has not asked yet must not find in it what another has.
   */
  #outdate(): void {
    this.edits++;
    apply(forEach, this.#decisions, [empty]);
    empty(this.#decisions);
  }

  #edited<Answer>(cells: Uint32Array, see?: (answer: Answer) => void): Answer {
    // Before anything that may throw: what is remembered of the time before is out of date.
    if (cells[0] !== refused) this.#outdate();
    if (cells[0] === changed) this.changes++;
    const answer: Answer = this.#answered(cells);
    see?.(answer);
    this.#tell();
    return answer;
  }

  /** The model's answer, or its error thrown. */
  #answered<Answer>(cells: Uint32Array): Answer {
    const answer = this.#said(cells);
    if (cells[0] !== refused) return answer as Answer;
    // Not taken apart by a pattern, which would call a `return` that a page has put onto Object.prototype.
    const error = answer as [code: ErrorCode, message: string, path: string];
    throw new RolecallError(error[0], error[1], error[2]);
  }

  #said(cells: Uint32Array): unknown {
    try {
      return parse(this.texts.say(cells));
    } catch (thrown) {
      // What an engine throws where a text would be longer than it can have.
      if (thrown instanceof RangeError) throw new RolecallError("too-large", "the answer is longer than a text may be");
      throw this.#broken(thrown);
    }
  }

  /** Looks now and then which texts are needed still. Throws if the model is gone. */
  tidy(): void {
    const keep = (core: Core) => this.texts.keep(core.call(0, operation.tidy, new Uint32Array()));
    if (this.live() && this.texts.isDue) this.#enter(keep);
  }

  #call(operation: number, texts: (string | undefined)[], level: number = this.#level): Uint32Array {
    this.tidy();
    return this.#enter((core) => {
      const numbers = texts.map((text) => (text === undefined ? absent : this.texts.number(text)));
      return core.call(level, operation, new Uint32Array(numbers));
    });
  }

  /** Runs something in the WebAssembly. */
  #enter<Result>(run: (core: Core) => Result): Result {
    const core = this.live();
    try {
      this.texts.enter();
      return run(core);
    } catch (thrown) {
      throw this.#broken(thrown);
    }
  }

  /**
   * What the WebAssembly throws is no error of the model's, and the end of this service: memory or stack ran out somewhere in
   * the WebAssembly, which may have left it halfway. Entering it again would only do damage, to other services as well.
   */
  #broken(cause: unknown): RolecallError {
    const message = `the WebAssembly stopped in the middle of a call, so this service answers nothing any more: ${said(cause)}`;
    this.#gone = Object.assign(new RolecallError("broken", message), { cause });
    this.#end();
    return this.#gone;
  }

  free(): void {
    const core = this.#core;
    this.#end();
    if (this.#original === undefined) core?.free();
  }

  #end(): void {
    this.#core = undefined;
    this.#outdate();
    this.watched.clear();
    const ends = [...this.ends];
    this.ends.clear();
    for (const end of ends) {
      try {
        end();
      } catch (error) {
        report(error);
      }
    }
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
      if (this.isGone || !listeners.has(listener)) continue;
      try {
        listener();
      } catch (error) {
        report(error);
      }
    }
  }
}

// As they were at the start: were one another later, a change would be made and nobody told, or what was decided before it
// would go on being answered.
const { parse } = JSON;
const { apply } = Reflect;
const { clear, forEach } = Map.prototype;

const empty = (map: Map<unknown, unknown>): void => apply(clear, map, []);

/** The first cell of an answer: whether anything has changed, or the operation was refused. */
const changed = 1;
const refused = 2;

/** Stands in place of a text that was not given. */
const absent = 2 ** 32 - 1;

/** How often listeners may change the service in answer to one change, before it is taken for an endless loop. */
const mostRounds = 1000;
