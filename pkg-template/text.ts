import { RolecallError } from "./errors.js";

const loneSurrogate = /\p{Cs}/u;

/** A text that can cross into WebAssembly and name something there. */
export function text(value: unknown, path: string): string {
  if (typeof value !== "string")
    throw new RolecallError("invalid-argument", `expected a string, got ${kindOf(value)}`, path);
  if (loneSurrogate.test(value)) throw new RolecallError("invalid-text", "a lone surrogate is no text", path);
  return value;
}

export function optionalText(value: unknown, path: string): string | undefined {
  return value === undefined ? undefined : text(value, path);
}

export function texts(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) throw new RolecallError("invalid-argument", `expected a list, got ${kindOf(value)}`, path);
  return Array.from(value, (element, at) => text(element, `${path}[${at}]`));
}

/** The options or the row that an argument is. */
export function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw new RolecallError("invalid-argument", `expected an object, got ${kindOf(value)}`, path);
  }
  return value as Record<string, unknown>;
}

/**
 * A text to look for. What is not well-formed names nobody and nothing, which is what the empty text does: asking about
 * it is answered, where making it would be an error.
 */
export function sought(value: unknown, path: string): string {
  return typeof value === "string" && loneSurrogate.test(value) ? "" : text(value, path);
}

/** An owner to ask about: anything that names nobody is nobody's. */
export function ownerText(value: unknown): string | undefined {
  return typeof value === "string" && !loneSurrogate.test(value) ? value : undefined;
}

const kindOf = (value: unknown): string => (value === null ? "null" : typeof value);
