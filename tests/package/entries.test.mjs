// Every way into the packed package: the entry points as modules and through require, what each brings along, and what
// the tools that look at packages say.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { npmProgram, root } from "../../scripts/run.mjs";
import { installPackage } from "./install.mjs";

/** The entry points that are for something else than the model itself, and what each may import beside the package. */
const bindings = {
  react: ["react"],
  vue: ["vue"],
  svelte: [],
  angular: ["@angular/core"],
  dom: [],
  twilio: [],
};

let project;
before(() => {
  project = installPackage();
  for (const framework of Object.values(bindings).flat()) {
    const link = join(project.folder, "node_modules", framework);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", framework), link, "dir");
  }
});
after(() => project.remove());

const manifest = () => JSON.parse(readFileSync(join(project.folder, "node_modules/rolecall/package.json"), "utf8"));
const entries = () => Object.keys(manifest().exports).filter((entry) => !/\.(wasm|json)$/.test(entry));

/** Runs a program in Node; gives what it prints as JSON. */
function run(source, type, ...options) {
  const args = [...options, `--input-type=${type}`, "--eval", source];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: project.folder, encoding: "utf8" }));
}

describe("the entry points", () => {
  test("export the same to require, to import and to bundlers", () => {
    const specifiers = entries().map((entry) => entry.replace(".", "rolecall"));
    const listing = (load) => `const found = {};
      for (const name of ${JSON.stringify(specifiers)}) found[name] = Object.keys(${load}).sort();
      console.log(JSON.stringify(found));`;
    const required = run(listing("require(name)"), "commonjs");
    const imported = run(listing("await import(name)"), "module");
    const bundled = run(listing("await import(name)"), "module", "--conditions=module");
    assert.deepEqual(
      Object.keys(required).filter((name) => required[name].length === 0),
      [],
    );
    assert.deepEqual([imported, bundled], [required, required]);
  });

  test("have the same classes and one WebAssembly in a process that imports and requires", () => {
    const found = run(
      `import * as main from "rolecall";
      import * as slim from "rolecall/slim";
      import { createRequire } from "node:module";
      const require = createRequire(process.cwd() + "/");
      const others = [slim, require("rolecall"), require("rolecall/slim")];
      const same = others.flatMap((other) =>
        ["Service", "RolecallError", "PermissionDenied"].map((name) => other[name] === main[name]));
      const { Module } = WebAssembly;
      const compiled = [];
      WebAssembly.Module = new Proxy(Module, {
        construct: (...given) => (compiled.push(given[1][0].length > 1000 ? "the model" : "what decodes it"), Reflect.construct(...given)),
      });
      for (const { Service } of [main, ...others]) new Service();
      console.log(JSON.stringify([same, compiled]));`,
      "module",
    );
    assert.deepEqual(found, [Array(9).fill(true), ["what decodes it", "the model"]]);
  });
});

test("what is required works where jsdom under Jest leaves out the encodings of text", () => {
  const program = `for (const name of ["TextDecoder", "TextEncoder"]) delete globalThis[name];
    const { Service } = require("rolecall");
    const service = new Service();
    service.setUser("Zoë");
    console.log(JSON.stringify([service.users()[0].identity, typeof TextDecoder]));`;
  assert.deepEqual(run(program, "commonjs"), ["Zoë", "undefined"]);
});

