import type { Decision } from "./model.js";
import type { ErrorCode } from "./names.js";

/** Gives an object a property of its own. The descriptor inherits nothing, such as a `get` that somebody put there. */
function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  const descriptor = { __proto__: null, value, configurable: true, enumerable, writable: true };
  Object.defineProperty(object, name, descriptor as PropertyDescriptor);
}

/** What every failed call throws. A failed call has changed nothing. */
export class RolecallError extends Error {
  static {
    // On the prototype, as the built-in errors have it, so that it is no property of each instance.
    define(RolecallError.prototype, "name", "RolecallError", false);
  }

  /** What went wrong, as a stable word; the README has a table. */
  readonly code: ErrorCode;

  /** Where in the payload or the arguments: `roles[3].permissions[1]`. Absent where that says nothing. */
  declare readonly path?: string;

  /**
   * For tests and for what stands in for rolecall: the package throws its own.
   *
   * @param path is put before the message; the empty path is as none
   */
  constructor(code: ErrorCode, message: string, path?: string) {
    super(path === undefined || path === "" ? message : `${path}: ${message}`);
    this.code = code;
    // Not assigned, since Object.prototype may have a setter or a read-only property of that name.
    if (path !== undefined && path !== "") define(this, "path", path, true);
  }
}

/** What {@link Ability.require} throws: a denial as the services' endpoint would answer it. */
export class PermissionDenied extends RolecallError {
  static {
    define(PermissionDenied.prototype, "name", "PermissionDenied", false);
  }

  /** The HTTP status. */
  readonly status: 403 = 403;

  /** The services' public error number: 50107, or 50400 or 50430 for someone who is no member. */
  readonly twilioCode: number;

  /** The whole answer: the reason, and what is missing. */
  readonly decision: Decision & { allowed: false };

  /**
   * For a denial that {@link Ability.explain} gave.
   *
   * @param decision gives the message and `twilioCode`
   */
  constructor(decision: Decision & { allowed: false }) {
    super("permission-denied", decision.message);
    this.twilioCode = decision.twilioCode;
    this.decision = decision;
  }
}
