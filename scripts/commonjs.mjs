// Puts a CommonJS twin beside each module of the package, for `require` and for Jest: a file for a file, so that the
// entry points share what they share as modules.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The entry points with the WebAssembly or the package's classes in them, of which a process must have one copy. */
const stateful = ["index", "slim", "cedar"];

const toTwins = (text) => text.replaceAll(/(["'])(\.{1,2}\/[^"'\n]+)\.js\1/g, "$1$2.cjs$1");

const required = (code) => code.replaceAll(/require\("[^"]+"\)/g, toTwins);

/** Angular has modules only, which CommonJS may name the types of if it says so. */
const fromModules = (text) =>
  text.replaceAll(
    /^import \{ type (\w+) \} from ("@angular\/core");$/gm,
    'import type { $1 } from $2 with { "resolution-mode": "import" };',
  );

/** Jest's jsdom leaves out what browsers and Node have to read and write UTF-8. Node's own module has it there, too. */
const encodings = `const { TextDecoder, TextEncoder } = globalThis.TextDecoder ? globalThis : require("util");\n`;

/** A module's source as its twin. */
export async function twinOf(source) {
  // Here, since the build imports this file before it has installed any package.
  const { transform } = await import("esbuild");
  const { code } = await transform(source, {
    format: "cjs",
    // Says what a module exports where Node looks for it before it is run.
    platform: "node",
    target: "es2022",
  });
  return `${/\bnew Text(De|En)coder\b/.test(source) ? encodings : ""}${required(code)}`;
}

export async function addCommonJs(folder) {
  const files = readdirSync(folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file);
    if (file.endsWith(".d.ts")) {
      writeFileSync(path.replace(/\.ts$/, ".cts"), fromModules(toTwins(readFileSync(path, "utf8"))));
    } else if (file.endsWith(".js")) {
      writeFileSync(path.replace(/\.js$/, ".cjs"), await twinOf(readFileSync(path, "utf8")));
    }
  }
  // What Node imports is what it requires. Bundlers have the condition "module", for the same reason.
  for (const name of stateful) writeFileSync(join(folder, `${name}.node.js`), `export * from "./${name}.cjs";\n`);
}
