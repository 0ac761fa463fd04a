import { RolecallError } from "./errors.js";

/** How many UTF-16 units a string may have. */
const longestString = 2 ** 16;

/** How many strings a list may have. */
const mostStrings = 2 ** 12;

/** How many elements any list may have: more than a page can show. A proxy may say that it has more. */
const mostElements = 2 ** 24;

const loneSurrogate = /\p{Surrogate}/u;

/** Names what exists beside a field that does not: the end of a sentence. */
export type Suggest = (name: string, names: readonly string[]) => string;

/** Checks that a value is a string that can cross into WebAssembly. */
export function string(value: unknown, path: string): string {
  if (typeof value !== "string") throw expected("a string", value, path);
  limit(value.length, longestString, path);
  if (loneSurrogate.test(value)) throw new RolecallError("invalid-string", "a lone surrogate is no character", path);
  return value;
}

/** Checks a string that may be `undefined`. */
export function optionalString(value: unknown, path: string): string | undefined {
  return value === undefined ? undefined : string(value, path);
}

/** Checks a string that may be `undefined` or `null`. */
export function nullableString(value: unknown, path: string): string | undefined {
  return optionalString(value ?? undefined, path);
}

/** Checks a list of strings, and copies it. */
export function strings(value: unknown, path: string): string[] {
  return elements(value, path, mostStrings).map((element, index) => string(element, `${path}[${index}]`));
}

/** The error for what is no owner. */
export function notAnOwner(value: unknown, path = "owner"): RolecallError {
  return expected("a string, null or undefined", value, path);
}

/** Normalises an owner that crosses into WebAssembly: anything that cannot be an identity counts as no owner. */
export function owner(value: unknown, path = "owner"): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "string") throw notAnOwner(value, path);
  return value.length > longestString || loneSurrogate.test(value) ? undefined : value;
}

/** Checks a flag that may be `undefined`. Whatever else could count as true or false is a mistake. */
export function flag(value: unknown, path: string): boolean {
  if (value !== undefined && typeof value !== "boolean") throw expected("a boolean", value, path);
  return value === true;
}

/** Checks a function that the caller passes. */
export function callable<Callable = unknown>(value: unknown, path: string): asserts value is Callable {
  if (typeof value !== "function") throw expected("a function", value, path);
}

/** Checks a function that may be `undefined`. */
export function optionalCallable<Callable>(value: unknown, path: string): Callable | undefined {
  if (value !== undefined) callable(value, path);
  return value as Callable | undefined;
}

/** Copies a list, and reads each element once. */
export function elements(value: unknown, path: string, most: number = mostElements): unknown[] {
  // As a number, since what a proxy returns may throw when it is compared.
  const length = readable(() => (Array.isArray(value) ? Number(value.length) : undefined), path);
  if (length === undefined) throw expected("a list", value, path);
  limit(length, most, path);
  const list = value as readonly unknown[];
  const found: unknown[] = [];
  let index = 0;
  try {
    for (; index < length; index++) found.push(list[index]);
  } catch (thrown) {
    throw unreadable(thrown, `${path}[${index}]`);
  }
  return found;
}

/** Checks the value of a field, and returns what is to be made of it. */
type Check = (value: unknown, path: string) => unknown;

/**
 * The fields of an object argument, each read once.
 *
 * @param checks all fields that it may have, each with what checks it; any other field is refused
 */
export function fields<Checks extends Record<string, Check>>(
  value: unknown,
  path: string,
  checks: Checks,
  suggest: Suggest = listed,
): { [Name in keyof Checks]: ReturnType<Checks[Name]> } {
  if (typeof value !== "object" || value === null) throw expected("an object", value, path);
  const names = Object.keys(checks);
  const unknown = readable(() => Object.keys(value), path).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RolecallError("invalid-argument", `there is no such field; ${suggest(unknown, names)}`, unknown);
  }
  const read = (name: string) =>
    (checks[name] as Check)(
      readable(() => field(value, name), name),
      name,
    );
  return Object.fromEntries(names.map((name) => [name, read(name)])) as never;
}

const listed: Suggest = (_, names) => `there are ${names.join(", ")}`;

/** A field of an object or of its class. What was written onto `Object.prototype` is a field of none. */
function field(object: object, name: string): unknown {
  const isForeign = name in Object.prototype && !Object.prototype.hasOwnProperty.call(object, name);
  return isForeign ? undefined : (object as Record<string, unknown>)[name];
}

/** Refuses a payload that is still to be awaited or parsed, and says so. */
export function refusePending(value: unknown, path: string): void {
  if (isPromise(value)) throw noPayload("await it first", path);
  if (!hasMethod(value, "json")) return;
  const isRead = readable(() => (value as Partial<Response>).bodyUsed, path) === true;
  throw noPayload(isRead ? "it was read already: pass what its json() returned" : "await its json() first", path);
}

const noPayload = (advice: string, path: string): RolecallError =>
  new RolecallError("invalid-argument", `this is no payload yet: ${advice}`, path);

/** Whether a value is a promise, of whatever library. */
export function isPromise(value: unknown): boolean {
  return hasMethod(value, "then");
}

function hasMethod(value: unknown, name: string): boolean {
  try {
    return (
      typeof value === "object" && value !== null && typeof (value as Record<string, unknown>)[name] === "function"
    );
  } catch {
    // Whoever reads the value reports it.
    return false;
  }
}

/** Runs what may call a getter or a proxy of the caller's; reports what it throws as `unreadable`. */
export function readable<Found>(read: () => Found, path?: string): Found {
  try {
    return read();
  } catch (thrown) {
    throw unreadable(thrown, path);
  }
}

const unreadable = (thrown: unknown, path?: string): RolecallError =>
  new RolecallError("unreadable", `reading it threw ${kindOf(thrown)}`, path);

const expected = (what: string, value: unknown, path: string): RolecallError =>
  new RolecallError("invalid-argument", `expected ${what}, got ${kindOf(value)}`, path);

function limit(length: number, most: number, path: string): void {
  if (length > most) throw new RolecallError("too-large", `longer than ${most}`, path);
}

const kindOf = (value: unknown): string => (value === null ? "null" : typeof value);
