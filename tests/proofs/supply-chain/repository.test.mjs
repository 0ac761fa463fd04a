// What the repository trusts and starts: what is downloaded to build and test is named exactly, with its hash; the commands of
// package.json start on a fresh clone; the workflows of .github may do no more than they must.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../../scripts/run.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");

describe("npm packages", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const { "": workshop, ...installed } = packages;
  const all = Object.entries(installed);
  const wrong = (isRight) => all.filter(([, entry]) => !isRight(entry)).map(([path]) => path);

  test("come from a registry, not from a repository or a folder", () => {
    assert.ok(all.length > 100, `${all.length} packages`);
    assert.deepEqual(
      // A lock file without addresses leaves them to the registry that npm is set to; the hash holds either way.
      wrong(
        ({ resolved = "https://registry.npmjs.org/", link }) =>
          !link && /^https:\/\/registry\.npmjs\.org\//.test(resolved),
      ),
      [],
    );
  });

  test("have their SHA-512", () => {
    assert.deepEqual(
      wrong(({ integrity }) => /^sha512-[\w+/]{86}==$/.test(integrity ?? "")),
      [],
    );
  });

  test("are asked for by exact version", () => {
    const asked = Object.entries(workshop.devDependencies);
    assert.ok(asked.length > 0);
    assert.deepEqual(
      asked.filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  test("are installed without running their scripts", () => {
    assert.match(read("scripts/setup.mjs"), /"ci".*"--ignore-scripts"/);
  });
});

describe("crates", () => {
  const crates = read("Cargo.lock")
    .split("[[package]]")
    .slice(1)
    .map((entry) =>
      Object.fromEntries([...entry.matchAll(/^(\w+) = "(.+)"$/gm)].map(([, key, value]) => [key, value])),
    );

  test("come from crates.io, with their SHA-256, but for the project's own", () => {
    assert.ok(crates.length > 30, `${crates.length} crates`);
    const odd = crates.filter(
      ({ source, checksum }) =>
        source !== "registry+https://github.com/rust-lang/crates.io-index" || !/^[\da-f]{64}$/.test(checksum ?? ""),
    );
    assert.deepEqual(
      odd.map(({ name }) => name).filter((name) => !/^rolecall(-|$)/.test(name)),
      [],
    );
  });
});

/** Leaves alone what `import()` names: it is looked for only when that runs. */
const later = {
  name: "later",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^/ }, ({ kind }) => (kind === "dynamic-import" ? { external: true } : undefined)),
};

/** The npm packages that must be there for the first line of a program in the root to run. */
async function neededAtOnce(program) {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", write: false, metafile: true },
    plugins: [later],
    logLevel: "error",
  });
  return Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, kind, path }) => external && kind !== "dynamic-import" && !isBuiltin(path))
    .map(({ path }) => path);
}

describe("what must be installed before a script can start", () => {
  for (const [program, found] of [
    ['import { build } from "esbuild"', ["esbuild"]],
    ['export * from "@casl/ability"', ["@casl/ability"]],
    ['import "rolecall"', ["rolecall"]],
    ['import "./scripts/serve.mjs"', ["sirv"]],
    ['import { join } from "node:path"; import { once } from "events"', []],
    ['const load = () => import("esbuild")', []],
    ['const load = () => import("./scripts/serve.mjs")', []],
  ]) {
    test(`\`${program}\`: ${found.join() || "nothing"}`, async () => {
      assert.deepEqual(await neededAtOnce(program), found);
    });
  }

  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const started = Object.entries(scripts).flatMap(([name, command]) => {
    const file = /^node ((?:scripts|bench)\/\S+)/.exec(command)?.[1];
    return file === undefined ? [] : [{ name, file }];
  });

  test("there are scripts to look at", () => {
    assert.ok(started.length > 10, `${started.length} scripts`);
  });

  for (const { name, file } of started) {
    test(`npm run ${name}: nothing`, async () => {
      assert.deepEqual(await neededAtOnce(`import "./${file}"`), []);
    });
  }
});

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("there are workflows to look at", () => {
  assert.deepEqual(workflows.map(({ name }) => name).sort(), ["ci.yml", "release.yml", "weekly.yml"]);
});

