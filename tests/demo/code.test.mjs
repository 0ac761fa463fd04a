// The code that the demo page offers compiles, with all that it imports, in each framework.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { compile as compileSvelte } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { root } from "../../scripts/run.mjs";
import { LANGUAGES } from "../../www/code.js";

const screen = {
  example: undefined,
  signedIn: "",
  identity: 'o"neil',
  channel: "CH1",
  author: 'o"neil',
  disabled: false,
  owned: [
    { action: "editMessage", label: "edit" },
    { action: "deleteMessage", label: "delete" },
    { action: "flambé it", label: "flambé it" },
  ],
  plain: [{ action: "sendMessage", label: "send" }],
  changes: ['service.defineAction("flambé it", { any: "flambéAny", own: "flambéOwn" });'],
};

const compilers = {
  js: (source) => source,
  jsx: (source) => source,
  vue(source) {
    const { descriptor, errors } = parse(source);
    assert.deepEqual(errors, []);
    return compileScript(descriptor, { id: "controls", inlineTemplate: true }).content;
  },
  svelte(source) {
    const { js, warnings } = compileSvelte(source, { generate: "client" });
    assert.deepEqual(warnings, []);
    return js.code;
  },
};

describe("the code of the demo page", () => {
  for (const [language, { files }] of Object.entries(LANGUAGES)) {
    test(`compiles: ${language}`, async () => {
      const written = files(screen);
      const contents = (name) => {
        const { lines } = written.find((file) => file.name === name);
        return compilers[name.split(".").at(-1)](lines.join("\n"));
      };
      const entry = written.at(-1).name;
      const { outputFiles } = await build({
        stdin: { contents: contents(entry), loader: "jsx", resolveDir: root },
        plugins: [
          {
            name: "written",
            setup({ onResolve, onLoad }) {
              onResolve({ filter: /^\.\/access\.js$/ }, () => ({ path: "access.js", namespace: "written" }));
              onLoad({ filter: /./, namespace: "written" }, ({ path }) => ({
                contents: contents(path),
                resolveDir: root,
              }));
            },
          },
        ],
        ...{
          bundle: true,
          write: false,
          format: "esm",
          target: "es2022",
          jsx: "automatic",
          charset: "utf8",
          logLevel: "silent",
        },
      });
      // The actions of HTML are in its attributes.
      const bundle = outputFiles[0].text + written[0].lines.join("\n");
      for (const { action } of [...screen.owned, ...screen.plain])
        assert(bundle.includes(JSON.stringify(action)), action);
    });
  }
});
