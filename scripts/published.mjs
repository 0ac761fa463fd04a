// The forms in which the package is published. Each module is there twice, as a file that parses as ES2019: in esm/ for
// `import`, in cjs/ for `require` and Jest. Both are named `.js`, since Jest 26 and webpack 4 know no `.cjs`, and treat
// `.mjs` in a way of their own. Resolvers that do not know `exports` find a folder for each entry point.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./run.mjs";

const target = "es2019";

const writeJson = (file, value) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
};

/** What wasm-bindgen wrote names values.js by a folder with a hash in its name: the package has it once, beside itself. */
const snippets = {
  name: "snippets",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/snippets\// }, ({ importer }) =>
      importer.endsWith("rolecall_bg.js") ? { path: "./values.js", external: true } : undefined,
    );
  },
};

/** Writes modules that are generated into a folder, for older engines than those that they are generated for. */
export async function lowerGenerated(files, folder) {
  // Here, since the build imports this file before it has installed any package.
  const { build } = await import("esbuild");
  await build({
    entryPoints: files,
    outdir: folder,
    bundle: true,
    format: "esm",
    target,
    inject: [join(root, "scripts", "utf8.js")],
    plugins: [snippets],
    logLevel: "error",
  });
}

/** Angular has modules only, which CommonJS may name the types of if it says so. */
const fromModules = (declarations) =>
  declarations.replaceAll(
    /^import \{ type (\w+) \} from ("@angular\/core");$/gm,
    'import type { $1 } from $2 with { "resolution-mode": "import" };',
  );

/** Writes the CommonJS form of esm/ into cjs/. */
async function addCommonJs(folder) {
  const { transform } = await import("esbuild");
  const modules = join(folder, "esm");
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const source = readFileSync(file, "utf8");
    const twin = join(folder, "cjs", relative(modules, file));
    mkdirSync(dirname(twin), { recursive: true });
    if (file.endsWith(".d.ts")) writeFileSync(twin, fromModules(source));
    // `platform` has it say what it exports where Node looks for that before it runs a file.
    else writeFileSync(twin, (await transform(source, { format: "cjs", platform: "node", target })).code);
  }
}

/** Completes a package that has its package.json, and its modules and declarations in esm/. */
export async function publishForms(folder) {
  await addCommonJs(folder);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const [entry, { import: modules, require: commonJs }] of Object.entries(exports)) {
    if (!commonJs) continue;
    // What Node imports is what it requires: a process must have one copy of the WebAssembly and of the package's classes.
    if (modules.node) {
      const file = join(folder, modules.node);
      writeFileSync(file, `export * from "${relative(dirname(file), join(folder, commonJs.default))}";\n`);
    }
    // The package.json of the package itself says the same about ".".
    if (entry === ".") continue;
    const fromEntry = (path) => relative(entry, path);
    writeJson(join(folder, entry, "package.json"), {
      main: fromEntry(commonJs.default),
      module: fromEntry(modules.default),
      types: fromEntry(modules.types),
      sideEffects: false,
    });
  }
  // "sideEffects" again, since bundlers read the package.json that is nearest to a file.
  writeJson(join(folder, "esm", "package.json"), { type: "module", sideEffects: false });
  writeJson(join(folder, "cjs", "package.json"), { type: "commonjs", sideEffects: false });
}