for (const { name, text } of workflows) {
  describe(name, () => {
    const matches = (pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

    test("names each action by commit, with its version beside it", () => {
      const actions = matches(/^\s*-? *uses: *(.+)$/gm);
      assert.ok(actions.length > 0);
      assert.deepEqual(
        actions.filter((action) => !/^[\w-]+\/[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
        [],
      );
    });

    test("may read the sources and no more, but where a job says so", () => {
      assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m);
    });

    test("leaves no credentials beside the sources", () => {
      assert.equal(matches(/(uses: actions\/checkout@)/g).length, matches(/(persist-credentials: false)/g).length);
    });

    test("runs nothing that a stranger wrote into an event", () => {
      assert.deepEqual(matches(/(pull_request_target|workflow_run|issue_comment)/g), []);
      const commands = matches(/^\s*-? *run: *((?:\|\n(?: {10,}.*\n)+)|.+)$/gm);
      assert.ok(commands.length > 0);
      assert.deepEqual(
        commands.filter((command) => command.includes("${{")),
        [],
      );
    });
  });
}

describe("the release", () => {
  const { text } = workflows.find(({ name }) => name === "release.yml");
  const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  const job = (name) => new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\n)+)`, "m").exec(text)[1];

  test("is started by a tag alone", () => {
    assert.match(text, /^on:\n {2}push:\n {4}tags: \["v\*"\]\n\n/m);
  });

  test("has the jobs of this table", () => {
    assert.deepEqual(all(text.slice(text.indexOf("\njobs:")), /^ {2}(\w+):$/gm), ["build", "npm", "github"]);
  });

  // npm's provenance takes `id-token: write`; the others must not have it.
  for (const [name, after, permissions, commands] of [
    [
      "build",
      [],
      [],
      [
        'test "$GITHUB_REF_NAME" = "v$(node -p \'require("./pkg-template/package.json").version\')"',
        "npm test",
        "npm run release",
      ],
    ],
    [
      "npm",
      ["build"],
      ["contents: read", "id-token: write"],
      ["sha256sum --check --strict SHA256SUMS", "npm publish ./rolecall-*.tgz --provenance --access public"],
    ],
    [
      "github",
      ["npm"],
      ["contents: write"],
      [
        "sha256sum --check --strict SHA256SUMS",
        // The tarball, the bills of materials and the checksums.
        'gh release create "$GITHUB_REF_NAME" --repo "$GITHUB_REPOSITORY" --verify-tag --generate-notes ./*',
      ],
    ],
  ]) {
    test(`may and does in ${name} exactly this`, () => {
      assert.deepEqual(all(job(name), /^ {4}needs: (.+)$/gm), after);
      const block = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job(name))?.[1] ?? "";
      assert.deepEqual(all(block, /^ {6}([\w-]+: \w+)/gm), permissions);
      assert.deepEqual(all(job(name), /^\s*-? *run: (.+)$/gm), commands);
    });
  }

  test("hands on what `npm run release` made, and nothing else", () => {
    assert.match(
      job("build"),
      /upload-artifact@.*\n +with:\n +name: release\n +path: release\/\n +if-no-files-found: error\n/,
    );
    for (const name of ["npm", "github"]) {
      assert.match(job(name), /download-artifact@.*\n +with:\n +name: release\n/);
      assert.doesNotMatch(job(name), /checkout@|npm (ci|install|run)/);
    }
  });

  test("skips no check", () => {
    assert.match(job("build"), /- run: npm test\n +env:\n +AUDIT: required\n +RELEASE: required\n/);
  });

  test("starts from nothing, waits for a person, and has no token to steal", () => {
    assert.doesNotMatch(text, /actions\/cache@|^ +cache:/m);
    assert.equal(all(text, /(setup-node@)/g).length, all(text, /(package-manager-cache: false)/g).length);
    assert.match(job("npm"), /^ {4}environment: npm$/m);
    assert.doesNotMatch(text, /secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });
});

describe("the weekly workflow", () => {
  const { text } = workflows.find(({ name }) => name === "weekly.yml");

  test("is run by the clock", () => {
    assert.match(text, /^ {2}schedule:\n {4}- cron: "[\d ]+\* \* \d"$/m);
  });

  test("runs only what there are scripts for", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const commands = [...text.matchAll(/^ {10}- (\S+)/gm)].map(([, name]) => name);
    assert.ok(commands.length > 0);
    for (const name of commands) assert.ok(name in scripts, name);
  });
});
