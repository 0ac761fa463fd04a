// The measurements as Markdown.
import { contenders } from "./all.mjs";

const ours = contenders[0].name;
const ofRows = `${ours}, canEach`;

/** Three digits, in the unit that suits. */
function duration(milliseconds) {
  const [value, unit] =
    milliseconds >= 1
      ? [milliseconds, "ms"]
      : milliseconds >= 0.001
        ? [milliseconds * 1e3, "µs"]
        : [milliseconds * 1e6, "ns"];
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
}

const times = (ratio) => `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(2)} ×`;
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const grouped = (count) => count.toLocaleString("en");
const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) =>
  [line(head), line(head.map((_, column) => (column < 2 ? "---" : "---:"))), ...rows.map(line), ""].join("\n");

/** A row's heading, and what was measured under it. */
const timed = [
  ["one check, 1 channel", "check/1"],
  ["one check, one of 1,000 channels", "check/1000"],
  ["one check of a message's author, 1 channel", "checkOwned/1"],
  ["the same, one of 1,000 channels", "checkOwned/1000"],
  ["1,000 messages × 4 actions, 1 channel", "render/1"],
  ["the same in one of 1,000 channels", "render/1000"],
  ["the same spread over 1,000 channels", "renderSpread/1000"],
  ["load 4 roles, 1 membership", "load/4"],
  ["load 1,000 roles, 10,000 memberships", "load/1000"],
];
const afterInit = `${ours}, after init`;
const started = [
  ["first check after import, fresh page or process", "first", (name) => name !== ofRows && name],
  ["first check after `await init()`", "first", (name) => name === ours && afterInit],
  ["first list of 4,000 answers, cold", "list", (name) => name],
];

function benchmark(measured) {
  const names = [ours, ofRows, ...contenders.slice(1).map(({ name }) => name)];
  const rows = (heading, cellOf) =>
    measured.map((one) => [heading, one.name, ...names.map((name) => cellOf(one, name) ?? "")]);
  const cell = ({ time, ratio }) => `${duration(time)}, ${times(ratio)}`;
  return table(
    ["", "", ...names],
    [
      ...timed.flatMap(([heading, key]) =>
        rows(heading, (one, name) => one.times[key][name] && cell(one.times[key][name])),
      ),
      ...started.flatMap(([heading, key, programOf]) =>
        rows(heading, ({ start }, name) => {
          const program = start[programOf(name)];
          return program && duration(program[key]);
        }),
      ),
    ],
  );
}

const growth = (measured) =>
  table(
    [
      "memberships",
      "",
      "check",
      "than in an empty service",
      "an update, and asking again",
      "load",
      "than filling Maps",
      "WebAssembly memory",
    ],
    measured.flatMap(({ name, growth }) =>
      growth.map((one) => [
        grouped(one.memberships),
        name,
        duration(one.check),
        times(one.checkRatio),
        duration(one.update),
        duration(one.load),
        times(one.loadRatio),
        mebibytes(one.memory),
      ]),
    ),
  );

const orders = (measured) =>
  table(
    ["the member rows", "", "load", "filling Maps", "than filling Maps", "WebAssembly memory"],
    measured.flatMap(({ name, orders }) =>
      orders.map((one) => [
        one.order,
        name,
        duration(one.load),
        duration(one.maps),
        times(one.loadRatio),
        mebibytes(one.memory),
      ]),
    ),
  );

const guards = (counted) =>
  table(
    ["an update", "answers that it changes", ...contenders.map(({ name }) => name)],
    counted.map(({ update, changes, asked }) => [
      update,
      grouped(changes),
      ...contenders.map(({ name }) => grouped(asked[name])),
    ]),
  );

const sizes = (measured) =>
  table(
    ["a program that loads and asks", "", "minified", "gzip", "brotli"],
    Object.entries(measured).map(([name, bytes]) => [name, "", ...Object.values(bytes).map(grouped)]),
  );

/** What each entry point adds to a program, but for those that are a program by themselves. */
const entries = (measured) =>
  table(
    ["an entry point adds", "", "minified", "gzip", "brotli"],
    [...measured]
      .filter(([name]) => name !== "rolecall")
      .map(([name, bytes]) => {
        const isWhole = name === "rolecall/slim";
        const sign = isWhole ? "" : "+";
        return [
          `\`${name}\``,
          isWhole ? "instead of `rolecall`" : "",
          ...Object.values(bytes).map((one) => `${sign}${grouped(one)}`),
        ];
      }),
  );

/** The tables of what is timed, by the names of their places in the pages. */
export const timeTables = (measured) => ({
  benchmark: benchmark(measured),
  growth: growth(measured),
  orders: orders(measured),
});

/** The tables of what is counted. */
export const countTables = (ofGuards, ofSizes, ofEntries) => ({
  guards: guards(ofGuards),
  sizes: sizes(ofSizes),
  entries: entries(ofEntries),
});

/** Bytes as a page says them in passing. */
export const kilobytes = (bytes) => `${bytes < 10_000 ? (bytes / 1000).toFixed(1) : Math.round(bytes / 1000)} kB`;
