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
const TEXT = 256;

const loneSurrogate = /\p{Cs}/u;

/** Stands for a value whose getter or proxy threw; it is never itself put on the tape. */
const unreadable = Symbol("unreadable");

const get = (object, key) => {
  try {
    return object[key];
  } catch {
    return unreadable;
  }
};

/** A revoked proxy throws when it is asked. */
const isList = (value) => {
  try {
    return Array.isArray(value);
  } catch {
    return unreadable;
  }
};

/**
 * The sections: their names, and for each field its spellings and whether it holds a list.
 * @param {string} shape
 */
const parse = (shape) =>
  shape.split(";").map((section) => {
    const [names, fields] = section.split(":");
    return {
      names: names.split("|"),
      fields: fields.split(",").map((field) => ({
        list: field.endsWith("*"),
        spellings: field
          .replace("*", "")
          .split("|")
          .flatMap((name) => [name, name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())]),
      })),
    };
  });

/**
 * @param {unknown} payload
 * @param {string} shape
 * @returns {{ cells: Uint32Array, texts: string, ends: Uint32Array }}
 */
export function read(payload, shape) {
  const cells = [];
  const numbers = new Map();

  const kindOf = (value) => {
    switch (typeof value) {
      case "undefined":
        return ABSENT;
      case "boolean":
        return value ? TRUE : FALSE;
      case "number":
        return NUMBER;
      case "object": {
        if (value === null) return NULL;
        const list = isList(value);
        return list === unreadable ? UNREADABLE : list ? LIST : OBJECT;
      }
      default:
        return value === unreadable ? UNREADABLE : OTHER;
    }
  };

  const cellOf = (value, spelling = 0) => {
    if (typeof value !== "string") {
      const kind = kindOf(value);
      return kind === ABSENT ? ABSENT : kind | (spelling << KIND_BITS);
    }
    let number = numbers.get(value);
    if (number === undefined) {
      if (loneSurrogate.test(value)) return ILL_FORMED | (spelling << KIND_BITS);
      number = numbers.size;
      numbers.set(value, number);
    }
    return TEXT + number;
  };

  /** Writes a length, then elements until `write` says that one is wrong: nothing behind that one is looked at. */
  const writeList = (list, write) => {
    const at = cells.push(0) - 1;
    const length = get(list, "length");
    if (length === unreadable) {
      cells[at] = 1;
      cells.push(UNREADABLE);
      return;
    }
    let count = 0;
    while (count < length && write(get(list, count++)));
    cells[at] = count;
  };

  const writeFields = (row, fields) => {
    for (const { list, spellings } of fields) {
      let value;
      let spelling = 0;
      for (; spelling < spellings.length; spelling++) {
        value = get(row, spellings[spelling]);
        if (value !== undefined) break;
      }
      const cell = cellOf(value, spelling);
      cells.push(cell);
      if (list && cell < TEXT && (cell & 15) === LIST) {
        writeList(value, (element) => {
          const cell = cellOf(element);
          cells.push(cell);
          return cell >= TEXT;
        });
      }
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
      for (const [at, name] of names.entries()) {
        const rows = name === "" ? undefined : get(found, name);
        if (rows === unreadable) return cells.push(UNREADABLE);
        if (kindOf(rows) === LIST) {
          cells.push(PAGE, at);
          return writeRows(rows, fields);
        }
      }
      cells.push(OBJECT);
      return writeFields(found, fields);
    }
    return cells.push(cell);
  };

  const isObject = kindOf(payload) === OBJECT;
  for (const section of parse(shape)) {
    for (const name of section.names) {
      if (name === "") writeSection(payload, section);
      else writeSection(isObject ? get(payload, name) : undefined, section);
    }
  }

  const texts = [...numbers.keys()];
  const joined = texts.join("");
  const encoder = new TextEncoder();
  const isAscii = encoder.encode(joined).length === joined.length;
  let end = 0;
  const ends = Uint32Array.from(texts, (text) => (end += isAscii ? text.length : encoder.encode(text).length));
  return { cells: Uint32Array.from(cells), texts: joined, ends };
}
