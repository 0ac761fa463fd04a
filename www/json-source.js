// @ts-check

/** A string that is not JSON, and where it stops being it. */
export class JsonSyntaxError extends Error {
  /**
   * @param {string} expectation what is wrong there, in words
   * @param {string} text
   * @param {number} offset
   */
  constructor(expectation, text, offset) {
    const { line, column } = lineAndColumn(text, offset);
    super(`Line ${line}, column ${column}: ${expectation}.`);
    this.name = "JsonSyntaxError";
    this.line = line;
    this.column = column;
    this.offset = offset;
  }
}

/**
 * Parses JSON. The three engines word a syntax error differently, and WebKit gives no position at
 * all, so a string that `JSON.parse` refuses is read again here, for the position only.
 *
 * @param {string} text
 * @returns {unknown}
 * @throws {JsonSyntaxError}
 */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch (refusal) {
    new Reader(text).document();
    throw refusal;
  }
}

/**
 * Finds the value that an error's path names, such as `roles[3].permissions[1]`. A path that goes
 * on past what is there (a field that is missing) leads to the innermost value it does reach.
 *
 * @param {string} text JSON
 * @param {string} path
 * @returns {{ start: number, end: number } | undefined}
 */
export function locate(text, path) {
  let node;
  try {
    node = new Reader(text).document();
  } catch {
    return undefined;
  }
  for (const step of steps(path)) {
    /** @type {Value | undefined} */
    const next = node.parts?.get(step);
    if (!next) break;
    node = next;
  }
  return { start: node.start, end: node.end };
}

/**
 * @param {string} text
 * @param {number} offset
 */
export function lineAndColumn(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/**
 * @param {string} path
 * @returns {(string | number)[]}
 */
function steps(path) {
  const found = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return [...found].map(([, index, quoted, key]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? JSON.parse(quoted) : key,
  );
}

/**
 * A value in the JSON: `parts` are an object's values by key, or an array's by index.
 *
 * @typedef {{ start: number, end: number, parts: Map<string | number, Value> | undefined }} Value
 */

// Of the control characters (Cc) JSON forbids the first 32 only.
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[\x7f-\x9f])*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** Reads the JSON grammar, keeping positions and dropping values. */
class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /** @returns {Value} */
  document() {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail("the JSON value has ended, and more text follows");
    return value;
  }

  /** @returns {Value} */
  value() {
    this.space();
    const start = this.at;
    const parts = this.take("{") ? this.fields() : this.take("[") ? this.items() : this.scalar();
    return { start, end: this.at, parts };
  }

  fields() {
    const parts = new Map();
    this.space();
    if (this.take("}")) return parts;
    do {
      this.space();
      const key = this.match(STRING);
      if (key === undefined)
        this.fail(this.text[this.at] === "}" ? "a comma with nothing after it" : "a key in double quotes belongs here");
      this.space();
      if (!this.take(":")) this.fail("a colon belongs after the key");
      parts.set(JSON.parse(key), this.value());
      this.space();
    } while (this.take(","));
    if (!this.take("}")) this.fail('"," or "}" belongs here');
    return parts;
  }

  items() {
    const parts = new Map();
    this.space();
    if (this.take("]")) return parts;
    do {
      this.space();
      if (this.text[this.at] === "]") this.fail("a comma with nothing after it");
      parts.set(parts.size, this.value());
      this.space();
    } while (this.take(","));
    if (!this.take("]")) this.fail('"," or "]" belongs here');
    return parts;
  }

  /** @returns {undefined} */
  scalar() {
    if (this.match(STRING) ?? this.match(NUMBER) ?? this.match(WORD)) return;
    this.fail(
      this.text[this.at] === '"'
        ? "a string that does not end, or holds a character it must escape"
        : "a value belongs here",
    );
  }

  space() {
    this.match(SPACE);
  }

  /** @param {string} character */
  take(character) {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  /**
   * @param {RegExp} token sticky
   * @returns {string | undefined}
   */
  match(token) {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /**
   * @param {string} expectation
   * @returns {never}
   */
  fail(expectation) {
    const ended = this.at >= this.text.length;
    throw new JsonSyntaxError(ended ? `the text ends here, and ${expectation}` : expectation, this.text, this.at);
  }
}
