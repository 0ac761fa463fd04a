// The pages of documentation, and the blocks of code in them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/run.mjs";

export const read = (path) => readFileSync(join(root, path), "utf8");

/** The pages that show how to use the package. npm's page is made of the README. */
export const manuals = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/**
 * The blocks of a page, in order. `kind` is what follows the fence, such as `js` or `js bundled`; `file` is the name in the
 * first line of a block that is a file, `included` the path of the file that the block shows or is, `recipe` the same where it
 * is a recipe that tests/frameworks/ runs.
 */
export const blocksOf = (page) =>
  [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ index, input, 1: kind, 2: source }) => {
    const before = input.slice(0, index);
    const line = before.split("\n").length;
    const [, isRecipe, included] = /<!-- (?:file|(recipe)): (\S+) -->\n+$/.exec(before) ?? [];
    const recipe = isRecipe && included;
    const file = /^\/\/ ([\w-]+\.jsx?)\n/.exec(source)?.[1];
    return { page, line, kind, source, file, included, recipe, name: `${page}, line ${line}` };
  });

/** Compares a file with what it should be; with `UPDATE=1`, writes it first. */
export function check(path, expected) {
  if (process.env.UPDATE) writeFileSync(join(root, path), expected);
  assert.equal(read(path), expected, `${path} is out of date: UPDATE=1 npm test -- package`);
}

/** A page with the files that it shows, each in a block behind `<!-- file: path -->`, as they are now. */
export const withFiles = (page) =>
  read(page).replaceAll(
    /(<!-- file: (\S+) -->\n+```[^\n]*\n)[\s\S]*?(^```$)/gm,
    (_, start, path, end) => `${start}${read(path)}${end}`,
  );
