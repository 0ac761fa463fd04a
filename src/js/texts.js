// The texts of a service by their numbers, for the model in WebAssembly, which has the numbers alone: reading payloads into
// numbers, and putting answers into words. It judges nothing. A payload's own getters run here, each at most once, and the
// traps of its proxies, before the service is touched; so they may throw, or call back into the service. src/json.rs and
// src/names.rs are its twins in Rust.

/** What a place of a payload holds; src/wire.rs, `mod cell`, tells what the numbers mean. */
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

/** What is no phrase in an answer; src/answer.rs, `mod cell`. From `TEXT` on there are texts here, too. */
const SAY_SECTION = 251;
const SAY_PATH = 252;
const SAY_ROW = 253;
const SAY_NUMBER = 254;
const SAY_LIST = 255;

/** How many fields a row has at most. */
const MOST_FIELDS = 4;

/** How many cells the first window of a tape has, and the largest: each has twice as many as the one before. */
const SMALLEST_WINDOW = 1 << 8;
const LARGEST_WINDOW = 1 << 16;

/** How long a text may be, in UTF-16 units: a thousand warnings that each name one still fit into a text. */
export const LONGEST = 1 << 16;

/** How much of texts is kept without a look at whether it is needed: characters, and as much again for each text. */
const LEAST = 1 << 13;
const EACH = 32;

/** Whether a text has no lone surrogate. */
export const isWellFormed =
  "isWellFormed" in String.prototype ? (text) => text.isWellFormed() : (text) => !/\p{Cs}/u.test(text);

// As it was at the start, whatever a page makes of it later.
const { stringify } = JSON;

/** Thrown where a payload is beyond what a load may hold. */
const tooLarge = {};

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

/** What somebody put onto a prototype of the language's is no field of anything, and no element. */
const own = (object, name) => (Object.hasOwn(object, name) || !(name in Array.prototype) ? object[name] : undefined);

/** The same where nobody has: looked at once before a payload is read, since a look for each field is an eighth of reading it. */
const plain = (object, name) => object[name];

/** The tables are the same each time. */
let known;

