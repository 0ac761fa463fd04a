// The texts of a service by their numbers, beside src/names.rs: with tables of their own, so that each count can be told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LONGEST, module, Texts } from "../../pkg/texts.js";

/** The empty text and two words; one section with a list among its fields. */
const tables = { words: "|one|two", phrases: "null|$", shape: "rows|items:sid,full_name,parts*" };
const FIRST = 3;

/** What a text takes beside its letters, and how much is kept without a look; see src/js/texts.js. */
const EACH = 32;
const LEAST = 2 ** 13;
/** What a payload's text takes beside its letters, and what a row does beside its fields. */
const TEXT = 4;
const ROW = 1;

/** A bit for each number, behind a cell that says something else. */
function bits(...numbers) {
  const words = new Uint32Array(1 + Math.max(1, ...numbers.map((number) => (number >> 5) + 1)));
  for (const number of numbers) words[1 + (number >> 5)] |= 1 << (number & 31);
  return words;
}

describe("texts", () => {
  test("have numbers, those of the words first", () => {
    const texts = new Texts(tables);
    const table = [
      ["", 0],
      ["two", 2],
      ["three", FIRST],
      ["constructor", FIRST + 1],
      ["three", FIRST],
    ];
    for (const [text, number] of table) assert.equal(texts.number(text), number, text);
  });

  test("give back the numbers of those that are not kept, and keep all others", () => {
    const texts = new Texts(tables);
    const names = Array.from({ length: 70 }, (_, at) => `name ${at}`);
    const numbers = names.map((name) => texts.number(name));
    // Every third one, also where the words of bits end.
    const kept = numbers.filter((_, at) => at % 3 === 0);
    texts.keep(bits(0, 1, 2, ...kept));
    for (const [at, name] of names.entries()) if (at % 3 === 0) assert.equal(texts.number(name), numbers[at], name);
    const given = Array.from({ length: 46 }, (_, at) => texts.number(`other ${at}`));
    assert.deepEqual(
      given.toSorted((one, other) => one - other),
      numbers.filter((_, at) => at % 3 !== 0),
    );
    assert.equal(texts.number("one more"), FIRST + 70);
    // A number that is free already is not given back again.
    for (let round = 0; round < 3; round++) texts.keep(bits(0, 1, 2));
    const all = Array.from({ length: 100 }, (_, at) => texts.number(`${at}`));
    assert.equal(new Set(all).size, 100);
  });

  test("are looked at once there is as much again as was kept, unless somebody holds some", () => {
    const texts = new Texts(tables);
    // So that they come to just as much as there may be.
    const length = LEAST / 64 - EACH;
    let made = 0;
    const add = () => texts.number(String(made++).padStart(length, "0"));
    const untilDue = () => {
      const before = made;
      while (!texts.isDue) add();
      return made - before;
    };
    const first = 64 + 1;
    assert.equal(untilDue(), first);
    texts.holders++;
    assert.equal(texts.isDue, false);
    texts.holders--;
    assert.equal(texts.isDue, true);

    // All are kept: as many again.
    texts.keep(bits(0, 1, 2, ...Array.from({ length: made }, (_, at) => FIRST + at)));
    assert.equal(texts.isDue, false);
    assert.equal(untilDue(), first + 1);
    // Only the words are kept: as at the start.
    texts.keep(bits(0, 1, 2));
    assert.equal(untilDue(), first);
    texts.grow();
    assert.equal(texts.isDue, false);
    assert.equal(untilDue(), first + 1);
  });

  test("get new SIDs that no text has", () => {
    const texts = new Texts(tables);
    const { random } = Math;
    // The worst that it can give.
    Math.random = () => 0;
    const twin = new Texts(tables);
    const third = new Texts(tables);
    Math.random = random;
    const numbers = new Set();
    for (let turn = 0; turn < 100; turn++) numbers.add(texts.newSid());
    assert.deepEqual(
      [...numbers],
      Array.from({ length: 100 }, (_, at) => FIRST + at),
    );
    // One that is there already is passed over.
    assert.equal(twin.number(`RL${"0".repeat(31)}1`), FIRST);
    assert.equal(twin.newSid(), FIRST + 1);
    assert.equal(twin.newSid(), FIRST + 2);
    assert.equal(twin.number(`RL${"0".repeat(32)}`), FIRST + 1);
    assert.equal(twin.number(`RL${"0".repeat(31)}2`), FIRST + 2);
    assert.equal(third.newSid(), FIRST);
  });
});

