// Walks a JavaScript payload by the shape that src/wire.rs gives, and writes what it finds onto a tape: numbers, and each
// distinct text once. It judges nothing and calls nothing but the payload's own getters, each at most once, and the traps of
// its proxies, before the service is touched; so they may throw, or call back into the service. json.rs is its twin for JSON.

/** What a place holds; src/wire.rs, `mod cell`, tells what the numbers mean. */
const ABSENT = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const OBJECT = 5;
const LIST = 6;
const OTHER = 7;
const UNREADABLE = 8;
const ILL_FORMED = 9;
const PAGE = 10;
const TOO_LARGE = 12;
const KIND_BITS = 4;
const SPELLING_BITS = 3;
const TEXT = 256;

/** How many fields a row has at most. */
const MOST_FIELDS = 4;

/** How many cells the first window of a tape has, and the largest: each has twice as many as the one before. */
const SMALLEST_WINDOW = 1 << 8;
const LARGEST_WINDOW = 1 << 16;

const loneSurrogate = /\p{Cs}/u;
const isWellFormed =
  "isWellFormed" in String.prototype ? (text) => text.isWellFormed() : (text) => !loneSurrogate.test(text);

/** Thrown where a payload is beyond what a load may hold. */
const tooLarge = {};

/**
 * The sections: their names, and for each field its spellings and whether it holds a list.
 * @param {string} shape
 */
const parse = (shape) =>
  shape.split(";").map((section) => {
    const parts = section.split(":");
    return {
      names: parts[0].split("|"),
      fields: parts[1].split(",").map((field) => ({
        list: field.endsWith("*"),
        spellings: field
          .replace("*", "")
          .split("|")
          .flatMap((name) => [name, name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())]),
      })),
    };
  });

/** What somebody put onto a prototype of the language's is no field of anything, and no element. */
const get = (object, name) => (Object.hasOwn(object, name) || !(name in Array.prototype) ? object[name] : undefined);

/** The shape is the same each time. */
let shapeText;
let sections;

/**
 * What a tape keeps for WebAssembly, which looks at a window of it at a time: src/wire.rs, `trait Tape`.
 * @typedef {{
 *   cells: (window: number) => Uint32Array,
 *   texts: (from: number, lengths: Uint32Array) => string,
 *   size: () => number[],
 * }} Tape
 */

/**
 * @param {unknown} payload
 * @param {string} shape
 * @param {number} room how many places the payload may take: src/wire.rs, `MOST_PLACES`
 * @returns {Tape}
 */
