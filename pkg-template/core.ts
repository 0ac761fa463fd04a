import { callable, refusePending } from "./arguments.js";
import { Decisions } from "./decisions.js";
import { RolecallError } from "./errors.js";
import { Listeners, printed } from "./listeners.js";
import type { ErrorCode } from "./names.js";
import { type Core, Payload } from "./rolecall_bg.js";
import type { LoadReport } from "./types.js";

/** A service of the WebAssembly, for as long as it lives: who listens to it, and what it decided since its last change. */
export class LiveCore {
  readonly listeners: Listeners = new Listeners();

  /** Calls the listener after each change; returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    callable(listener, "listener");
    this.live();
    return this.listeners.add(
      () => listener(),
      () => this.version,
    );
  };

  /** Counts the changes; `NaN` once it is gone, so that nothing is taken to be still right. */
  version = 0;

  /** What the last load did. */
  lastLoad: LoadReport | undefined;

  private core: Core | undefined;
  /** Why there is none any more, if it was not freed. */
  private broken: RolecallError | undefined;
  /** The decisions since the last change, by their keys. Most abilities have those of a few roles. */
  private readonly decided = new Map<string, Decisions>();

  constructor(make: () => Core) {
    try {
      this.core = make();
      this.version = this.core.version;
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /** Whether it was freed or is broken. */
  get isGone(): boolean {
    return this.core === undefined;
  }

  /** The core. Throws if there is none any more. */
  live(): Core {
    if (this.core === undefined) throw this.broken ?? new RolecallError("freed", "this service was freed");
    return this.core;
  }

  /** Calls into the WebAssembly. Throws the model's error as a `RolecallError`. */
  ask<Answer>(call: (core: Core) => Answer): Answer {
    const core = this.live();
    try {
      return call(core);
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /** Calls what may change the service, and then the listeners whom a change concerns. */
  change<Answer>(call: (core: Core) => Answer): Answer {
    const answer = this.ask(call);
    const version = this.ask((core) => core.version);
    if (version !== this.version) {
      this.version = version;
      this.discard();
      this.listeners.call();
    }
    return answer;
  }

  /** Reads a payload, while nothing of the service is in use, and then loads it. */
  load(payload: unknown, replace: boolean, channel: string | undefined, identity: string | undefined): LoadReport {
    refusePending(payload, "payload");
    const rows = this.ask(() => new Payload(payload));
    return this.change((core) => {
      const report: LoadReport = frozen(core.load(rows, replace, channel, identity));
      // Before the listeners are called: they find the report of what they are called for.
      this.lastLoad = report;
      return report;
    });
  }

  /** A copy, for a draft. It ends with this service. */
  copy(): LiveCore {
    const copy = new LiveCore(() => this.ask((core) => core.copy()));
    copy.listeners.addEnd(this.listeners.addEnd(() => copy.finish(this.broken)));
    return copy;
  }

  /** The decisions of these words: one object for all abilities, until the next change. */
  decisions(words: Uint32Array): Decisions {
    const key = words.join();
    let decisions = this.decided.get(key);
    if (decisions === undefined) {
      decisions = new Decisions(words, key);
      this.decided.set(key, decisions);
    }
    return decisions;
  }

  /** Gives the memory back. */
  free(): void {
    const { core } = this;
    this.finish();
    core?.free();
  }

  /**
   * Empties all decisions, so that a check need not look how old they are. They are dropped as well: an ability that has not
   * asked since must not find in its own what another has asked.
   */
  private discard(): void {
    for (const decisions of this.decided.values()) decisions.clear();
    this.decided.clear();
  }

  private finish(broken?: RolecallError): void {
    if (this.core === undefined) return;
    this.core = undefined;
    this.broken = broken;
    this.version = Number.NaN;
    this.discard();
    this.listeners.end();
  }

  /**
   * The error to throw. What is none of the model's is the end of this service: memory or stack ran out somewhere in the
   * WebAssembly, which may have left it halfway, so that entering it again could only do damage.
   */
  private failure(thrown: unknown): RolecallError {
    if (thrown instanceof RolecallError) return thrown;
    if (isModelError(thrown)) return new RolecallError(thrown.code, thrown.message, thrown.path);
    const message = `the WebAssembly stopped in the middle of a call, so this service answers nothing any more: ${printed(thrown)}`;
    const error = Object.assign(new RolecallError("broken", message), { cause: thrown });
    this.finish(error);
    return error;
  }
}

/** An error of the model, as the WebAssembly throws it. */
interface ModelError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
}

const isModelError = (thrown: unknown): thrown is ModelError =>
  thrown instanceof Error && Object.prototype.hasOwnProperty.call(thrown, "code");

/** Frozen with all that is in it. */
function frozen<Plain extends object>(plain: Plain): Plain {
  for (const value of Object.values(plain)) if (typeof value === "object") frozen(value);
  return Object.freeze(plain);
}
