// What the manuals say, run against the packed package. Each ```js block is a program of its own, and a line that ends in
// `// → value` is checked to give that value. What a block uses and does not declare is a stand-in below. A block that begins
// with `// name.js` is that file, which other blocks of its page import. The other kinds are in blocks.test.mjs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { npmPage } from "../../scripts/npm-page.mjs";
import { root } from "../../scripts/run.mjs";
import { entrySizes } from "../../scripts/size.mjs";
import { installPackage } from "./install.mjs";
import { blocksOf, check, manuals, read } from "./pages.mjs";

/** The payload of the README's example, which the back ends of the other blocks answer with. */
const payload = read("examples/access.json");

const standIns = `import { deepStrictEqual, equal } from "node:assert/strict";
import { Service } from "rolecall";
const payload = ${payload};
globalThis.fetch = async () => new Response(JSON.stringify(payload));
globalThis.service = Service.from(payload);
globalThis.Service = Service;
globalThis.alice = service.ability("alice", "desk");
globalThis.checks = 0;
globalThis.check = (found, expected) => {
  globalThis.checks++;
  deepStrictEqual(found, expected);
};
globalThis.finish = (expected) => equal(globalThis.checks, expected, "lines with a value that were reached");
`;

/** The block as a program that fails where a line does not give what it says. */
function program(source) {
  const checked = source.replaceAll(/^( *)(.+); \/\/ → (.+)$/gm, "$1check($2, $3);");
  return `${checked}\nfinish(${checked.split("check(").length - 1});\n`;
}

const runNode = (folder, ...args) => promisify(execFile)(process.execPath, args, { cwd: folder });

const programs = manuals.flatMap(blocksOf).filter(({ kind, included }) => kind === "js" && included === undefined);

describe("the programs of the manuals", { concurrency: 2 }, () => {
  let project;
  before(() => {
    project = installPackage();
    writeFileSync(join(project.folder, "stand-ins.mjs"), standIns);
    mkdirSync(join(project.folder, "node_modules", "@cedar-policy"));
    for (const name of ["@cedar-policy/cedar-wasm", "twilio", "express", "react", "react-dom"]) {
      symlinkSync(join(root, "node_modules", name), join(project.folder, "node_modules", name), "dir");
    }
    for (const page of manuals) mkdirSync(join(project.folder, page.replaceAll("/", "-")));
    for (const { page, file, source } of programs) {
      if (file) writeFileSync(join(project.folder, page.replaceAll("/", "-"), file), source);
    }
  });
  after(() => project.remove());

  for (const { page, line, name, source } of programs) {
    test(name, async () => {
      const file = join(project.folder, page.replaceAll("/", "-"), `line-${line}.mjs`);
      writeFileSync(file, program(source));
      // The helper library of a handler takes any account.
      const environment =
        "process.env.TWILIO_ACCOUNT_SID='AC1';process.env.TWILIO_AUTH_TOKEN='1';process.env.TWILIO_SERVICE_SID='IS1'";
      const imports = ["./stand-ins.mjs", `data:text/javascript,${environment}`].flatMap((one) => ["--import", one]);
      await runNode(project.folder, ...imports, file);
    });
  }

  test("the README's example runs as pasted, and prints what it says", async () => {
    const { source } = blocksOf("README.md").find(({ kind }) => kind === "js");
    writeFileSync(join(project.folder, "example.mjs"), source);
    const { stdout } = await runNode(project.folder, "example.mjs");
    const printed = [...source.matchAll(/^console\.log\(.*\);(?:\n| )\/\/ ([^:\n]*: it belongs .*|\w+)/gm)].map(
      ([, value]) => value,
    );
    assert.equal(printed.length, 4);
    assert.deepEqual(stdout.trimEnd().split("\n"), printed);
  });

  test("the README's example has the payload of examples/access.json", async () => {
    const { source } = blocksOf("README.md").find(({ kind }) => kind === "js");
    const compared = `${source}
      import { deepStrictEqual } from "node:assert/strict";
      deepStrictEqual(service.toJSON(), Service.from(${payload}).toJSON());`;
    writeFileSync(join(project.folder, "payload.mjs"), compared);
    await runNode(project.folder, "payload.mjs");
  });

  test("the README's React component shows what its user may do", async () => {
    const { source } = blocksOf("README.md").find(({ kind }) => kind === "jsx");
    const { code } = await transform(source, { loader: "jsx", jsx: "automatic" });
    writeFileSync(join(project.folder, "menu.mjs"), code);
    const shown = `import { equal, match } from "node:assert/strict";
      import { createElement } from "react";
      import { renderToStaticMarkup } from "react-dom/server";
      import { MessageMenu } from "./menu.mjs";
      const show = (ability) => renderToStaticMarkup(createElement(MessageMenu, { ability, message: { author: "bob" } }));
      match(show(undefined), /One moment/);
      equal(show(alice).includes("Manage"), false);
      match(show(alice), /<button disabled="" title="“alice” may not delete this message/);
      service.grant("member", "removeParticipant");
      service.grant("member", "deleteAnyMessage");
      match(show(alice), /<button>Manage participants<.button>/);
      match(show(alice), /<button>Delete<.button>/);`;
    writeFileSync(join(project.folder, "shown.mjs"), shown);
    await runNode(project.folder, "--import", "./stand-ins.mjs", "shown.mjs");
  });
});

