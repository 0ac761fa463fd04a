// Where a JSON text is wrong, and where in it a path leads.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { JsonSyntaxError, locate, parse } from "../../www/json-source.js";

describe("text that is not JSON", () => {
  for (const [text, line, column, words] of [
    ["", 1, 1, "the text ends here, and a value belongs here"],
    ['{"roles": [}', 1, 12, "a value belongs here"],
    ['{"roles": []', 1, 13, 'the text ends here, and "," or "}" belongs here'],
    ['{\n  "a": 1,\n}', 3, 1, "a comma with nothing after it"],
    ["[1,\n2,\n]", 3, 1, "a comma with nothing after it"],
    ["{a: 1}", 1, 2, "a key in double quotes belongs here"],
    ["{'a': 1}", 1, 2, "a key in double quotes belongs here"],
    ['{"a" 1}', 1, 6, "a colon belongs after the key"],
    ["[1 2]", 1, 4, '"," or "]" belongs here'],
    ['["a\nb"]', 1, 2, "a string that does not end, or holds a character it must escape"],
    ['["\\x"]', 1, 2, "a string that does not end, or holds a character it must escape"],
    ["[01]", 1, 3, '"," or "]" belongs here'],
    ["[] []", 1, 4, "the JSON value has ended, and more text follows"],
    ["undefined", 1, 1, "a value belongs here"],
    ["[\r\n  tru\r\n]", 2, 3, "a value belongs here"],
  ]) {
    test(`${JSON.stringify(text)} is wrong in line ${line}, column ${column}`, () => {
      assert.throws(
        () => parse(text),
        (error) => {
          assert(error instanceof JsonSyntaxError);
          assert.deepEqual([error.line, error.column], [line, column]);
          assert.equal(error.message, `Line ${line}, column ${column}: ${words}.`);
          return true;
        },
      );
    });
  }
});

describe("text that is JSON", () => {
  for (const text of [
    "null",
    " [ ] ",
    '{"a":{"b":[1,-2.5e+3,true,false,null,"\\u00e9\\n"]}}',
    '"\u007f\u2028 \ud83d\ude00"',
    '{"__proto__":{"a":1},"":0}',
  ]) {
    test(`${text} is read as JSON.parse reads it, and located as a whole`, () => {
      assert.deepEqual(parse(text), JSON.parse(text));
      const { start, end } = locate(text, "");
      assert.deepEqual(JSON.parse(text.slice(start, end)), JSON.parse(text));
    });
  }
});

describe("a path", () => {
  const text = JSON.stringify(
    {
      roles: { meta: { page: 0 }, roles: [{ sid: "RL1", permissions: ["sendMessage", 7] }] },
      users: [{ identity: "ada" }],
      "a.b": { "": [true] },
      ["__proto__"]: { sid: 1 },
    },
    null,
    2,
  );
  for (const [path, found] of [
    ["roles.roles[0].permissions[1]", "7"],
    ["roles.roles[0].sid", '"RL1"'],
    ["roles.meta.page", "0"],
    ["users[0].identity", '"ada"'],
    ["users[0]", '{\n      "identity": "ada"\n    }'],
    ["users[0].roleSid", '{\n      "identity": "ada"\n    }'],
    ["users[3].identity", '[\n    {\n      "identity": "ada"\n    }\n  ]'],
    ['["a.b"][""][0]', "true"],
    ["__proto__.sid", "1"],
  ]) {
    test(`${path} leads to ${JSON.stringify(found)}`, () => {
      const { start, end } = locate(text, path);
      assert.equal(text.slice(start, end), found);
    });
  }
});
