// The figures in docs/testing.md: each between a comment that names the command and `<!-- end -->`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { read, root, Stop } from "./run.mjs";

const page = join(root, "docs", "testing.md");

/** When a command has found something out, and of which sources: those of its last commit unless it says otherwise. */
function occasion() {
  const commit = read("git", ["rev-parse", "--short=10", "HEAD"])?.trim() ?? "none";
  // But for this page, which the figures before these may have changed.
  const changes = read("git", ["status", "--porcelain", "--", ".", ":!docs/testing.md"]);
  const changed = changes === "" ? "" : ", with changes that were not committed";
  return `Measured on ${new Date().toISOString().slice(0, 10)} at commit \`${commit}\`${changed}.`;
}

/** Writes what a command has found out in its place on the page, with the occasion. */
export function writeFigures(command, text) {
  const before = readFileSync(page, "utf8");
  const [start, end] = [`<!-- written by ${command} -->\n`, "\n<!-- end -->"];
  const from = before.indexOf(start);
  const to = before.indexOf(end, from);
  if (from < 0 || to < 0) throw new Stop(`docs/testing.md has no place for ${command}.`);
  const dated = `${text}\n\n${occasion()}`;
  writeFileSync(page, `${before.slice(0, from + start.length)}\n${dated}\n${before.slice(to)}`);
  console.log(dated);
}

/** A table in Markdown. */
export const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Of so many, how many: in percent with one digit, rounded down, so that 100 is all. */
export const percent = (part, whole) =>
  whole === 0 ? "–" : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`;