export function read(payload, shape, room) {
  if (shape !== shapeText) {
    sections = parse(shape);
    shapeText = shape;
  }
  /** The window that is being filled, and those that are full. */
  let cells = new Uint32Array(SMALLEST_WINDOW);
  let used = 0;
  const windows = [];
  /** How many places are left. */
  let left = room;
  const texts = [""];
  const numbers = new Map([["", 0]]);
  let length = 0;
  /** Under which spelling the field is looked for that is being read. */
  let spelling = 0;
  /**
   * The last text of each place in a row, and its cell. Rows that follow each other often hold the same text, as another
   * string: comparing them costs less than looking the text up.
   */
  const lastTexts = Array(MOST_FIELDS).fill("");
  const lastCells = Array(MOST_FIELDS).fill(TEXT);

  const put = (cell) => {
    if (used === cells.length) {
      windows.push(cells);
      cells = new Uint32Array(Math.min(2 * used, LARGEST_WINDOW));
      used = 0;
    }
    cells[used++] = cell;
  };

  const take = (places) => {
    left -= places;
    if (left < 0) throw tooLarge;
  };

  const kindOf = (value) => {
    switch (typeof value) {
      case "undefined":
        return ABSENT;
      case "boolean":
        return value ? TRUE : FALSE;
      case "number":
        return NUMBER;
      case "object":
        return value === null ? NULL : Array.isArray(value) ? LIST : OBJECT;
      default:
        return OTHER;
    }
  };

  const cellOf = (value) => {
    if (typeof value !== "string") {
      const kind = kindOf(value);
      return kind === ABSENT ? ABSENT : kind | (spelling << KIND_BITS);
    }
    let number = numbers.get(value);
    if (number === undefined) {
      if (!isWellFormed(value)) return ILL_FORMED | (spelling << KIND_BITS);
      take(value.length + 4);
      length += value.length;
      number = texts.push(value) - 1;
      numbers.set(value, number);
    }
    // Not shifted, so that a number beyond 32 bits would not come out as another's.
    return TEXT + number * (1 << SPELLING_BITS) + spelling;
  };

  /** Writes a length, then elements until `write` says that one is wrong: nothing behind that one is looked at. */
  const writeList = (list, write) => {
    put(0);
    const window = cells;
    const at = used - 1;
    // Where reading throws, what is not readable stands as the last element.
    let count = 1;
    try {
      // A number at once: comparing with what a proxy gives may throw as well.
      const length = Number(list.length);
      // A proxy may say any length.
      if (length > left) throw tooLarge;
      count = 0;
      while (count < length && write(get(list, count++)));
    } finally {
      window[at] = count;
    }
  };

  const writeText = (element) => {
    take(1);
    const cell = cellOf(element);
    put(cell);
    return cell >= TEXT;
  };

  const writeFields = (row, fields) => {
    take(1 + fields.length);
    for (let at = 0; at < fields.length; at++) {
      const { list, spellings } = fields[at];
      let value = get(row, spellings[0]);
      for (let other = 1; value === undefined && other < spellings.length; other++) {
        // One word is the same in both cases.
        if (spellings[other] === spellings[other - 1]) continue;
        spelling = other;
        value = get(row, spellings[other]);
      }
      let cell = lastCells[at] + spelling;
      if (value !== lastTexts[at]) {
        cell = cellOf(value);
        if (cell >= TEXT) {
          lastTexts[at] = value;
          lastCells[at] = cell - spelling;
        }
      }
      put(cell);
      spelling = 0;
      if (list && (cell & 15) === LIST && cell < TEXT) writeList(value, writeText);
    }
  };

  const writeRows = (rows, fields) =>
    writeList(rows, (row) => {
      const cell = cellOf(row);
      put(cell);
      if (cell !== OBJECT) return false;
      writeFields(row, fields);
      return true;
    });

  const writeSection = (found, { names, fields }) => {
    const cell = cellOf(found);
    if (cell === LIST) {
      put(LIST);
      return writeRows(found, fields);
    }
    if (cell === OBJECT) {
      for (let at = 0; at < names.length; at++) {
        const name = names[at];
        const rows = name === "" ? undefined : get(found, name);
        if (rows !== undefined) {
          const cell = cellOf(rows);
          put(PAGE);
          put(at);
          put(cell);
          return cell === LIST ? writeRows(rows, fields) : undefined;
        }
      }
      put(OBJECT);
      return writeFields(found, fields);
    }
    return put(cell);
  };

  try {
    const isObject = kindOf(payload) === OBJECT;
    for (const section of sections) {
      for (const name of section.names) {
        if (name === "") writeSection(payload, section);
        else writeSection(isObject ? get(payload, name) : undefined, section);
      }
    }
  } catch (error) {
    // A getter or a proxy threw, or the room is used up: in the place of the cell that would come next.
    put((error === tooLarge ? TOO_LARGE : UNREADABLE) | (spelling << KIND_BITS));
  }
  windows.push(cells.subarray(0, used));

  return {
    cells: (window) => windows[window] ?? new Uint32Array(),
    texts(from, lengths) {
      const some = texts.slice(from, from + lengths.length);
      for (let at = 0; at < some.length; at++) lengths[at] = some[at].length;
      return some.join("");
    },
    size: () => [room - left, texts.length, length],
  };
}

/** As JavaScript does it: the tables for it weigh more than the rest of the package. */
export const lowerCase = (text) => text.toLowerCase();
