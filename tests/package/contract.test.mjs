// What the package promises, as tables in contract/: the same tests in Node and in the page of each engine.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assert as chai } from "chai";
import { build } from "esbuild";
import { until } from "selenium-webdriver";
import { npmProgram } from "../../scripts/run.mjs";
import { engines, open } from "../browser/engines.mjs";
import { serve, strictPolicy } from "../browser/serve.mjs";
import { produced } from "./contract/shared/refuses.mjs";
import { installPackage } from "./install.mjs";

const folder = fileURLToPath(new URL("contract/", import.meta.url));
const snapshotPath = join(folder, "snapshot-v1.json");
const snapshots = JSON.parse(readFileSync(snapshotPath, "utf8"));

/** Each file's name, path and tests. */
const files = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".mjs"))
    .sort()
    .map(async (name) => ({
      name: name.replace(".mjs", ""),
      path: join(folder, name),
      tests: (await import(pathToFileURL(join(folder, name)))).tests,
    })),
);

/** Runs every test and keeps what each one threw, or null. */
const pageProgram = `import * as rolecall from "rolecall";
import { assert } from ${JSON.stringify(fileURLToPath(import.meta.resolve("chai")))};
import snapshots from ${JSON.stringify(snapshotPath)};
${files.map(({ path }, at) => `import { tests as tests${at} } from ${JSON.stringify(path)};`).join("\n")}
const files = { ${files.map(({ name }, at) => `${JSON.stringify(name)}: tests${at}`).join(", ")} };
globalThis.results = {};
for (const [file, tests] of Object.entries(files)) {
  for (const [name, run] of Object.entries(tests)) {
    try {
      await run(rolecall, assert, snapshots);
      globalThis.results[file + ": " + name] = null;
    } catch (error) {
      globalThis.results[file + ": " + name] = error + "\\n" + error.stack;
    }
  }
}
document.title = "done";
`;

