// Every way into the packed package: the entry points as modules and through require, what each brings along, and what
// the tools that look at packages say.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
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

test("what is required works where Jest's environments leave out the encodings of text and of base64", () => {
  const program = `for (const name of ["TextDecoder", "TextEncoder", "atob", "btoa"]) delete globalThis[name];
    const { Service } = require("rolecall");
    const service = new Service();
    service.setUser("Zoë");
    console.log(JSON.stringify([service.users()[0].identity, typeof TextDecoder]));`;
  assert.deepEqual(run(program, "commonjs"), ["Zoë", "undefined"]);
});

describe("in an engine without what came after ES2019", () => {
  /** Symbols are left, since no engine lets go of them. */
  const newer = {
    globalThis:
      "AggregateError BigInt BigInt64Array BigUint64Array FinalizationRegistry Iterator WeakRef globalThis queueMicrotask reportError structuredClone",
    Array: "fromAsync",
    "Array.prototype": "at findLast findLastIndex toReversed toSorted toSpliced with",
    "ArrayBuffer.prototype": "detached maxByteLength resizable resize transfer transferToFixedLength",
    "DataView.prototype": "getBigInt64 getBigUint64 setBigInt64 setBigUint64",
    Map: "groupBy",
    Object: "groupBy hasOwn",
    Promise: "allSettled any try withResolvers",
    RegExp: "escape",
    "RegExp.prototype": "hasIndices unicodeSets",
    "Set.prototype": "difference intersection isDisjointFrom isSubsetOf isSupersetOf symmetricDifference union",
    "String.prototype": "at isWellFormed matchAll replaceAll toWellFormed",
    "Uint8Array.prototype.__proto__": "at findLast findLastIndex toReversed toSorted with",
    crypto: "randomUUID",
  };
  const program = (load) => `(async () => {
    const { EventEmitter } = ${load("node:events")};
    const global = globalThis;
    const deleted = [];
    for (const [path, names] of Object.entries(${JSON.stringify(newer)})) {
      const of = path.split(".").reduce((from, name) => from[name], global);
      for (const name of names.split(" ")) if (name in of) deleted.push([name, Reflect.deleteProperty(of, name)]);
    }
    const { init, PermissionDenied, Service } = ${load("rolecall")};
    const { toCedar } = ${load("rolecall/cedar")};
    const { follow } = ${load("rolecall/twilio")};
    await init();
    const first = new Service();
    first.createChannel({ sid: "CH1", createdBy: "alice" });
    first.setUser("alice");
    const service = Service.from(first);
    const client = Object.assign(new EventEmitter(), {
      user: { identity: "alice" },
      getSubscribedConversations: async () => ({ items: [conversation], hasNextPage: false }),
    });
    const conversation = { sid: "CH1", status: "joined", createdBy: "alice", state: { current: "active" } };
    const roleSid = service.roles().find(({ friendlyName }) => friendlyName === "Channel Admin").sid;
    conversation.getParticipants = async () => [{ sid: "MB1", conversation, identity: "alice", roleSid }];
    const following = follow(client, service);
    await following.ready;
    const alice = service.ability("alice", "CH1");
    let denied;
    try { service.ability("bob").require("createChannel"); } catch (error) { denied = error; }
    console.log(JSON.stringify({
      kept: deleted.filter(([, isDeleted]) => !isDeleted),
      deleted: deleted.length,
      can: alice.can("deleteMessage", "alice"),
      canEach: alice.canEach(["sendMessage"], ["alice"]),
      explain: alice.explain("deleteMessage", "bob").allowed,
      denied: denied instanceof PermissionDenied,
      previewed: service.preview((copy) => copy.removeMember("CH1", "alice")).length > 0,
      loaded: service.load({ users: [{ identity: "bob" }] }, { replace: true }).users.removed,
      cedar: Object.keys(toCedar(service)).length > 0,
    }));
    following();
  })()`;

  for (const [type, load] of [
    ["commonjs", (name) => `require("${name}")`],
    ["module", (name) => `await import("${name}")`],
  ]) {
    test(`everything that needs no framework works as ${type}`, () => {
      const { deleted, ...found } = run(program(load), type, "--conditions=module");
      assert.ok(deleted > 30, `${deleted}`);
      assert.deepEqual(found, {
        kept: [],
        can: true,
        canEach: [{ sendMessage: true }],
        explain: true,
        denied: true,
        previewed: true,
        loaded: 1,
        cedar: true,
      });
    });
  }
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
        .map((path) => path.slice(path.lastIndexOf("/esm/") + "/esm/".length))
        .sort(),
      outside: imports.map(({ path }) => path).sort(),
    };
  }
  /** What bindings share with each other and with the model: what follows an ability, and what checks an argument. */
  const shared = ["frameworks/shared.js", "symbols.js", "listeners.js", "arguments.js", "errors.js"];
  const fileOf = (binding) => `${binding === "twilio" ? "integrations" : "frameworks"}/${binding}.js`;

  for (const [binding, frameworks] of Object.entries(bindings)) {
    test(`of rolecall/${binding} has no other binding, no other framework and no WebAssembly in it`, async () => {
      const { files, outside } = await bundled(`export * from "rolecall/${binding}";`);
      assert.ok(files.includes(fileOf(binding)));
      assert.deepEqual(
        files.filter((file) => file !== fileOf(binding) && !shared.includes(file)),
        [],
      );
      assert.deepEqual([...new Set(outside)], frameworks);
    });
  }

  test("of rolecall/cedar has only the rules, the names and the errors in it", async () => {
    const { files, outside } = await bundled('export * from "rolecall/cedar";');
    assert.deepEqual(files, ["arguments.js", "errors.js", "integrations/cedar.js", "names.js", "rules.js"]);
    assert.deepEqual(outside, []);
  });

  test("of the model has no binding in it", async () => {
    const { files, outside } = await bundled('import { Service } from "rolecall"; console.log(new Service());');
    assert.ok(files.includes("wasm-inline.js"));
    assert.deepEqual(
      files.filter((file) => file.includes("/") || file === "rules.js"),
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
      files.filter((file) => file.includes("cjs/")),
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

  test("has every file that its exports name", () => {
    const paths = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(paths));
    for (const path of paths(manifest().exports)) {
      assert.ok(existsSync(join(project.folder, "node_modules/rolecall", path)), path);
    }
  });

  test("holds no sources and no tests", () => {
    const odd = project.files.filter(
      (path) => !/\.(c?js|d\.c?ts|wasm)$|(^|\/)package\.json$|^(README|LICENSE|CHANGELOG)/.test(path),
    );
    assert.deepEqual(odd, []);
  });

  test("has the bytes of its WebAssembly file inlined", async () => {
    const file = readFileSync(join(project.folder, "node_modules/rolecall/rolecall.wasm"));
    const { wasmBytes } = await import(pathToFileURL(join(project.folder, "node_modules/rolecall/esm/wasm-inline.js")));
    assert.ok(file.equals(wasmBytes()));
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

describe("the declarations", () => {
  const types = join(root, "tests", "types");
  /** What the compiler complains of. */
  const compile = (...options) =>
    spawnSync(npmProgram("tsc"), ["--pretty", "false", "--project", ...options], { encoding: "utf8" }).stdout;

  test("take in an application's own actions and permissions", () => assert.equal(compile(join(types, "own")), ""));

  // The packed declarations, with none of this project's settings and nothing skipped.
  const settings = {
    bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
    node16: ["--module", "node16", "--moduleResolution", "node16"],
    "node16 and strict options": [
      ...["--module", "node16", "--moduleResolution", "node16", "--exactOptionalPropertyTypes"],
      ...["--noUncheckedIndexedAccess", "--verbatimModuleSyntax", "--isolatedModules"],
    ],
  };
  const consumer = () => join(project.folder, "consumer");
  before(() => cpSync(join(types, "consumer"), consumer(), { recursive: true }));
  for (const [name, options] of Object.entries(settings)) {
    test(`compile for a consumer with ${name}`, () => {
      assert.equal(compile(consumer(), ...options), "");
      const files = compile(consumer(), ...options, "--listFiles").split("\n");
      assert.equal(files.filter((file) => file.endsWith("node_modules/rolecall/esm/index.d.ts")).length, 1);
    });
  }

  test("are found to be wrong where they are", () => {
    const lines = [
      'import { Service } from "rolecall";',
      'const alice = new Service({ dialect: "sms" }).ability("alice");',
      'alice.can("deleteMessage");',
    ];
    writeFileSync(join(consumer(), "wrong.ts"), lines.join("\n"));
    const [dialect, owner] = compile(consumer(), ...settings.bundler)
      .split("\n")
      .filter((line) => /^\S/.test(line));
    assert.match(dialect, /^.*wrong\.ts\(2,29\): error TS2322/);
    // An owner that was forgotten: the name of the type says so.
    const forgotten = `Argument of type '"deleteMessage"' is not assignable to parameter of type 'ActionThatNeedsNoOwner'.`;
    assert.equal(owner?.replace(/^.*wrong/, "wrong"), `wrong.ts(3,11): error TS2345: ${forgotten}`);
  });
});