describe("rolecall/slim", () => {
  const base64 = '"data:application/wasm;base64," + bytes.toString("base64")';
  const sources = {
    bytes: "bytes",
    "a buffer": "new Uint8Array(bytes).buffer",
    "a module": "new WebAssembly.Module(bytes)",
    "a promise of a module": "WebAssembly.compile(bytes)",
    "an answer, whatever its type": 'new Response(bytes, { headers: { "content-type": "text/plain" } })',
    "the promise that fetch gives": `fetch(${base64})`,
    "an address": base64,
    "a URL": `new URL(${base64})`,
  };
  const failing = {
    "an answer that is none": ['new Response("", { status: 404 })', /404/],
    "what is no WebAssembly": ["new Uint8Array(8)", /CompileError/],
    "an address of nothing": ['"nowhere:"', /fetch failed/],
    nothing: ["undefined", /TypeError/],
    "a number": ["5", /TypeError/],
    "a promise that fails": ['Promise.reject(new Error("offline"))', /offline/],
    "a promise that fails with what is no text": ["Promise.reject({ toString() { throw new Error() } })", /: object$/],
  };

  /** What each expression gives, in a copy of the package of its own; an error as its name, code and message. */
  const outcomes = (expressions) =>
    run(
      `const bytes = require("node:fs").readFileSync("node_modules/rolecall/rolecall.wasm");
      const outcome = async (work) => {
        try { return (await work()) ?? "done"; } catch (error) { return [error.name, error.code, error.message]; }
      };
      const allowed = (Service) => {
        const service = new Service();
        service.setUser("alice");
        return service.ability("alice").can("createChannel");
      };
      const work = [${expressions.map((expression) => `async ({ init, Service }) => [${expression}]`)}];
      const results = [];
      (async () => {
        for (const run of work) {
          for (const file of Object.keys(require.cache)) delete require.cache[file];
          results.push(await run(require("rolecall/slim")));
        }
        console.log(JSON.stringify(results));
      })();`,
      "commonjs",
    );

  test("says what is missing where it is used too early", () => {
    const early = ["new Service()", "Service.from({})", 'new Service({ roles: "none" })'];
    const results = outcomes(early.map((use) => `await outcome(() => ${use})`));
    assert.equal(results.length, early.length);
    for (const [[name, code, message]] of results) {
      assert.deepEqual([name, code], ["RolecallError", "not-ready"]);
      assert.match(message, /await init\(…\)/);
    }
  });

  test(`starts from ${Object.keys(sources).join(", ")}`, () => {
    const results = outcomes(
      Object.values(sources).map(
        (source) => `...(await (async () => {
          const first = init(${source});
          const same = init(bytes) === first;
          return [await outcome(() => first), same, await outcome(() => init("nowhere:")), allowed(Service)];
        })())`,
      ),
    );
    const expected = Object.keys(sources).map((name) => [name, "done", true, "done", true]);
    assert.deepEqual(
      results.map((result, at) => [Object.keys(sources)[at], ...result]),
      expected,
    );
  });

  test(`says so when it is given ${Object.keys(failing).join(", ")}; and starts from something better`, () => {
    const results = outcomes(
      Object.values(failing).map(
        ([source]) => `await outcome(() => init(${source})), await outcome(() => init(bytes)), allowed(Service)`,
      ),
    );
    for (const [at, [name, [, says]]] of Object.entries(failing).entries()) {
      const [[error, code, message], ...after] = results[at];
      assert.deepEqual([error, code, ...after], ["RolecallError", "not-ready", "done", true], name);
      assert.match(message, says, name);
    }
  });

  test("waits for nothing where rolecall itself is there too", () => {
    const program = `import { Service } from "rolecall";
      import { Service as Slim } from "rolecall/slim";
      console.log(JSON.stringify([new Slim() instanceof Service]));`;
    assert.deepEqual(run(program, "module"), [true]);
  });
});