const page = (script) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>waiting</title>
<script type="module" src="${script}"></script>
</html>
`;

const project = installPackage();
after(() => project.remove());

describe("the contract in Node", () => {
  let rolecall;
  before(async () => {
    rolecall = await import(pathToFileURL(join(project.folder, project.resolve("rolecall"))));
  });

  for (const { name, tests } of files) {
    describe(name, () => {
      assert.notEqual(Object.keys(tests).length, 0);
      for (const [about, run] of Object.entries(tests)) test(about, () => run(rolecall, chai, snapshots));
    });
  }
});

describe("the WebAssembly in a fresh process", () => {
  /** Gives what the program logs as JSON. */
  const runProgram = (source) =>
    JSON.parse(
      execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
        cwd: project.folder,
        encoding: "utf8",
      }),
    );

  /** Writes down what is asked of WebAssembly, and fails where `fail(calls)` says so. */
  const watching = (fail = "() => false") => `const calls = [];
    const watch = (name) => {
      calls.push(name);
      if ((${fail})(calls)) throw new Error("made to fail");
    };
    for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = async (...given) => {
        watch(name);
        return real.apply(WebAssembly, given);
      };
    }
    for (const name of ["Module", "Instance", "Memory", "Table"]) {
      WebAssembly[name] = new Proxy(WebAssembly[name], {
        construct(real, given) {
          watch(name);
          return Reflect.construct(real, given);
        },
      });
    }
    const outcome = async (call) => {
      try {
        return (await call()) ?? "done";
      } catch (error) {
        const { name, code, message } = error;
        return { name, code, hasPath: "path" in error, cause: error.cause?.message, says: message !== "" };
      }
    };
    const rolecall = await import("rolecall");
  `;

  const notReady = { name: "RolecallError", code: "not-ready", hasPath: false, cause: "made to fail", says: true };

  test("is not touched by an import, and used once by the first service", () => {
    const [imported, first, second] = runProgram(`${watching()}
      const imported = calls.splice(0);
      new rolecall.Service();
      const first = calls.splice(0);
      new rolecall.Service();
      rolecall.Service.from({});
      await rolecall.init();
      console.log(JSON.stringify([imported, first, calls]));`);
    assert.deepEqual(imported, []);
    // What makes the bytes out of the text that holds them is WebAssembly, too.
    assert.deepEqual(first, ["Module", "Instance", "Module", "Instance"]);
    assert.deepEqual(second, []);
  });

  test("is compiled once by calls of init at the same time, which share a promise", () => {
    const [same, during, after] = runProgram(`${watching()}
      const promises = [rolecall.init(), rolecall.init()];
      await Promise.all(promises);
      const during = calls.splice(0);
      await rolecall.init();
      new rolecall.Service().setUser("alice");
      console.log(JSON.stringify([promises[0] === promises[1], during, calls]));`);
    assert.equal(same, true);
    assert.deepEqual(during, ["Module", "Instance", "instantiate"]);
    assert.deepEqual(after, []);
  });

  test("may be made by a service while init is on its way", () => {
    const answers = runProgram(`${watching()}
      const promise = rolecall.init();
      const service = new rolecall.Service();
      service.setUser("alice");
      const before = service.ability("alice").can("createChannel");
      await promise;
      const other = new rolecall.Service();
      other.setUser("bob");
      console.log(JSON.stringify([before, service.ability("alice").can("createChannel"), service.users().length,
        other.ability("bob").can("createChannel")]));`);
    assert.deepEqual(answers, [true, true, 1, true]);
  });

  test("that fails once in init is tried again by the next call", () => {
    const [together, again, allowed] = runProgram(`${watching("(calls) => calls.length === 1")}
      const together = await Promise.all([rolecall.init(), rolecall.init()].map((promise) => outcome(() => promise)));
      const again = await outcome(() => rolecall.init());
      const service = new rolecall.Service();
      service.setUser("alice");
      console.log(JSON.stringify([together, again, service.ability("alice").can("createChannel")]));`);
    assert.deepEqual(together, [notReady, notReady]);
    assert.deepEqual([again, allowed], ["done", true]);
  });

  test("that fails once in a service is tried again by the next one", () => {
    const [first, from, second] = runProgram(`${watching("(calls) => calls.length <= 2")}
      const first = await outcome(() => new rolecall.Service());
      const from = await outcome(() => rolecall.Service.from({}));
      console.log(JSON.stringify([first, from, new rolecall.Service().roles().length]));`);
    assert.deepEqual([first, from, second], [notReady, notReady, 4]);
  });

  test("that is not there at all is the same error", () => {
    const outcomes = runProgram(`${watching()}
      delete globalThis.WebAssembly;
      console.log(JSON.stringify([
        await outcome(() => rolecall.init()),
        await outcome(() => new rolecall.Service()),
        await outcome(() => rolecall.Service.from({})),
      ]));`);
    const missing = { ...notReady, cause: "WebAssembly is not defined" };
    assert.deepEqual(outcomes, [missing, missing, missing]);
    produced.add("not-ready");
  });
});

test("each code of an error is produced by a test", () => {
  const source = readFileSync(new URL("../../pkg-template/names.ts", import.meta.url), "utf8");
  const union = /export type ErrorCode =([^;]+);/.exec(source)[1];
  const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
  // JavaScript loads objects, so only Rust reads JSON.
  assert.deepEqual([...produced, "invalid-json"].sort(), codes.sort());
});

describe("the declarations", () => {
  const types = fileURLToPath(new URL("../types/", import.meta.url));
  /** Gives what the compiler complains of. */
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
  for (const [name, options] of Object.entries(settings)) {
    test(`compile for a consumer with ${name}`, () => {
      const consumer = join(project.folder, "consumer");
      cpSync(join(types, "consumer"), consumer, { recursive: true });
      assert.equal(compile(consumer, ...options), "");
      const files = compile(consumer, ...options, "--listFiles").split("\n");
      assert.equal(files.filter((file) => file.endsWith("node_modules/rolecall/index.d.ts")).length, 1);
    });
  }

  test("are found to be wrong where they are", () => {
    const consumer = join(project.folder, "consumer");
    cpSync(join(types, "consumer"), consumer, { recursive: true });
    writeFileSync(
      join(consumer, "wrong.ts"),
      'import { Service } from "rolecall";\nnew Service({ dialect: "sms" });\n',
    );
    assert.match(compile(consumer, ...settings.bundler), /^.*wrong\.ts\(2,15\): error TS2322/);
  });
});

describe("the contract in a page", () => {
  let site;
  let forbidding;
  before(async () => {
    const write = (name, text) => writeFileSync(join(project.folder, name), text);
    write("index.html", page("./contract.js"));
    write("forbidden.html", page("./forbidden.js"));
    write(
      "forbidden.js",
      `import { init, Service } from "./${project.resolve("rolecall")}";
const outcomes = [];
for (const call of [() => init(), () => new Service(), () => Service.from({}), () => init()]) {
  try {
    await call();
    outcomes.push("done");
  } catch (error) {
    outcomes.push([error.name, error.code, "path" in error, error.message.includes("wasm-unsafe-eval")].join(" "));
  }
}
globalThis.results = outcomes;
document.title = "done";
`,
    );
    await build({
      stdin: { contents: pageProgram, resolveDir: project.folder },
      outfile: join(project.folder, "contract.js"),
      bundle: true,
      format: "esm",
    });
    site = await serve(project.folder, { headers: strictPolicy });
    forbidding = await serve(project.folder, { headers: { "Content-Security-Policy": "default-src 'self'" } });
  });
  after(async () => {
    await site?.close();
    await forbidding?.close();
  });

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      let results;
      const visit = async (address) => {
        await browser.get(address);
        await browser.wait(until.titleIs("done"), 60_000);
        return browser.executeScript("return globalThis.results");
      };
      before(async () => {
        browser = await open(engine);
        results = await visit(site.address);
      });
      after(() => browser?.quit());

      for (const { name, tests } of files) {
        describe(name, () => {
          for (const about of Object.keys(tests)) test(about, () => assert.equal(results[`${name}: ${about}`], null));
        });
      }

      test("a policy without 'wasm-unsafe-eval' is answered with not-ready", async () => {
        const outcomes = await visit(`${forbidding.address}forbidden.html`);
        assert.deepEqual(outcomes, Array(4).fill("RolecallError not-ready false true"));
      });
    });
  }
});
