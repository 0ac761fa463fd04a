import { RolecallError } from "./errors.js";
import { isWellFormed, LONGEST } from "./texts.js";

/** How many texts a list may have: each becomes an argument of a call, of which some engines take no more than 65,535. */
const mostTexts = 2 ** 12;

/** A text that is short enough to cross. */
function short(value: unknown, path: string): string {
  if (typeof value !== "string")
    throw new RolecallError("invalid-argument", `expected a string, got ${kindOf(value)}`, path);
  limit(value.length, LONGEST, path);
  return value;
}

function limit(length: number, most: number, path: string): void {
  if (length > most) throw new RolecallError("too-large", `longer than ${most}`, path);
}

/** A text that can cross into WebAssembly and name something there. */
export function text(given: unknown, path: string): string {
  const value = short(given, path);
  if (!isWellFormed(value)) throw new RolecallError("invalid-text", "a lone surrogate is no text", path);
  return value;
}

export function optionalText(value: unknown, path: string): string | undefined {
  return value === undefined ? undefined : text(value, path);
}

export function texts(value: unknown, path: string): string[] {
  return elements(value, path, (element, at) => text(element, `${path}[${at}]`), mostTexts);
}

/** More than any program means, and few enough for an array; a proxy may say that it has more. */
const mostElements = 2 ** 24;

/** What `make` makes of each element of a list. Each is read once, and none behind one that fails. */
export function elements<Made>(
  value: unknown,
  path: string,
  make: (element: unknown, at: number) => Made,
  most: number = mostElements,
): Made[] {
  const found: Made[] = [];
  const { list, length } = readable(() => {
    const list = Array.isArray(value) ? (value as unknown[]) : undefined;
    // A number at once: comparing with what a proxy gives may throw as well.
    return { list, length: Number(list?.length) };
  }, path);
  if (list === undefined) throw new RolecallError("invalid-argument", `expected a list, got ${kindOf(value)}`, path);
  limit(length, most, path);
  for (let at = 0; at < length; at++) {
    let element: unknown;
    try {
      element = field(list, at);
    } catch (thrown) {
      throw unreadable(thrown, `${path}[${at}]`);
    }
    found.push(make(element, at));
  }
  return found;
}

/** The fields of the options or of the row that an argument is, each read once. */
export function fields<Name extends string>(value: unknown, path: string, ...names: Name[]): Record<Name, unknown> {
  if (typeof value !== "object" || value === null) {
    throw new RolecallError("invalid-argument", `expected an object, got ${kindOf(value)}`, path);
  }
  const read = (name: Name) => [name, readable(() => field(value, name), name)];
  return Object.fromEntries(names.map(read));
}

/** What somebody put onto a prototype of the language's is no field of anything, and no element. */
function field(object: object, name: PropertyKey): unknown {
  const isInherited = name in Array.prototype && !Object.hasOwn(object, name);
  return isInherited ? undefined : (object as Record<PropertyKey, unknown>)[name];
}

/** A function to call. */
export function callable<Callable = unknown>(value: unknown, path: string): asserts value is Callable {
  if (typeof value === "function") return;
  throw new RolecallError("invalid-argument", `expected a function, got ${kindOf(value)}`, path);
}

/** A flag that may be missing. Anything but a boolean is no guess at one. */
export function flag(value: unknown, path: string): boolean {
  if (value === undefined || typeof value === "boolean") return value === true;
  throw new RolecallError("invalid-argument", `expected a boolean, got ${kindOf(value)}`, path);
}

/** What a getter or a proxy of the caller's gives. Throws `unreadable` where it throws. */
export function readable<Found>(read: () => Found, path?: string): Found {
  try {
    return read();
  } catch (thrown) {
    throw unreadable(thrown, path);
  }
}

const unreadable = (thrown: unknown, path?: string): RolecallError =>
  new RolecallError("unreadable", `reading it threw ${kindOf(thrown)}`, path);

/**
 * A text to look for. What is not well-formed names nobody and nothing, which is what the empty text does: asking about
 * it is answered, where making it would be an error.
 */
export function sought(value: unknown, path: string): string {
  const name = short(value, path);
  return isWellFormed(name) ? name : "";
}

/** An owner to ask about: anything that names nobody is nobody's, as is what no ability's identity can be. */
export function ownerText(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= LONGEST && isWellFormed(value) ? value : undefined;
}

const kindOf = (value: unknown): string => (value === null ? "null" : typeof value);
