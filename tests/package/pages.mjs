// The pages of documentation, and the blocks of code in them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/run.mjs";

export const read = (path) => readFileSync(join(root, path), "utf8");

const docs = existsSync(join(root, "docs")) ? readdirSync(join(root, "docs"), { recursive: true }) : [];

/** The pages that show how to use the package. */
export const manuals = [
  "README.md",
  "pkg-template/README.md",
  ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
];

/** The blocks of a page, in order; `kind` is what follows the fence, such as `js` or `js bundled`. */
export const blocksOf = (page) =>
  [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ index, input, 1: kind, 2: source }) => {
    const line = input.slice(0, index).split("\n").length;
    return { page, line, kind, source, name: `${page}, line ${line}` };
  });