describe("a payload that is read", () => {
  const sid = "a".repeat(10);
  const name = "b".repeat(20);
  const parts = ["one", "c".repeat(30), "two"];
  const payload = { rows: [{ sid, fullName: name, parts }, { sid }], items: [{ sid: "one" }] };
  // A row has three fields; of the texts, three are new, and each element of the list takes one.
  const places = 3 * (ROW + 3) + 10 + 20 + 30 + 3 * TEXT + 3;
  const tape = ({ windows }) => windows.flatMap((window) => [...window]);

  test("says what it takes, and how many texts are new", () => {
    const texts = new Texts(tables);
    const reading = texts.read(payload, places);
    assert.deepEqual([reading.places, reading.fresh], [places, 3]);
    const again = texts.read(payload, places);
    assert.deepEqual([again.places, again.fresh], [places - 60 - 3 * TEXT, 0]);
    assert.deepEqual(tape(again), tape(reading));
  });

  test("is read as far as there is room", () => {
    const whole = tape(new Texts(tables).read(payload, places));
    for (let room = 0; room < places; room++) {
      const cells = tape(new Texts(tables).read(payload, room));
      assert.equal(cells.at(-1) & 15, 12, `room for ${room}`);
      assert.ok(cells.length <= whole.length, `room for ${room}`);
    }
    assert.notEqual(whole.at(-1) & 15, 12);
  });

  test("is written down cell by cell", () => {
    const text = (number, spelling = 0) => 256 + 8 * number + spelling;
    const [absent, none, number, object, list, page] = [0, 1, 4, 5, 6, 10];
    const [a, b] = [FIRST, FIRST + 1];
    const table = [
      // Nothing under either name of the section.
      [{}, [absent, absent]],
      [null, [absent, absent]],
      [{ rows: null, items: "a" }, [none, text(a)]],
      [{ rows: [] }, [list, 0, absent]],
      [{ rows: [{ sid: "a" }, { sid: "b" }] }, [list, 2, object, text(a), 0, 0, object, text(b), 0, 0, absent]],
      // The same text under another spelling, and under the first again.
      [
        { rows: [{ fullName: "a" }, { full_name: "a" }, { fullName: "a" }] },
        [list, 3, object, 0, text(a, 1), 0, object, 0, text(a), 0, object, 0, text(a, 1), 0, absent],
      ],
      [{ rows: [{ fullName: null }] }, [list, 1, object, 0, none | (1 << 4), 0, absent]],
      [{ rows: [{ sid: "" }, { sid: "" }] }, [list, 2, object, text(0), 0, 0, object, text(0), 0, 0, absent]],
      [{ rows: [{ parts: ["", "a", "one"] }] }, [list, 1, object, 0, 0, list, 3, text(0), text(a), text(1), absent]],
      // Behind what is wrong nothing is looked at; where no list is expected, none is looked into.
      [{ rows: [{ parts: ["a", 5, "b"] }] }, [list, 1, object, 0, 0, list, 2, text(a), number, absent]],
      [{ rows: [5, { sid: "a" }] }, [list, 1, number, absent]],
      [{ rows: [{ sid: ["a"] }] }, [list, 1, object, list, 0, 0, absent]],
      // A page under either name, or a row alone.
      [{ rows: { items: [{ sid: "a" }] } }, [page, 1, list, 1, object, text(a), 0, 0, absent]],
      [{ items: { rows: [5] } }, [absent, page, 0, list, 1, number]],
      [{ rows: { rows: 5 } }, [page, 0, number, absent]],
      [{ rows: { sid: "a" } }, [object, text(a), 0, 0, absent]],
      // Not the name of a field or of a section, though a program may take it for one.
      [{ rows: [{ undefined: "a" }], undefined: [] }, [list, 1, object, 0, 0, 0, absent]],
      [{ rows: { undefined: [{ sid: "a" }] } }, [object, 0, 0, 0, absent]],
    ];
    for (const [payload, cells] of table) {
      assert.deepEqual(tape(new Texts(tables).read(payload, 2 ** 26)), cells, JSON.stringify(payload));
    }
  });

  test("is asked for each name once, and for no other", () => {
    const asked = [];
    const row = new Proxy(
      {},
      {
        get: (_, name) => void asked.push(name),
        has: () => false,
      },
    );
    new Texts(tables).read({ rows: [row] }, 2 ** 26);
    assert.deepEqual(asked, ["sid", "full_name", "fullName", "parts"]);
  });

  test("ends at a list that says that it is longer than there is room", () => {
    const list = (length) =>
      new Proxy([], { get: (target, key) => (key === "length" ? length : Reflect.get(target, key)) });
    const room = 100;
    for (const [length, expected] of [
      // Its first row is none.
      [room, [6, 1, 0, 0]],
      [room + 1, [6, 1, 12]],
      [Infinity, [6, 1, 12]],
    ]) {
      const cells = tape(new Texts(tables).read({ rows: list(length) }, room));
      assert.deepEqual(cells, expected, `${length}`);
    }
  });

  test("comes in windows, each twice as large as the one before", () => {
    const rows = Array.from({ length: 200_000 }, () => ({ sid }));
    const { windows } = new Texts(tables).read({ rows }, 2 ** 26);
    const sizes = windows.map(({ length }) => length);
    assert.deepEqual(sizes.slice(0, 11), [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 65_536, 65_536]);
    // A cell for the list, one for its length, and four for each row; and one for the section under its other name.
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      3 + 4 * rows.length,
    );
  });

  test("has a text as long as one may be, and none longer", () => {
    const longest = "x".repeat(LONGEST);
    for (const [text, found] of [
      [longest, 8 * FIRST + 256],
      [`${longest}x`, 12],
      [`${longest}\ud800`, 12],
      ["\ud800", 9],
    ]) {
      const cells = tape(new Texts(tables).read({ rows: [{ sid: text }] }, 2 ** 26));
      assert.equal(cells[3], found, text.slice(-2));
    }
  });

  test("has no text with a lone surrogate, whether or not the engine knows by itself", async () => {
    const { isWellFormed } = String.prototype;
    const found = {};
    for (const knows of [true, false]) {
      if (!knows) delete String.prototype.isWellFormed;
      try {
        // Which of the two it is to be is looked up when the module is run.
        const { Texts } = await import(new URL(`../../pkg/${module}?knows=${knows}`, import.meta.url));
        const texts = ["a", "\u{1f600}", "\ud800", "a\udc00b", "\ud83da", "\ude00\ud83d"];
        found[knows] = texts.map((sid) => tape(new Texts(tables).read({ rows: [{ sid }] }, 1000))[3]);
      } finally {
        String.prototype.isWellFormed = isWellFormed;
      }
    }
    const text = 256 + 8 * FIRST;
    assert.deepEqual(found, { true: [text, text, 9, 9, 9, 9], false: [text, text, 9, 9, 9, 9] });
  });
});
