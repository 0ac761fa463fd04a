// The bindings in real pages: each file of pages/ is bundled as an application would be, and runs its own tests there.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { compile, compileModule } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { root } from "../../scripts/run.mjs";
import { engines, open } from "../browser/engines.mjs";
import { serve, strictPolicy } from "../browser/serve.mjs";
import { blocksOf } from "../package/pages.mjs";

/** What each page is tested in: what relies on the browser itself in all, what relies on a framework in one. */
const pages = [
  ["dom.js", engines],
  ["react.jsx", engines.slice(0, 1)],
  ["react-17.jsx", engines.slice(0, 1)],
  ["react-18.jsx", engines.slice(0, 1)],
  ["vue.js", engines.slice(0, 1)],
  ["svelte.js", engines.slice(0, 1)],
  ["angular.ts", engines.slice(0, 1)],
  ...["react.jsx", "vue.js", "svelte.js", "angular.ts", "dom.js"].map((page) => [
    `recipes-${page}`,
    engines.slice(0, 1),
  ]),
];

const policy = Object.entries(strictPolicy).map(
  ([name, content]) => `<meta http-equiv="${name}" content="${content}">`,
);

const svelte = {
  name: "svelte",
  setup(builder) {
    const compiled = (pattern, make) =>
      builder.onLoad({ filter: pattern }, ({ path }) => ({
        contents: make(readFileSync(path, "utf8"), { filename: path, generate: "client" }).js.code,
      }));
    compiled(/\.svelte$/, compile);
    compiled(/\.svelte\.js$/, compileModule);
  },
};

const vue = {
  name: "vue",
  setup(builder) {
    builder.onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor } = parse(readFileSync(path, "utf8"), { filename: path });
      return { contents: compileScript(descriptor, { id: basename(path), inlineTemplate: true }).content };
    });
  },
};

/** Has a page import an older React, which the repository has under a name of its own. */
const olderReact = (version) => ({
  name: `react-${version}`,
  setup(builder) {
    const older = ({ path, resolveDir }) => {
      const found = path.replace(/^react(-dom)?(?=$|\/)/, `react$1-${version}`);
      return builder.resolve(found, { resolveDir, kind: "import-statement", pluginData: "older" });
    };
    builder.onResolve({ filter: /^react(-dom)?($|\/)/ }, older);
    if (version > 17) return;
    builder.onResolve({ filter: /^\.\/mount\.js$/ }, ({ resolveDir }) => ({ path: join(resolveDir, "mount-17.js") }));
  },
});

/** Writes the decorators that Angular's own compiler adds to the inputs and outputs that are signals, for its compiler in a page. */
const decorated = (source) =>
  source
    .replaceAll(
      /(?<=^ {2})(?=readonly (\w+) = input\.required<)/gm,
      '@Input({ isSignal: true, alias: "$1", required: true } as never) ',
    )
    .replaceAll(/(?<=^ {2})(?=readonly \w+ = output<)/gm, "@Output() ")
    .replace(" inject,", " Input, inject, Output,");

/** Lays the recipes of docs/frameworks.md out as files, as a reader does, and has pages import them as `../recipes/…`. */
const recipes = {
  name: "recipes",
  setup(builder) {
    const folder = join(root, "target", "recipes");
    rmSync(folder, { recursive: true, force: true });
    for (const { recipe, source } of blocksOf("docs/frameworks.md").filter(({ recipe }) => recipe)) {
      mkdirSync(dirname(join(folder, recipe)), { recursive: true });
      writeFileSync(join(folder, recipe), recipe.startsWith("angular/") ? decorated(source) : source);
    }
    builder.onResolve({ filter: /^\.\.\/recipes\// }, ({ path }) => {
      const file = join(folder, path.replace("../recipes/", ""));
      return { path: existsSync(file) ? file : file.replace(/\.js$/, ".ts") };
    });
  },
};

const folder = mkdtempSync(join(tmpdir(), "rolecall-"));
let site;
before(async () => {
  const options = {
    outdir: folder,
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    conditions: ["module", "browser", "development"],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    loader: { ".css": "text" },
  };
  const file = (page) => join(root, "tests", "frameworks", "pages", page);
  const newest = pages.map(([page]) => page).filter((page) => !/^react-\d/.test(page));
  await build({ ...options, entryPoints: newest.map(file), plugins: [svelte, vue, recipes] });
  for (const version of [17, 18]) {
    const entryPoints = { [`react-${version}`]: file("react.jsx") };
    await build({ ...options, entryPoints, plugins: [olderReact(version)] });
  }
  for (const [page] of pages) {
    const script = page.replace(/\.\w+$/, ".js");
    // Angular compiles its templates with eval here, in a page.
    const head = page.endsWith("angular.ts") ? "" : policy.join("");
    writeFileSync(
      join(folder, `${page}.html`),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page}</title>${head}
      <body><script type="module" src="./${script}"></script></body></html>`,
    );
  }
  site = await serve(folder);
});
after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const engine of engines) {
  describe(`the bindings in ${engine}`, () => {
    let browser;
    before(async () => {
      browser = await open(engine);
      await browser.manage().setTimeouts({ script: 60_000 });
    });
    after(() => browser?.quit());

    for (const [page] of pages.filter(([, chosen]) => chosen.includes(engine))) {
      test(page, async (context) => {
        await browser.get(`${site.address}${page}.html`);
        const results = await browser.executeAsyncScript((done) => globalThis.runTests().then(done));
        assert.ok(results.length > 0);
        for (const { name, todo, error } of results) {
          // What crosses as JSON is null where it was undefined, and that would be a reason.
          await context.test(name, { todo: todo ?? false }, () => assert.equal(error, undefined));
        }
        const reason = await browser.executeAsyncScript((done) => {
          if (globalThis.showDenied) globalThis.showDenied().then(done);
          else done(null);
        });
        if (reason === null || engine !== "chromium") return;
        await context.test("assistive technology is told what is disabled, and why", async () => {
          const { nodes } = await browser.sendAndGetDevToolsCommand("Accessibility.getFullAXTree", {});
          const button = nodes.find(({ role, name }) => role?.value === "button" && name?.value === "Delete");
          const properties = Object.fromEntries(button.properties.map(({ name, value }) => [name, value.value]));
          assert.deepEqual([button.description.value, properties.disabled, properties.focusable], [reason, true, true]);
        });
      });
    }
  });
}
