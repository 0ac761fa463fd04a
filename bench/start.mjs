// The time from importing a program to its first answer, and that of the first list that it draws. Each program runs once
// where nothing has run before, since all of it is about what is cold.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { contenders } from "./all.mjs";
import { bundle } from "./fresh.mjs";
import { median } from "./measure.mjs";
import { access, channelsOf } from "./world.mjs";

const payload = access({ channels: 1 });
const [channel] = channelsOf(payload);

/** Loads the four roles and answers one check. */
const program = (name) => `import { ${name} as it } from "./contenders.mjs";
export const contender = it.load(${JSON.stringify(payload)});
export const answer = contender.check("sendMessage", ${JSON.stringify(channel)});`;

/** The same once the WebAssembly is there. `init` compiles it while a page does something else: that time is not counted. */
const afterInit = (name) => `import { init } from "rolecall";
const before = performance.now();
await init();
globalThis.waited = performance.now() - before;
${program(name)}`;

/** What importing costs by itself. */
const nothing = `export const contender = { check: () => true, rows: () => [] };
export const answer = true;`;

/** Imports a program, and draws 1,000 rows of 4 buttons. */
const stopwatch = (file, draw) => `import { ${draw}, messagesIn, rowActions } from "./list.mjs";
const channel = ${JSON.stringify(channel)};
const messages = messagesIn(1000, () => channel.sid);
const channels = messages.map(() => channel);
const start = performance.now();
const { answer, contender } = await import(${JSON.stringify(`./${file}`)});
const imported = performance.now();
const shown = ${draw}(contender, channels, 1, messages, rowActions);
const drawn = performance.now();
if (answer !== true) throw new Error("the first answer is wrong");
globalThis.result = { first: imported - start - (globalThis.waited ?? 0), list: drawn - imported, shown };`;

const programs = [
  { name: "an empty module", source: nothing, draw: "drawByCheck" },
  ...contenders.map(({ id, name }) => ({ name, source: program(id), draw: "drawByCheck" })),
  { name: `${contenders[0].name}, canEach`, source: program(contenders[0].id), draw: "drawByRows" },
  { name: `${contenders[0].name}, after init`, source: afterInit(contenders[0].id), draw: "drawByCheck" },
];

/** The bytes of each program as it is shipped: with gzip as bundlers print it, with brotli as servers send it. */
export async function measureSizes() {
  const sizes = {};
  for (const { name, source } of programs) {
    const bytes = await bundle(source);
    if (contenders.some((contender) => contender.name === name))
      sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes).length, brotli: brotliCompressSync(bytes).length };
  }
  return sizes;
}

/**
 * @param environment `inNode()` or `inChromium()`
 * @param rounds how often each program is started, in turns
 * @returns for each program the medians in milliseconds
 */
export async function measureStart(environment, rounds) {
  const started = [];
  for (const [number, { name, source, draw }] of programs.entries()) {
    environment.write(`program-${number}.mjs`, await bundle(source));
    // Not bundled with what it imports, which is what it times.
    environment.write(`start-${number}.mjs`, await bundle(stopwatch(`program-${number}.mjs`, draw), ["./program-*"]));
    started.push({ name, shows: source !== nothing, file: `start-${number}.mjs`, first: [], list: [] });
  }
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < started.length; turn++) {
      const program = started[(round + 1 + turn) % started.length];
      const { first, list, shown } = await environment.run(program.file);
      if (program.shows && shown !== shownOfList) {
        throw new Error(`${program.name} shows ${shown} buttons, not ${shownOfList}`);
      }
      // The first round warms the machine up.
      if (round < 0) continue;
      program.first.push(first);
      program.list.push(list);
    }
  }
  return Object.fromEntries(
    started.map(({ name, first, list }) => [name, { first: median(first), list: median(list) }]),
  );
}

/** Of one's own messages all four buttons, of the others' the one for sending. */
const shownOfList = 500 * 4 + 500;
