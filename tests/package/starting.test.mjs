// The WebAssembly's start: in fresh processes of Node, and in pages under a policy that allows it or does not. Where it cannot
// start, each reason has its own code.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { until } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { serve } from "../browser/serve.mjs";
import { firstProgram, installPackage } from "./install.mjs";
import { bundle, page, servePackage } from "./served.mjs";

describe("in a fresh process,", () => {
  let project;
  before(() => {
    project = installPackage();
  });
  after(() => project.remove());

  const run = (source, type = "module") =>
    execFileSync(process.execPath, [`--input-type=${type}`, "--eval", source], {
      cwd: project.folder,
      encoding: "utf8",
    });
  const runProgram = (...given) => JSON.parse(run(...given));

  /** Writes down how the model is compiled, and lets `fail(calls, size)` throw. What is small decodes or probes. */
  const watching = (fail = "() => {}") => `const calls = [];
    const fail = ${fail};
    const watch = (name, bytes) => {
      if (bytes instanceof WebAssembly.Module) return;
      if (bytes.byteLength > 1000) calls.push(name);
      fail(calls, bytes.byteLength);
    };
    for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = async (...given) => {
        watch(name, given[0]);
        return real.apply(WebAssembly, given);
      };
    }
    WebAssembly.Module = new Proxy(WebAssembly.Module, {
      construct(real, given) {
        watch("Module", given[0]);
        return Reflect.construct(real, given);
      },
    });
    const outcome = async (call) => {
      try {
        return (await call()) ?? "done";
      } catch (error) {
        const { name, code, message } = error;
        return { name, code, hasPath: "path" in error, cause: error.cause?.message, message };
      }
    };
    const allowed = () => {
      const service = new rolecall.Service();
      service.setUser("alice");
      return service.ability("alice").can("createChannel");
    };
    const rolecall = await import("rolecall");
  `;

  /** Checks an outcome: the code, and what its sentence says to do. */
  const assertFailure = (outcome, code, says, cause) => {
    assert.equal(outcome.code, code, JSON.stringify(outcome));
    assert.deepEqual([outcome.name, outcome.hasPath], ["RolecallError", false]);
    assert.match(outcome.message, says);
    if (cause !== undefined) assert.equal(outcome.cause, cause);
  };

  const tooOld = /the engine may be too old/;

  test("the first checks are answered", () => {
    assert.equal(run(`${firstProgram("rolecall")}console.log(allowed, denied);`), "true false\n");
  });

  test("an import has no side effect on globals", () => {
    const program = `const known = new Set(Reflect.ownKeys(globalThis));
      await import("rolecall");
      console.log(Reflect.ownKeys(globalThis).filter((key) => !known.has(key)).length);`;
    assert.equal(run(program), "0\n");
  });

  test("an import compiles nothing, and the first service compiles once", () => {
    const [imported, first, second] = runProgram(`${watching()}
      const imported = calls.splice(0);
      new rolecall.Service();
      const first = calls.splice(0);
      new rolecall.Service();
      rolecall.Service.from({});
      await rolecall.init();
      console.log(JSON.stringify([imported, first, calls]));`);
    assert.deepEqual([imported, first, second], [[], ["Module"], []]);
  });

  test("calls of init at the same time share a promise, and compile once", () => {
    const [same, during, after] = runProgram(`${watching()}
      const promises = [rolecall.init(), rolecall.init()];
      await Promise.all(promises);
      const during = calls.splice(0);
      await rolecall.init();
      new rolecall.Service().setUser("alice");
      console.log(JSON.stringify([promises[0] === promises[1], during, calls]));`);
    assert.equal(same, true);
    assert.equal(during.length, 1);
    assert.match(during[0], /^(compile|instantiate)$/);
    assert.deepEqual(after, []);
  });

  test("a service may be made while init is on its way", () => {
    const answers = runProgram(`${watching()}
      const promise = rolecall.init();
      const before = allowed();
      await promise;
      console.log(JSON.stringify([before, allowed()]));`);
    assert.deepEqual(answers, [true, true]);
  });

  test("what fails once in init or in a service is tried again by the next call", () => {
    const once = `(calls, size) => { if (calls.length === 1 && size > 1000) throw new Error("made to fail"); }`;
    const [together, again, inInit] = runProgram(`${watching(once)}
      const together = await Promise.all([rolecall.init(), rolecall.init()].map((promise) => outcome(() => promise)));
      console.log(JSON.stringify([together, await outcome(() => rolecall.init()), allowed()]));`);
    for (const outcome of together) assertFailure(outcome, "not-ready", /\S/, "made to fail");
    assert.deepEqual([again, inInit], ["done", true]);
    const [first, second] = runProgram(`${watching(once)}
      console.log(JSON.stringify([await outcome(() => new rolecall.Service()), allowed()]));`);
    assertFailure(first, "not-ready", /\S/, "made to fail");
    assert.equal(second, true);
  });

  test("no WebAssembly in the engine is webassembly-missing", () => {
    const outcomes = runProgram(`${watching()}
      delete globalThis.WebAssembly;
      console.log(JSON.stringify([
        await outcome(() => rolecall.init()),
        await outcome(() => new rolecall.Service()),
        await outcome(() => rolecall.Service.from({})),
      ]));`);
    assert.equal(outcomes.length, 3);
    for (const outcome of outcomes) assertFailure(outcome, "webassembly-missing", /WebAssembly/);
  });

  test("an embedder that forbids it is webassembly-blocked", () => {
    const forbid = `() => { throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder"); }`;
    const outcomes = runProgram(`${watching(forbid)}
      console.log(JSON.stringify([
        await outcome(() => rolecall.init()),
        await outcome(() => new rolecall.Service()),
        await outcome(() => rolecall.Service.from({})),
      ]));`);
    for (const outcome of outcomes) assertFailure(outcome, "webassembly-blocked", /wasm-unsafe-eval/);
  });

  test("an engine that is too old is not-ready, and says so", () => {
    const old = `(calls, size) => {
      if (size > 1000) throw new WebAssembly.CompileError("invalid value type 'externref'");
    }`;
    const outcomes = runProgram(`${watching(old)}
      console.log(JSON.stringify([await outcome(() => rolecall.init()), await outcome(() => new rolecall.Service())]));`);
    assert.equal(outcomes.length, 2);
    for (const outcome of outcomes) assertFailure(outcome, "not-ready", tooOld, "invalid value type 'externref'");
  });

  test("an engine without memory for it is not-ready, and init-required only where compiling is refused", () => {
    const [service, after] = runProgram(`${watching()}
      const { Instance } = WebAssembly;
      WebAssembly.Instance = new Proxy(Instance, {
        construct(real, given) {
          // What probes has nothing in it.
          if (WebAssembly.Module.exports(given[0]).length > 0) throw new RangeError("could not allocate memory");
          return Reflect.construct(real, given);
        },
      });
      const service = await outcome(() => new rolecall.Service());
      WebAssembly.Instance = Instance;
      console.log(JSON.stringify([service, allowed()]));`);
    assertFailure(service, "not-ready", /could not be started/, "could not allocate memory");
    assert.equal(after, true);
  });

  test("an engine that refuses to compile so much at once is init-required, and init helps", () => {
    const refuse = `(calls, size) => {
      if (calls.at(-1) === "Module" && size > 1000) throw new RangeError("WebAssembly.Module is disallowed on the main thread");
    }`;
    const [service, from, init, after] = runProgram(`${watching(refuse)}
      console.log(JSON.stringify([
        await outcome(() => new rolecall.Service()),
        await outcome(() => rolecall.Service.from({})),
        await outcome(() => rolecall.init()),
        allowed(),
      ]));`);
    for (const outcome of [service, from]) assertFailure(outcome, "init-required", /await init\(\)/);
    assert.deepEqual([init, after], ["done", true]);
  });

  describe("rolecall/slim", () => {
    const base64 = '"data:application/wasm;base64," + bytes.toString("base64")';
    const sources = {
      bytes: "bytes",
      "a buffer": "new Uint8Array(bytes).buffer",
      "a module": "new WebAssembly.Module(bytes)",
      "a promise of a module": "WebAssembly.compile(bytes)",
      "a response, whatever its type": 'new Response(bytes, { headers: { "content-type": "text/plain" } })',
      "the promise that fetch returns": `fetch(${base64})`,
      "an address": base64,
      "a URL": `new URL(${base64})`,
    };
    const failing = {
      "a response that is none": ['new Response("", { status: 404 })', /404/],
      "what is no WebAssembly": ["new Uint8Array(8)", /CompileError/],
      "an address of nothing": ['"nowhere:"', /fetch failed/],
      nothing: ["undefined", /TypeError/],
      "a number": ["5", /TypeError/],
      "a promise that fails": ['Promise.reject(new Error("offline"))', /offline/],
      "a promise that fails with what is no string": [
        "Promise.reject({ toString() { throw new Error() } })",
        /: object$/,
      ],
    };

    /** What each expression gives, in a copy of the package of its own; an error as its name, code and message. */
    const outcomes = (expressions) =>
      runProgram(
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

    test(`says so when it is passed ${Object.keys(failing).join(", ")}; and starts from something better`, () => {
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

    test("says that a module is another version's, also where compiling is forbidden, and starts from the right one", () => {
      const start = "\\0asm\\x01\\0\\0\\0";
      const foreign = [
        ["TypeError", start],
        ["LinkError", `${start}\\x01\\x04\\x01\\x60\\0\\0\\x02\\x16\\x01\\x10./rolecall_bg.js\\x01f\\0\\0`],
      ];
      const table = foreign.flatMap(([cause, text]) => [true, false].map((forbids) => ({ cause, text, forbids })));
      const results = outcomes(
        table.map(
          ({ text, forbids }) => `...(await (async () => {
            const { Module } = WebAssembly;
            const right = new Module(bytes);
            // Of another realm, since edge runtimes run programs in sandboxes.
            const other = require("node:vm").runInNewContext('new WebAssembly.Module(Buffer.from("${text}", "latin1"))', { Buffer });
            const forbid = () => { throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder"); };
            if (${forbids}) WebAssembly.Module = new Proxy(Module, { construct: forbid });
            const found = [await outcome(() => init(other)), await outcome(() => init(right)), allowed(Service)];
            WebAssembly.Module = Module;
            return found;
          })())`,
        ),
      );
      for (const [at, { cause, forbids }] of table.entries()) {
        const [[error, code, message], ...after] = results[at];
        assert.deepEqual(
          [error, code, ...after],
          ["RolecallError", "not-ready", "done", true],
          `${forbids}: ${message}`,
        );
        assert.match(message, new RegExp(`another version.*: ${cause}`));
      }
    });

    test("waits for nothing where rolecall itself is there too", () => {
      const program = `import { Service } from "rolecall";
        import { Service as Slim } from "rolecall/slim";
        console.log(JSON.stringify([new Slim() instanceof Service]));`;
      assert.deepEqual(runProgram(program), [true]);
    });
  });

  test("two copies of the package understand each other's services and errors", () => {
    const answers = runProgram(
      `const first = require("rolecall");
      for (const file of Object.keys(require.cache)) delete require.cache[file];
      const second = require("rolecall");
      const service = new first.Service();
      service.setUser("alice");
      const copy = second.Service.from(service);
      const loaded = new second.Service({ roles: "none" });
      loaded.load(service, { replace: true });
      let error;
      try { copy.setUser(5); } catch (thrown) { error = thrown; }
      console.log(JSON.stringify([
        first.Service === second.Service,
        [copy, loaded].map((one) => JSON.stringify(one) === JSON.stringify(service)),
        copy.ability("alice").can("createChannel"),
        error instanceof first.RolecallError,
        error.name,
      ]));`,
      "commonjs",
    );
    assert.deepEqual(answers, [false, [true, true], true, false, "RolecallError"]);
  });
});

/** Puts what goes wrong where the test sees it, since a page that fails would only keep its title. */
const report = `addEventListener("error", (event) => { document.title = "error: " + event.message; });
addEventListener("unhandledrejection", (event) => { document.title = "error: " + event.reason; });
addEventListener("securitypolicyviolation", (event) => {
  document.title = "error: policy forbids " + event.violatedDirective + " " + event.blockedURI;
});
`;

const showing = (program) => `${program}document.title = \`done: \${allowed} \${denied}\`;\n`;

const forbidden = (specifier) => `import { init, Service } from ${JSON.stringify(specifier)};
const outcomes = [];
for (const call of [() => init(), () => new Service(), () => Service.from({}), () => init()]) {
  try {
    await call();
    outcomes.push("done");
  } catch (error) {
    outcomes.push([error.name, error.code, "path" in error, error.message.includes("wasm-unsafe-eval")].join(" "));
  }
}
document.title = "done: " + outcomes.join(", ");
`;

describe("in a page,", () => {
  const served = servePackage(async (project, write) => {
    // Without an import map, which this policy forbids inline, a page names the file itself.
    const file = `./${project.resolve("rolecall")}`;
    write("report.js", report);
    write("modules.html", page("report.js", "modules.js"));
    write("modules.js", showing(firstProgram(file)));
    write("bundle.html", page("report.js", "bundle.js"));
    await bundle(project, showing(firstProgram("rolecall")), "bundle.js", { minify: true });
    write("forbidden.html", page("forbidden.js"));
    write("forbidden.js", forbidden(file));
  });
  let forbidding;
  before(async () => {
    forbidding = await serve(served.project.folder, { headers: { "Content-Security-Policy": "default-src 'self'" } });
  });
  after(() => forbidding?.close());

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      before(async () => {
        browser = await open(engine);
      });
      after(() => browser?.quit());

      const titleOf = async (address) => {
        await browser.get(address);
        await browser.wait(until.titleMatches(/^(done|error): /), 20_000);
        return browser.getTitle();
      };

      for (const name of ["modules", "bundle"]) {
        test(`the first checks are answered from ${name}.html`, async () => {
          assert.equal(await titleOf(`${served.site.address}${name}.html`), "done: true false");
        });
      }

      test("a policy without 'wasm-unsafe-eval' is answered with webassembly-blocked", async () => {
        const outcome = "RolecallError webassembly-blocked false true";
        assert.equal(
          await titleOf(`${forbidding.address}forbidden.html`),
          `done: ${Array(4).fill(outcome).join(", ")}`,
        );
      });
    });
  }
});
