// Walks a JavaScript payload by the shape that src/wire.rs gives, and writes what it finds onto a tape: numbers, and each
// distinct text once. It judges nothing and calls nothing but the payload's own getters, each at most once, before the
// service is touched; so a getter may throw, or call back into the service. json.rs is its twin for JSON.

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
const KIND_BITS = 4;
const SPELLING_BITS = 3;
const TEXT = 256;

const loneSurrogate = /\p{Cs}/u;
const isWellFormed =
  "isWellFormed" in String.prototype ? (text) => text.isWellFormed() : (text) => !loneSurrogate.test(text);

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

/** More than any payload has, and few enough for an array; a proxy may say that it has more. */
const mostElements = 2 ** 26;

/** What somebody put onto a prototype of the language's is no field of anything, and no element. */
const get = (object, name) => (name in Array.prototype && !Object.hasOwn(object, name) ? undefined : object[name]);

/** The shape is the same each time. */
let shapeText;
let sections;

/**
 * @param {unknown} payload
 * @param {string} shape
 * @returns {{ cells: Uint32Array, texts: string, ends: Uint32Array }}
 */
export function read(payload, shape) {
  if (shape !== shapeText) {
    sections = parse(shape);
    shapeText = shape;
  }
  const cells = [];
  const numbers = new Map();
  /** Under which spelling the field is looked for that is being read. */
  let spelling = 0;

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
      number = numbers.size;
      numbers.set(value, number);
    }
    // Not shifted, so that a number beyond 32 bits would not come out as another's.
    return TEXT + number * (1 << SPELLING_BITS) + spelling;
  };

  /** Writes a length, then elements until `write` says that one is wrong: nothing behind that one is looked at. */
  const writeList = (list, write) => {
    const at = cells.push(0) - 1;
    // Where reading throws, what is not readable stands as the last element.
    let count = 1;
    try {
      // A number at once: comparing with what a proxy gives may throw as well.
      const length = Number(list.length);
      if (length > mostElements) throw new RangeError();
      count = 0;
      while (count < length && write(get(list, count++)));
    } finally {
      cells[at] = count;
    }
  };

  const writeText = (element) => {
    const cell = cellOf(element);
    cells.push(cell);
    return cell >= TEXT;
  };

  const writeFields = (row, fields) => {
    for (let at = 0; at < fields.length; at++) {
      const { list, spellings } = fields[at];
      let value = get(row, spellings[0]);
      for (let other = 1; value === undefined && other < spellings.length; other++) {
        // Of a single word both spellings are the same.
        if (spellings[other] === spellings[other - 1]) continue;
        spelling = other;
        value = get(row, spellings[other]);
      }
      const cell = cellOf(value);
      cells.push(cell);
      spelling = 0;
      if (list && (cell & 15) === LIST && cell < TEXT) writeList(value, writeText);
    }
  };

  const writeRows = (rows, fields) =>
    writeList(rows, (row) => {
      const cell = cellOf(row);
      cells.push(cell);
      if (cell !== OBJECT) return false;
      writeFields(row, fields);
      return true;
    });

  const writeSection = (found, { names, fields }) => {
    const cell = cellOf(found);
    if (cell === LIST) {
      cells.push(LIST);
      return writeRows(found, fields);
    }
    if (cell === OBJECT) {
      for (let at = 0; at < names.length; at++) {
        const rows = names[at] === "" ? undefined : get(found, names[at]);
        if (rows !== undefined) {
          const cell = cellOf(rows);
          cells.push(PAGE, at, cell);
          return cell === LIST ? writeRows(rows, fields) : undefined;
        }
      }
      cells.push(OBJECT);
      return writeFields(found, fields);
    }
    return cells.push(cell);
  };

  try {
    const isObject = kindOf(payload) === OBJECT;
    for (const section of sections) {
      for (const name of section.names) {
        if (name === "") writeSection(payload, section);
        else writeSection(isObject ? get(payload, name) : undefined, section);
      }
    }
  } catch {
    // A getter or a proxy threw: in the place of the cell that would come next.
    cells.push(UNREADABLE | (spelling << KIND_BITS));
  }

  const texts = [...numbers.keys()];
  const joined = texts.join("");
  const encoder = new TextEncoder();
  const isAscii = encoder.encode(joined).length === joined.length;
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let number = 0; number < texts.length; number++) {
    end += isAscii ? texts[number].length : encoder.encode(texts[number]).length;
    ends[number] = end;
  }
  // Not Uint32Array.from, which takes a step of an iterator for each element.
  return { cells: new Uint32Array(cells), texts: joined, ends };
}

/** As JavaScript does it: the tables for it weigh more than the rest of the package. */
export const lowerCase = (text) => text.toLowerCase();
