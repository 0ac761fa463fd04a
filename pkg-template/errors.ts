import type { ErrorCode } from "./names.js";
import type { DeniedDecision } from "./types.js";

/**
 * What every failed call throws. A failed call has changed nothing.
 *
 * Where two copies of the package are in one page, `instanceof` knows the errors of its own copy alone; `error.name` tells an
 * error of either.
 */
export class RolecallError extends Error {
  /** What went wrong, as a word that stays; the reference has a table. */
  readonly code: ErrorCode;

  /** Where in the payload or the arguments: `roles[3].permissions[1]`. Absent where that says nothing. */
  declare readonly path?: string;

  /**
   * For tests and for what stands in for rolecall: the package throws its own.
   *
   * @param code what went wrong
   * @param message a sentence
   * @param path where; it is written in front of the message, and an empty one is as none
   */
  constructor(code: ErrorCode, message: string, path?: string) {
    super(path ? `${path}: ${message}` : message);
    this.code = code;
    // Defined, since an assignment would call a setter that Object.prototype has, or fail at a read-only property.
    if (path) define(this, "path", path, true);
  }
}

/** What {@link Ability.require} throws: a denial as the services' endpoints answer it. */
export class PermissionDenied extends RolecallError {
  /** The HTTP status. */
  readonly status: 403 = 403;

  /** The services' public error number: 50107, 50400 or 50430 for who is no member, or 50377 in a closed channel. */
  readonly twilioCode: number;

  /** The whole answer: the reason, what is missing, and who could do it. */
  readonly decision: DeniedDecision;

  /**
   * For tests and for what stands in for rolecall.
   *
   * @param decision what {@link Ability.explain} returned; it has the message and `twilioCode`
   */
  constructor(decision: DeniedDecision) {
    super("permission-denied", decision.message);
    this.twilioCode = decision.twilioCode;
    this.decision = decision;
  }
}

// On the prototypes, as the built-in errors have their names: a bundler may give the classes others.
define(RolecallError.prototype, "name", "RolecallError", false);
define(PermissionDenied.prototype, "name", "PermissionDenied", false);

function define(error: RolecallError, property: string, value: string, enumerable: boolean): void {
  Object.defineProperty(error, property, { value, enumerable, configurable: true, writable: true });
}