describe("a bundle", () => {
  /** The package's files of which something is in the bundle of that program, and what stays outside. */
  async function bundled(source) {
    const { metafile } = await build({
      stdin: { contents: source, resolveDir: project.folder },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      logLevel: "error",
      format: "esm",
      external: Object.values(bindings).flat(),
    });
    const [{ inputs, imports }] = Object.values(metafile.outputs);
    const parts = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    return {
      files: parts
        .map(([path]) => path)
        .filter((path) => path.includes("rolecall/"))
        .map((path) => path.slice(path.lastIndexOf("rolecall/") + "rolecall/".length))
        .sort(),
      outside: imports.map(({ path }) => path).sort(),
    };
  }
  /** What bindings share with each other and with the model. */
  const shared = ["answer.js", "errors.js", "gone.js", "report.js", "text.js"];

  for (const [binding, frameworks] of Object.entries(bindings)) {
    test(`of rolecall/${binding} has no other binding, no other framework and no WebAssembly in it`, async () => {
      const { files, outside } = await bundled(`export * from "rolecall/${binding}";`);
      assert.ok(files.includes(`${binding}.js`));
      assert.deepEqual(
        files.filter((file) => file !== `${binding}.js` && !shared.includes(file)),
        [],
      );
      assert.deepEqual([...new Set(outside)], frameworks);
    });
  }

  test("of rolecall/cedar has only the rules, the names and the errors in it", async () => {
    const { files, outside } = await bundled('export * from "rolecall/cedar";');
    const [texts, ...others] = files.sort((one, other) => other.includes("/") - one.includes("/"));
    // Which says whether a text is one.
    assert.match(texts, /^snippets\/.*\/texts\.js$/);
    assert.deepEqual(others, ["cedar.js", "errors.js", "names.js", "rules.js", "text.js"]);
    assert.deepEqual(outside, []);
  });

  test("of the model has no binding in it", async () => {
    const { files, outside } = await bundled('import { Service } from "rolecall"; console.log(new Service());');
    assert.ok(files.includes("wasm-inline.js"));
    const names = [...Object.keys(bindings), "cedar", "rules"].map((name) => `${name}.js`);
    assert.deepEqual(
      files.filter((file) => names.includes(file) || file === "answer.js"),
      [],
    );
    assert.deepEqual(outside, []);
  });

  test("has the WebAssembly in it only for a service of rolecall itself", async () => {
    const table = [
      ['import { Service } from "rolecall"; new Service();', true],
      ['import { init } from "rolecall"; init();', true],
      ['import "rolecall";', false],
      ['import { ACTIONS, RolecallError } from "rolecall"; console.log(ACTIONS, RolecallError);', false],
      ['import { init, Service } from "rolecall/slim"; init("/rolecall.wasm"); new Service();', false],
    ];
    for (const [source, expected] of table) {
      assert.equal((await bundled(source)).files.includes("wasm-inline.js"), expected, source);
    }
  });

  test("has each module once, however it is come by", async () => {
    const { files } = await bundled(
      `import { Service } from "rolecall"; import * as slim from "rolecall/slim"; const main = require("rolecall");
      console.log(Service, slim, main);`,
    );
    assert.deepEqual(
      files.filter((file) => file.endsWith(".cjs")),
      [],
    );
  });
});

describe("the tarball", () => {
  const tool = (name, ...args) =>
    promisify(execFile)(npmProgram(name), args, { cwd: project.folder }).catch(({ stdout, stderr }) =>
      assert.fail(`${stdout}${stderr}`),
    );

  test("has nothing that publint remarks", async () => {
    const { stdout } = await tool("publint", "run", project.tarball, "--strict");
    assert.match(stdout, /All good!/);
  });

  test("has right types, for each entry point and each way to look for them", async () => {
    // The WebAssembly has no types: it is a file.
    const { stdout } = await tool(
      "attw",
      project.tarball,
      "--exclude-entrypoints",
      "rolecall.wasm",
      "--format",
      "json",
    );
    const { analysis, problems } = JSON.parse(stdout);
    assert.deepEqual(problems ?? {}, {});
    for (const entry of entries()) {
      const found = analysis.entrypoints[entry].resolutions;
      assert.deepEqual(Object.keys(found).sort(), ["bundler", "node10", "node16-cjs", "node16-esm"]);
      for (const [way, { resolution }] of Object.entries(found)) assert.ok(resolution, `${entry}, ${way}`);
    }
  });

  test("asks for no framework, and names the versions that it works with", () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = manifest();
    assert.equal(dependencies, undefined);
    assert.deepEqual(
      Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true),
      [],
    );
  });
});