describe("the sizes in the pages are those of the build:", () => {
  let sizes;
  before(async () => {
    sizes = await entrySizes();
  });
  const forms = ["raw", "gzip", "brotli"];

  /** Within 3 %. What is added is the difference of two programs, which compress a little differently each time. */
  function assertNear(said, entry, form) {
    const isDifference = entry !== "rolecall" && entry !== "rolecall/slim";
    const noise = isDifference && form !== "raw" ? sizes.get("rolecall")[form] * 0.002 : 0;
    const is = sizes.get(entry)[form];
    assert.ok(Math.abs(said - is) <= is * 0.03 + noise, `${entry}, ${form}: ${said} is said, ${is} it is`);
  }

  test("each row of the tables", () => {
    const rows = [
      ...read("docs/performance.md").matchAll(
        /^\| `?(rolecall\S*?)`? \|[^|]*\| \+?([\d,]+) \| \+?([\d,]+) \| \+?([\d,]+) \|$/gm,
      ),
    ];
    assert.deepEqual(rows.map(([, entry]) => entry).sort(), [...sizes.keys()].sort());
    for (const [, entry, ...said] of rows) {
      for (const [at, form] of forms.entries()) assertNear(Number(said[at].replaceAll(",", "")), entry, form);
    }
  });

  test("each sentence", () => {
    const sentences = manuals.flatMap((page) => [
      ...read(page).matchAll(/<!-- size of rolecall, (\w+) -->([\d.]+) kB<!-- end -->/g),
    ]);
    assert.ok(sentences.length > 0);
    for (const [, form, said] of sentences) assertNear(Number(said) * 1000, "rolecall", form);
  });
});

describe("the pages", () => {
  const pages = [...manuals, "pkg-template/README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
  const repository = "https://github.com/rolecall/rolecall";

  test("the README has at most 180 lines", () => {
    assert.ok(read("README.md").trimEnd().split("\n").length <= 180);
  });

  test("npm's page is the README, with links that lead to the repository", () => {
    check("pkg-template/README.md", npmPage());
  });

  /** The name that GitHub gives a heading. */
  const anchor = (heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  /** The names in a page: GitHub counts headings that are the same. Comments in code are no headings. */
  const anchorsOf = (text) => {
    const prose = text.replaceAll(/^```.*\n[\s\S]*?^```$/gm, "");
    const seen = new Map();
    return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
      const name = anchor(heading);
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? `#${name}` : `#${name}-${before}`;
    });
  };

  for (const page of pages) {
    test(`${page} links to what is there`, () => {
      const text = read(page);
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
      const dangling = links.filter((link) => {
        if (link.startsWith("#")) return !anchorsOf(text).includes(link);
        const [, path, hash] = /^([^#]*)(#.*)?$/.exec(
          link.replace(/^https:\/\/github\.com\/rolecall\/rolecall\/(blob|raw)\/main\//, "./"),
        );
        if (path === repository) return hash !== undefined && !anchorsOf(read("README.md")).includes(hash);
        if (/^https?:/.test(path)) return false;
        const file = join(page.startsWith("pkg-template") ? "." : dirname(page), path);
        return !existsSync(join(root, file)) || (hash !== undefined && !anchorsOf(read(file)).includes(hash));
      });
      assert.deepEqual(dangling, []);
    });
  }

  test("CONTRIBUTING.md maps every source of the model, and every file that it names is there", () => {
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
