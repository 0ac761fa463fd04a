// What the manuals say, run against the packed package: each ```js block is a program of its own, and a line that ends in
// `// → value` is checked to give that value. What a block uses and does not declare is a stand-in below.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/run.mjs";
import { installPackage } from "./install.mjs";
import { blocksOf, manuals, read } from "./pages.mjs";

/** The payload that the README shows is the one that its programs fetch. */
const { source: payload } = blocksOf("README.md").find(({ kind }) => kind === "json");

const standIns = `import { deepStrictEqual, equal } from "node:assert/strict";
import { Service } from "rolecall";
const payload = ${payload};
globalThis.fetch = async () => new Response(JSON.stringify(payload));
globalThis.document = { querySelector: () => ({ hidden: undefined }) };
globalThis.message = { author: "bob" };
globalThis.messages = [{ author: "alice" }, message];
globalThis.service = Service.from(payload);
globalThis.alice = service.ability("alice", "CH1");
globalThis.checks = 0;
globalThis.check = (found, expected) => {
  globalThis.checks++;
  deepStrictEqual(found, expected);
};
globalThis.finish = (expected) => equal(globalThis.checks, expected, "lines with a value that were reached");
`;

/** The helper library as far as a handler uses it: what it gives turns into camelCase JSON. */
const twilio = `const { roles, users, conversations, participants } = ${payload};
const camelCase = (row) => {
  const entries = Object.entries(row).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]);
  const instance = Object.fromEntries(entries);
  return { ...instance, toJSON: () => instance };
};
const list = (rows) => ({ list: async () => rows.map(camelCase) });
const resource = (row) => ({ fetch: async () => camelCase(row) });
export default () => ({
  conversations: {
    v1: {
      services: () => ({
        roles: list(roles),
        users: (identity) => resource(users.find((user) => user.identity === identity)),
        conversations: (sid) => ({
          ...resource(conversations.find((conversation) => conversation.sid === sid)),
          participants: list([...participants, { conversation_sid: sid, identity: null, role_sid: "RL2" }]),
        }),
      }),
    },
  },
});
`;

/** What follows the programs that would otherwise define something and end. */
const sequels = [
  [
    "button.hidden =",
    `check(button.hidden, true);
    service.grant("RL2", "deleteAnyMessage");
    check(button.hidden, false);`,
  ],
  [
    "function access(",
    `const { Service } = await import("rolecall");
    const loaded = Service.from(JSON.parse(await access("alice", "CH1")));
    check([loaded.dialect, loaded.ability("alice", "CH1").can("sendMessage")], ["conversations", true]);
    check(loaded.lastLoad.warnings, []);`,
  ],
];

/** The block as a program that fails where a line does not give what it says. */
function program(source) {
  const checked = source.replaceAll(/^( *)(.+); \/\/ → (.+)$/gm, "$1check($2, $3);");
  const ends = sequels.filter(([has]) => source.includes(has)).map(([, sequel]) => sequel);
  const lines = [checked, ...ends].join("\n");
  return `${lines}\nfinish(${lines.split("check(").length - 1});\n`;
}

describe("the programs of", { concurrency: 2 }, () => {
  let project;
  before(() => {
    project = installPackage();
    writeFileSync(join(project.folder, "stand-ins.mjs"), standIns);
    const library = join(project.folder, "node_modules", "twilio");
    mkdirSync(library);
    writeFileSync(join(library, "package.json"), JSON.stringify({ type: "module", exports: "./index.js" }));
    writeFileSync(join(library, "index.js"), twilio);
    mkdirSync(join(project.folder, "node_modules", "@cedar-policy"));
    const engine = join("node_modules", "@cedar-policy", "cedar-wasm");
    symlinkSync(join(root, engine), join(project.folder, engine), "dir");
  });
  after(() => project.remove());

  for (const { page, line, name, source } of manuals.flatMap(blocksOf).filter(({ kind }) => kind === "js")) {
    test(name, async () => {
      const file = join(project.folder, `${page.replaceAll("/", "-")}-${line}.mjs`);
      writeFileSync(file, program(source));
      await promisify(execFile)(process.execPath, ["--import", "./stand-ins.mjs", file], { cwd: project.folder });
    });
  }
});

describe("the pages", () => {
  const pages = [...manuals, "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
  const repository = "https://github.com/rolecall/rolecall";

  /** The name that GitHub gives a heading. */
  const anchor = (heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  /** The names in a page: GitHub counts headings that are the same, and HTML may give a name of its own. */
  const anchorsOf = (text) => {
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => anchor(match[1]));
    const seen = new Map();
    const numbered = headings.map((name) => {
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    });
    return [...numbered, ...[...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1])].map((name) => `#${name}`);
  };

  test("docs/errors.md has every code", () => {
    const table = read("README.md").split("<!-- error codes:")[1].split("<!-- end -->")[0];
    const codes = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    assert.notEqual(codes.length, 0);
    const page = read("docs/errors.md");
    const missing = codes.filter((code) => !page.includes(`// → "${code}"`) && !page.includes(`| \`${code}\` |`));
    assert.deepEqual(missing, []);
  });

  for (const page of pages) {
    test(`${page} links to what is there`, () => {
      const text = read(page);
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
      const dangling = links.filter((link) => {
        if (link.startsWith("#")) return !anchorsOf(text).includes(link);
        const [, path, hash] = /^([^#]*)(#.*)?$/.exec(link.replace(`${repository}/blob/main/`, "./"));
        if (path === repository) return hash !== undefined && !anchorsOf(read("README.md")).includes(hash);
        if (/^https?:/.test(path)) return false;
        const file = join(page.startsWith("pkg-template") ? "." : dirname(page), path);
        return !existsSync(join(root, file)) || (hash !== undefined && !anchorsOf(read(file)).includes(hash));
      });
      assert.deepEqual(dangling, []);
    });
  }

  test("CONTRIBUTING.md maps every source of the model and every file that it names is there", () => {
    const [, map] = /^```text\n([\s\S]*?)^```$/m.exec(read("CONTRIBUTING.md"));
    const named = [...map.matchAll(/^(\S+) {2,}\S/gm)].map((match) => match[1]);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(root, path))),
      [],
    );
    const sources = readdirSync(join(root, "src")).map((name) => `src/${name}${name.includes(".") ? "" : "/"}`);
    assert.deepEqual(
      sources.filter((path) => !named.includes(path)),
      [],
    );
  });
});
