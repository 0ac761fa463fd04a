// The demo page, as a person uses it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { By, Key } from "selenium-webdriver";
import { engines, open } from "../browser/engines.mjs";
import { hostile, json, kitchen, promotion, withoutBen } from "./payloads.mjs";
import { servePage, Visitor } from "./visitor.mjs";

const modifier = process.platform === "darwin" ? Key.COMMAND : Key.CONTROL;

/** The cells of each line of a table. */
const table = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));

describe("the demo page", () => {
  let site;
  let folder;
  before(async () => {
    site = await servePage();
    folder = mkdtempSync(join(tmpdir(), "rolecall-page-"));
  });
  after(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let browser;
      /** @type {Visitor} */ let visitor;
      before(async () => {
        browser = await open(engine);
        visitor = new Visitor(browser, site.address);
      });
      after(() => browser?.quit());
      beforeEach(() => visitor.arrive());

      test("is alive at once, with an example", async () => {
        assert.equal(
          await visitor.text("#news"),
          "Community loaded: 5 roles, 6 users, 3 channels, 8 members, 1 invite.",
        );
        assert.equal(await visitor.text("#preview-title"), "What bob sees");
        assert.equal(await visitor.text("#tally"), "bob, in General: 6 of 19 allowed");
        assert.deepEqual(await visitor.options("Who is looking"), [
          ...["alice", "bob", "carol", "dana", "erin", "frank"],
          "someone who isn’t loaded",
        ]);
        assert.deepEqual(await visitor.options("In which"), [
          ...["General (public)", "Seed swap (public)", "Moderators (private)"],
          ...["no channel", "a channel that isn’t loaded"],
        ]);
      });

      test("says that the server still enforces", async () => {
        assert.match(await visitor.text(".note"), /The browser decides what is shown; the server still enforces\./);
      });

      describe("answers", () => {
        for (const [who, where, whose, action, answer, ...facts] of table(`
          alice | General (public)            | someone else’s | editMessage   | Allowed | role channel admin | permission editAnyMessage
          alice | General (public)            | their own      | editMessage   | Allowed | role channel admin | permission editAnyMessage
          bob   | General (public)            | their own      | deleteMessage | Allowed | role channel user | permission deleteOwnMessage
          bob   | General (public)            | someone else’s | deleteMessage | Denied  | reason not-owner | missing deleteAnyMessage | status 403 | Twilio error 50107
          erin  | General (public)            | someone else’s | createChannel | Denied  | reason missing-permission | missing createChannel | status 403 | Twilio error 50107
          frank | General (public)            | someone else’s | sendMessage   | Denied  | reason not-a-member | missing sendMessage | status 403 | Twilio error 50400
          frank | Moderators (private)        | someone else’s | viewChannel   | Denied  | reason not-visible | status 403 | Twilio error 50400
          carol | Moderators (private)        | someone else’s | joinChannel   | Allowed | role service user | permission joinChannel
          dana  | no channel                  | no one’s       | deleteMessage | Allowed | role service admin | permission deleteAnyMessage
          bob   | a channel that isn’t loaded | their own      | deleteMessage | Denied  | reason unknown-channel | status 403 | Twilio error 50107
        `)) {
          test(`${who}, ${where}, ${whose}: ${action} is ${answer.toLowerCase()}`, async () => {
            await visitor.ask({ who, where, whose });
            const decision = await visitor.decision(action);
            assert.equal(decision.answer, answer);
            assert.match(decision.message, new RegExp(`\\b${who}\\b`));
            assert.deepEqual(decision.facts, facts);
          });
        }
      });

      describe("shows in the chat", () => {
        for (const [who, where, controls] of [
          [
            "alice",
            "General (public)",
            {
              ".bar": ["Rename", "Edit topic", "Invite", "Add member", "Notifications", "Leave", "Delete channel"],
              ".other": ["React", "Edit", "Delete"],
              ".self": ["React", "Edit", "Delete"],
              ".nobody": ["React", "Edit", "Delete"],
              ".composer": ["Attach", "Send"],
              ".rail": ["New channel", "Edit profile"],
            },
          ],
          [
            "bob",
            "General (public)",
            {
              ".bar": ["Notifications", "Leave"],
              ".other": [],
              ".self": ["React", "Edit", "Delete"],
              ".nobody": [],
              ".composer": ["Attach", "Send"],
              ".fellows": ["Edit"],
              ".rail": ["New channel", "Edit profile"],
            },
          ],
          [
            "erin",
            "General (public)",
            { ".bar": ["Notifications", "Leave"], ".self": ["React", "Edit", "Delete"], ".rail": [] },
          ],
          ["frank", "Seed swap (public)", { ".bar": [], ".self": [], ".composer": ["Join"], ".fellows": [] }],
          ["frank", "Moderators (private)", { ".room": [] }],
          ["carol", "Moderators (private)", { ".composer": ["Join"] }],
        ]) {
          test(`what ${who} may press, ${where}`, async () => {
            await visitor.ask({ who, where });
            const shown = {};
            for (const part of Object.keys(controls)) shown[part] = await visitor.controls(part);
            assert.deepEqual(shown, controls);
          });
        }

        test("why a control is there", async () => {
          await visitor.press("Leave");
          assert.match(await visitor.text("#why"), /^Shown\. .*\bbob\b.*\bleaveChannel\b/);
        });

        test("what is hidden, once asked to, and why", async () => {
          assert.deepEqual(await visitor.texts(".hidden-control"), []);
          await visitor.choose("Outline what is hidden");
          assert.deepEqual(await visitor.controls(".other"), ["React", "Edit", "Delete"]);
          await browser.findElement(By.css("#chat .other [data-action=deleteMessage]")).click();
          assert.match(await visitor.text("#why"), /^Hidden\. .*\bbob\b.*\balice\b/);
        });

        test("the channels that a person may see, and opens one", async () => {
          await visitor.ask({ who: "carol" });
          assert.deepEqual(await visitor.texts(".rail li bdi"), ["General", "Seed swap", "Moderators"]);
          await visitor.ask({ who: "bob" });
          assert.deepEqual(await visitor.texts(".rail li bdi"), ["General", "Seed swap"]);
          await visitor.press("Seed swap");
          assert.equal(await visitor.selectedOption("In which"), "Seed swap (public)");
          assert.match(await visitor.text("#tally"), /^bob, in Seed swap: /);
        });
      });

      test("denies everything to somebody who isn't loaded", async () => {
        await visitor.typeIdentity("mallory");
        assert.equal(await visitor.text("#preview-title"), "What mallory sees");
        assert.equal(await visitor.selectedOption("Who is looking"), "someone who isn’t loaded");
        assert.equal(await visitor.text("#tally"), "mallory, in General: 0 of 19 allowed");
        assert.deepEqual((await visitor.decision("sendMessage")).facts.slice(0, 1), ["reason unknown-user"]);
        assert.deepEqual(await visitor.texts("#held li"), ["None"]);
        await visitor.choose("Allowed");
        assert.equal(await visitor.text("#ledger"), "Nothing is allowed.");
        await visitor.ask({ who: "bob" });
        assert.equal(await visitor.text("#preview-title"), "What bob sees");
      });

      test("shows the allowed or the denied decisions alone", async () => {
        await visitor.choose("Allowed");
        assert.deepEqual(new Set(await visitor.texts(".verdict-answer")), new Set(["Allowed"]));
        assert.equal((await visitor.texts(".verdict-answer")).length, 6);
        await visitor.choose("Denied");
        assert.deepEqual(new Set(await visitor.texts(".verdict-answer")), new Set(["Denied"]));
        assert.equal((await visitor.texts(".verdict-answer")).length, 13);
      });

      describe("lists the effective permissions", () => {
        for (const [who, where, roles, permissions] of [
          ["erin", "no channel", "Service role: guest · Channel role: none without one", ["joinChannel"]],
          [
            "bob",
            "General (public)",
            "Service role: service user · Channel role: channel user",
            [
              ...["createChannel", "joinChannel", "leaveChannel", "editOwnUserInfo", "editOwnMemberAttributes"],
              ...["sendMessage", "sendMediaMessage", "editOwnMessage", "deleteOwnMessage", "editOwnMessageAttributes"],
              "editNotificationLevel",
            ],
          ],
        ]) {
          test(`of ${who}, ${where}`, async () => {
            await visitor.ask({ who, where });
            assert.equal(await visitor.text("#roles"), roles);
            assert.deepEqual((await visitor.texts("#held li")).sort(), [...permissions].sort());
          });
        }
      });

      describe("starts from an example", () => {
        test("of Conversations, in its words", async () => {
          await visitor.startFrom("Support desk");
          assert.equal(await visitor.text("#preview-title"), "What agent.priya sees");
          assert.deepEqual(await visitor.report(), {
            roles: { added: 6 },
            users: { added: 5 },
            channels: { added: 3 },
            members: { added: 7, skipped: 1 },
            invites: {},
          });
          assert.equal((await visitor.decision("deleteConversation")).answer, "Allowed");
          assert.deepEqual(await visitor.texts("#ledger h3"), [
            "Conversations",
            "The user",
            "Messages",
            "Participants",
          ]);
          await visitor.ask({ who: "customer-4711" });
          assert.deepEqual((await visitor.decision("removeParticipant")).facts.slice(0, 2), [
            "reason missing-permission",
            "missing removeParticipant",
          ]);
        });

        test("with a permission of the application's own", async () => {
          await visitor.startFrom("Announcements");
          assert.deepEqual((await visitor.decision("pinMessage")).facts.slice(0, 2), [
            "reason missing-permission",
            "missing pinMessage",
          ]);
          assert.deepEqual(await visitor.controls(".other"), []);
          await visitor.ask({ who: "ona@ferries.example" });
          assert.deepEqual((await visitor.decision("pinMessage")).facts, ["role Announcer", "permission pinMessage"]);
          assert.match((await visitor.controls(".other")).join(" "), /pinMessage/);
          assert.match(await visitor.text("#code"), /service\.defineAction\("pinMessage", \{ any: "pinMessage" \}\);/);
          assert.match(await visitor.text("#report .warnings"), /pinMessage.*unknown-permission/s);
        });
      });

      test("writes the JavaScript for what is on screen, and copies it", async () => {
        const shown = async () => (await visitor.text("#code")).split("\n").map((line) => line.trim());
        assert((await shown()).includes('trash.hidden = ability.cannot("deleteMessage", "alice"); // hidden'));
        await visitor.ask({ whose: "their own" });
        assert((await shown()).includes('trash.hidden = ability.cannot("deleteMessage", "bob"); // shown'));
        await visitor.ask({ who: "dana", where: "no channel", whose: "no one’s" });
        const lines = await shown();
        assert(lines.includes('trash.hidden = ability.cannot("deleteMessage", null); // shown'));
        assert.deepEqual(lines.slice(lines.indexOf("const ability = service.ability(")).slice(1, 3), ['"dana",', ");"]);

        await visitor.press("Copy");
        await browser.wait(async () => (await visitor.text("#copied")) !== "", 5000);
        assert.match(await visitor.text("#copied"), /^(Copied|Selected: copy it with the keyboard)$/);
      });

      describe("loads", () => {
        test("a pasted payload", async () => {
          await visitor.paste(json(kitchen));
          assert.equal(
            await visitor.sees(/^The pasted JSON/),
            "The pasted JSON loaded: 3 roles, 2 users, 1 channel, 2 members, 0 invites.",
          );
          assert.deepEqual(await visitor.options("Who is looking"), ["ada", "ben", "someone who isn’t loaded"]);
          assert.equal(await visitor.text("#preview-title"), "What ada sees");
          assert.equal(await visitor.selectedOption("In which"), "Kitchen (private)");
          assert.equal(await visitor.text("#report h4"), "No warnings");
        });

        test("more into the service on screen, whose decisions follow", async () => {
          await visitor.paste(json(kitchen));
          assert.equal((await visitor.decision("deleteMessage")).answer, "Denied");
          await visitor.paste(json(promotion), "adds to this one");
          assert.deepEqual((await visitor.decision("deleteMessage")).facts, [
            "role chef",
            "permission deleteAnyMessage",
          ]);
          assert.deepEqual((await visitor.report()).members, { updated: 1 });
          assert.deepEqual(await visitor.controls(".other"), ["Delete"]);
        });

        test("a section in place of the one on screen", async () => {
          await visitor.paste(json(kitchen));
          await visitor.ask({ who: "ben" });
          assert.equal((await visitor.decision("sendMessage")).answer, "Allowed");
          await visitor.paste(json(withoutBen), "replaces its sections");
          assert.deepEqual((await visitor.report()).members, { unchanged: 1, removed: 1 });
          assert.deepEqual((await visitor.decision("sendMessage")).facts.slice(0, 1), ["reason not-a-member"]);
        });

        test("a file that is picked", async () => {
          const path = join(folder, "kitchen.json");
          writeFileSync(path, json(kitchen));
          await visitor.pick(path);
          await visitor.sees(/^kitchen\.json loaded: 3 roles/);
          assert.equal(await visitor.text("#preview-title"), "What ada sees");
          assert.equal(await (await visitor.textArea()).getProperty("value"), json(kitchen));
        });

        test("a file that is dropped", async () => {
          await visitor.drop("dropped.json", json(kitchen));
          await visitor.sees(/^dropped\.json loaded: 3 roles/);
          assert.equal(await visitor.text("#preview-title"), "What ada sees");
          assert.equal(await (await browser.findElement(By.id("drop"))).isDisplayed(), false);
        });

        test("names that look like a page, as text", async () => {
          await visitor.paste(json(hostile));
          const [first, second] = hostile.users;
          assert.deepEqual(await visitor.options("Who is looking"), [
            ...hostile.users.map(({ identity }) => identity),
            "someone who isn’t loaded",
          ]);
          assert.equal(await visitor.text("#preview-who"), first.identity);
          assert.equal(await visitor.text(".bar h3"), hostile.channels[0].friendly_name);
          await visitor.ask({ who: second.identity });
          assert.equal(await visitor.text("#preview-title"), "What __proto__ sees");
          assert.deepEqual(await browser.findElements(By.css("main img, main script, main b b")), []);
          assert.match(await browser.getTitle(), /^rolecall: /);
        });
      });

      describe("refuses", () => {
        const broken = (change) => {
          const payload = structuredClone(kitchen);
          change(payload);
          return json(payload);
        };
        for (const [name, text, expected, selected] of [
          ["what isn't JSON", '{\n  "roles": [\n  },\n}', { Line: "3", Column: "3" }, "}"],
          ["nothing", "", { Line: "1", Column: "1" }, ""],
          ["a list", "[1, 2]", { Code: "invalid-payload" }],
          [
            "a permission that is a number",
            broken(({ roles }) => (roles[1].permissions[1] = 7)),
            { Code: "invalid-type", Path: "roles[1].permissions[1]", Line: "18", Column: "9" },
            "7",
          ],
          [
            "a list page with a user without an identity",
            json({ users: { users: [{ role_sid: "RL-user" }], meta: {} } }),
            { Code: "missing-field", Path: "users.users[0].identity", Line: "4", Column: "7" },
            '{\n        "role_sid": "RL-user"\n      }',
          ],
          [
            "a role type of another product",
            broken(({ roles }) => (roles[0].type = "galaxy")),
            { Code: "invalid-scope", Path: "roles[0].type", Line: "6", Column: "15" },
            '"galaxy"',
          ],
        ]) {
          test(`${name}, says where, and keeps the service on screen`, async () => {
            await visitor.paste(text);
            assert.equal(
              await visitor.sees(/was not loaded/),
              "The pasted JSON was not loaded. Community stays on screen. Show the error",
            );
            const { title, message, ...facts } = await visitor.failure();
            assert.equal(title, "The pasted JSON was not loaded");
            assert.match(message, /\w+ \w+/);
            assert.deepEqual(facts, expected);
            if (selected !== undefined) assert.deepEqual(await visitor.selection(), { text: selected, focused: true });
            assert.equal(await (await visitor.textArea()).getAttribute("aria-invalid"), "true");
            assert.equal(await visitor.text("#tally"), "bob, in General: 6 of 19 allowed");
            assert.deepEqual((await visitor.report()).roles, { added: 5 });
          });
        }

        test("a bad file that is dropped", async () => {
          await visitor.drop("bad.json", "{");
          await visitor.sees(/^bad\.json was not loaded\. Community stays on screen\./);
          assert.deepEqual(await visitor.selection(), { text: "", focused: true });
        });

        test("and forgets the refusal with the next load", async () => {
          await visitor.paste("{");
          await visitor.sees(/was not loaded/);
          await visitor.paste(json(kitchen));
          await visitor.sees(/^The pasted JSON loaded/);
          assert.equal(await visitor.failure(), null);
          assert.equal(await (await visitor.textArea()).getAttribute("aria-invalid"), "false");
        });
      });

      test("lists so many warnings and says that there are more", async () => {
        const users = Array.from({ length: 1100 }, (_, number) => ({ identity: `user ${number}` }));
        await visitor.paste(json({ ...kitchen, users }));
        const warnings = await browser.findElements(By.css(".warnings li"));
        assert.equal(warnings.length, 1001);
        assert.match(await warnings[0].getText(), /users\[0\]/);
        assert.match(await warnings.at(-1).getText(), /more-warnings$/);
      });

      test("leads from a warning to its place in the text", async () => {
        const payload = {
          ...kitchen,
          roles: [...kitchen.roles, { ...kitchen.roles[0], sid: "RL-x", permissions: ["flambé"] }],
        };
        await visitor.paste(json(payload));
        await visitor.press("roles[3].permissions[0]");
        assert.deepEqual(await visitor.selection(), { text: '"flambé"', focused: true });
      });

      test("can be used with the keyboard alone", async () => {
        const focused = () =>
          browser.executeScript(
            `const on = document.activeElement;
             return on.innerText.trim() || on.value;`,
          );
        await visitor.tab();
        assert.equal(await focused(), "Skip to the question");
        await visitor.keys(Key.ENTER);
        await visitor.tab();
        assert.equal(await browser.switchTo().activeElement().getAttribute("id"), "who");
        await visitor.keys("dana");
        assert.equal(await visitor.text("#preview-title"), "What dana sees");
        await visitor.tab(3);
        assert.equal(await focused(), "other");
        await visitor.keys(Key.ARROW_RIGHT);
        assert.match(await visitor.text("#code"), /"deleteMessage", null/);
        await visitor.tab();
        await visitor.keys(Key.SPACE);
        assert.equal(await browser.findElement(By.id("outline")).isSelected(), true);

        await visitor.tab(2);
        assert.equal(await focused(), "Seed swap");
        await visitor.keys(Key.ENTER);
        assert.match(await visitor.text("#tally"), /^dana, in Seed swap: /);
        assert.equal(await focused(), "Seed swap");

        const area = await visitor.textArea();
        await browser.executeScript("arguments[0].focus()", area);
        await visitor.keys(Key.chord(modifier, "a"), Key.DELETE);
        await visitor.keys('{"users": 1}');
        await visitor.tab(2);
        await visitor.keys(Key.ENTER);
        await visitor.sees(/was not loaded/);
        assert.deepEqual(await visitor.selection(), { text: "1", focused: true });
      });
    });
  }
});
