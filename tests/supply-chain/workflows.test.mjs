// What the workflows of .github may do, and whose code they run.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../scripts/run.mjs";

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("there are workflows to look at", () => {
  assert.deepEqual(workflows.map(({ name }) => name).sort(), ["ci.yml", "release.yml"]);
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