/** The tables taken apart: the words; the phrases; the sections, with the spellings of each field. */
const parse = ({ words, phrases, shape }) => {
  const sections = shape.split(";").map((section) => {
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
  return {
    words: words.split("|"),
    phrases: phrases.split("|"),
    sections,
    /** What is asked of a payload. */
    names: sections.flatMap(({ names, fields }) => [...names, ...fields.flatMap(({ spellings }) => spellings)]),
  };
};

/** Eight hexadecimal digits. */
const digits = (number) => (number >>> 0).toString(16).padStart(8, "0");
const random = () => Math.random() * 2 ** 32;

export class Texts {
  /** What was read and is being loaded. */
  reading;
  /** How many hold numbers of texts that the model does not know of (yet): while they do, none may be forgotten. */
  holders = 0;
  #tables;
  /** Each at the place of its number, `undefined` where a number is free. */
  #texts;
  #numbers;
  #free = [];
  /** How much the texts take, and when to look which of them are needed still. */
  #size = 0;
  #limit = LEAST;
  #seed = digits(random()) + digits(random()) + digits(random());
  #made = random();

  constructor(tables) {
    known ??= parse(tables);
    this.#tables = known;
    this.#texts = known.words.slice();
    this.#numbers = new Map(known.words.map((word, number) => [word, number]));
  }

  /** Makes these the texts of the functions below. */
  enter() {
    entered = this;
  }

  /** The number of a well-formed text, a new one if it has none yet. */
  number(text) {
    return this.#numbers.get(text) ?? this.#add(text);
  }

  /** Gives a text its number. */
  #add(text) {
    const number = this.#free.pop() ?? this.#texts.length;
    this.#texts[number] = text;
    this.#numbers.set(text, number);
    this.#size += text.length + EACH;
    return number;
  }

  /** Whether it is time to look which texts are needed still. */
  get isDue() {
    return this.#size > this.#limit && this.holders === 0;
  }

  /** Keeps the texts whose bits are set, behind the first word, and forgets all others. */
  keep(bits) {
    const texts = this.#texts;
    for (let number = 0; number < texts.length; number++) {
      const text = texts[number];
      if (text === undefined || (bits[(number >> 5) + 1] >> (number & 31)) & 1) continue;
      this.#numbers.delete(text);
      texts[number] = undefined;
      this.#free.push(number);
      this.#size -= text.length + EACH;
    }
    this.grow();
  }

  /** All that is there is needed: time enough once there is as much again. */
  grow() {
    this.#limit = Math.max(LEAST, 2 * this.#size);
  }

  /** Whether the two are the same but for their case. */
  alike(one, other) {
    return this.#texts[one].toLowerCase() === this.#texts[other].toLowerCase();
  }

  letters(text) {
    return [...this.#texts[text]].length;
  }

  /** `RL` and 32 hexadecimal digits that are no text yet. Counted, so that one is found whatever `Math.random` gives. */
  newSid() {
    let sid;
    do {
      sid = `RL${this.#seed}${digits(this.#made++)}`;
    } while (this.#numbers.has(sid));
    return this.number(sid);
  }

  /**
   * Walks a payload by the shape that src/wire.rs gives, and writes what it finds onto a tape: small numbers, and texts by
   * theirs.
   */
  read(payload, room) {
    const { sections, names } = this.#tables;
    const numbers = this.#numbers;
    const get = names.some((name) => name in Array.prototype) ? own : plain;
    const windows = [];
    let cells = new Uint32Array(SMALLEST_WINDOW);
    let used = 0;
    let left = room;
    let fresh = 0;
    /** Which spelling of a field is being read. */
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

    const cellOf = (value) => {
      if (typeof value !== "string") {
        const kind = kindOf(value);
        return kind === ABSENT ? ABSENT : kind | (spelling << KIND_BITS);
      }
      let number = numbers.get(value);
      if (number === undefined) {
        if (value.length > LONGEST) throw tooLarge;
        if (!isWellFormed(value)) return ILL_FORMED | (spelling << KIND_BITS);
        take(value.length + 4);
        fresh++;
        number = this.#add(value);
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
        while (count < length && write(own(list, count++)));
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
    return { windows, places: room - left, fresh };
  }

  /** What an answer says, behind its first cell, as JSON. */
  say(cells) {
    const { phrases, sections } = this.#tables;
    let at = 1;

    const nextFew = (count) => {
      const parts = [];
      for (let part = 0; part < count; part++) parts.push(next());
      return parts;
    };

    const next = () => {
      const cell = cells[at++];
      if (cell >= TEXT) return stringify(this.#texts[cell - TEXT]).slice(1, -1);
      switch (cell) {
        case SAY_NUMBER:
          return `${cells[at++]}`;
        case SAY_LIST:
          return nextFew(cells[at++]).join(", ");
        case SAY_PATH: {
          const { names, fields } = sections[cells[at++]];
          let path = names[cells[at++]];
          const page = cells[at++];
          if (page) path += `.${names[page - 1]}`;
          const row = cells[at++];
          if (row) path += `[${row - 1}]`;
          const field = cells[at++];
          const spelling = cells[at++];
          if (field) {
            const { spellings } = fields[field - 1];
            path += `${path && "."}${spellings[spelling] ?? spellings[0]}`;
          }
          const element = cells[at++];
          return element ? `${path}[${element - 1}]` : path;
        }
        case SAY_ROW: {
          const { fields } = sections[cells[at++]];
          const naming = cells[at++];
          const written = [];
          for (let field = 0; field < fields.length; field++) {
            const { spellings } = fields[field];
            const part = next();
            const name = naming > 1 ? spellings[1] : (spellings[2 * naming] ?? spellings[0]);
            if (part) written.push(`"${name}":${part}`);
          }
          return `{${written.join(",")}}`;
        }
        case SAY_SECTION: {
          const section = cells[at++];
          const { names } = sections[section];
          const name = names[cells[at++]] ?? names[0];
          if (cells[at] !== SAY_LIST) return `"${name}":${next()}`;
          at++;
          const rows = nextFew(cells[at++]);
          // So that equal services have equal snapshots, in whatever order their rows came. Actions stay in theirs.
          return `"${name}":[${section > 1 ? rows.sort() : rows}]`;
        }
        default: {
          const parts = phrases[cell].split("$");
          let said = parts[0];
          for (let gap = 1; gap < parts.length; gap++) said += next() + parts[gap];
          return said;
        }
      }
    };

    return next();
  }
}

/** The texts of the service whose model is being asked. */
let entered;

// What src/js/mod.rs asks for while it runs.
export const alike = (one, other) => entered.alike(one, other);
export const letters = (text) => entered.letters(text);
export const newSid = () => entered.newSid();
export const width = (window) => entered.reading.windows[window]?.length ?? 0;
export const fill = (cells, window) => cells.set(entered.reading.windows[window] ?? []);
export const places = () => entered.reading.places;
export const fresh = () => entered.reading.fresh;
