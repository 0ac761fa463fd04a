// The figures of `npm run test:hostile`, for docs/testing.md.

import { table, writeFigures } from "../../scripts/testing-page.mjs";

const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKitGTK" };

const said = (count) => count.toLocaleString("en");
const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);

/** What one place says of its functions, every place says of the same. */
const functions = (rows) => sum([...new Map(rows.map((row) => [row.entry, row])).values()], "functions");

/** A row of counts. */
const counted = (name, rows) => [
  name,
  ...[functions(rows), ...["calls", "refused", "answered", "judged", "compared"].map((key) => sum(rows, key))].map(
    said,
  ),
];

/** Writes what was withstood: `rows`, one for each place and each entry point. */
export function writeAttacks(rows, { cases, seed }) {
  const by = (key, show) =>
    [...new Set(rows.map((row) => row[key]))].map((name) =>
      counted(
        show(name),
        rows.filter((row) => row[key] === name),
      ),
    );
  const head = ["functions", "calls", "refused", "answered", "judged", "compared"];
  writeFigures(
    "`npm run test:hostile`",
    [
      `${said(cases)} calls of each function in each place, \`HOSTILE_SEED=${seed}\`:`,
      table(["where", ...head], [...by("where", (name) => NAMES[name] ?? name), counted("all", rows)]),
      table(
        ["entry point, everywhere", ...head],
        by("entry", (name) => `\`${name}\``),
      ),
    ].join("\n\n"),
  );
}
