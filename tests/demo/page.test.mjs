// The demo page, as a person uses it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Service } from "rolecall";
import { By, Key } from "selenium-webdriver";
import { read, write } from "../../www/link.js";
import { broken, hostile, json, kitchen, promotion, withoutBen } from "./payloads.mjs";
import { engines, servePage, visit } from "./visitor.mjs";

const community = JSON.parse(readFileSync(new URL("../../www/examples/community.json", import.meta.url), "utf8"));

/** The cells of each line of a table. */
const table = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));

/** The names in a cell. */
const names = (cell) => (cell === "" ? [] : cell.split(", "));

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
      /** @type {import("./visitor.mjs").Visitor} */ let visitor;
      let browser;
      let alice;
      let bob;
      before(async () => {
        visitor = await visit(engine, site);
        browser = visitor.browser;
        alice = visitor.seat("alice");
        bob = visitor.seat("bob");
      });
      after(() => visitor?.leave());

      /** A test that starts with a visit of its own. */
      const fresh = (name, run, link) =>
        test(name, async () => {
          await visitor.arrive(link);
          await run();
        });

      fresh("is alive at once, with an example and two people in it", async () => {
        assert.equal(
          await visitor.text("#news"),
          "Community loaded: 5 roles, 6 users, 3 channels, 8 members, 1 invite.",
        );
        assert.deepEqual(await visitor.texts("[role=tab]"), ["Roles", "Users", "Code", "Your data"]);
        assert.deepEqual(await visitor.texts(".standing"), [
          "service user · channel admin",
          "service user · channel user",
        ]);
        assert.equal(
          await visitor.text(".lede"),
          "rolecall shows each person only the chat buttons that their Twilio roles allow. It decides what to show; " +
            "your server still enforces. Change a role, and watch two people’s chat follow.",
        );
      });

      describe("shows roles and permissions", () => {
        fresh("as a matrix by scope, the pairs together", async () => {
          const { roles, rows } = await visitor.matrix();
          assert.deepEqual(roles, ["service admin", "service user", "guest", "channel admin", "channel user"]);
          assert.deepEqual(await visitor.texts(".matrix .group"), ["Channels", "Members", "Messages", "Users"]);
          assert.equal(Object.keys(rows).length, 23);
          for (const [permission, marks] of [
            ["createChannel", "xx.  "],
            ["leaveChannel", "   xx"],
            ["editAnyMessage", "x..x."],
            ["editOwnMessage", "....x"],
          ])
            assert.equal(rows[permission], marks, permission);
          const order = Object.keys(rows);
          assert.equal(order.indexOf("deleteOwnMessage"), order.indexOf("deleteAnyMessage") + 1);
        });

        fresh("with who gains and who loses before saving, and the chat follows", async () => {
          const remove = "Delete: the message of alice";
          assert(!(await visitor.controls(bob)).includes(remove));
          await visitor.tick("deleteAnyMessage", "channel user");
          await visitor.tick("sendMessage", "channel admin");
          await visitor.until("#changes", /^2 changes not saved\. 3 people gain, 2 people lose something\.$/);
          assert.deepEqual(await visitor.texts(".flips li"), [
            "loses sendMessage: alice, carol, in 3 channels",
            "gains deleteMessage on others’: bob, carol, erin, in General and Seed swap",
          ]);
          assert(!(await visitor.controls(bob)).includes(remove), "nothing is saved yet");
          await visitor.press("Save");
          assert.equal(await visitor.text("#news"), "Saved 2 changes of permissions.");
          assert((await visitor.controls(bob)).includes(remove));
          assert(!(await visitor.controls(alice)).includes("Send"));
        });

        fresh("and forgets what is discarded", async () => {
          await visitor.tick("deleteAnyMessage", "channel user");
          await visitor.until("#changes", /gain/);
          await visitor.press("Discard");
          assert.equal((await visitor.matrix()).rows.deleteAnyMessage, "x..x.");
          assert.match(await visitor.text("#changes"), /^Tick a box/);
        });

        fresh("and does not save a role without permissions", async () => {
          await visitor.tick("joinChannel", "guest");
          await visitor.until("#changes", /at least one permission|without a permission|permission/);
          assert.equal(await (await visitor.control("Save")).isEnabled(), false);
        });

        fresh("to create", async () => {
          await visitor.press("New role");
          await visitor.answer({ Name: "helper", "Starts with the permissions of": "channel user (channel)" });
          assert.equal(await visitor.text("#news"), "Created the role helper.");
          const { roles, rows } = await visitor.matrix();
          assert.deepEqual(roles.slice(3), ["channel admin", "channel user", "helper"]);
          assert.equal(rows.sendMessage, "   xxx");
        });

        fresh("but not under a name that is too long", async () => {
          await visitor.press("New role");
          await browser.executeScript("arguments[0].removeAttribute('maxlength')", await visitor.field("Name"));
          await visitor.answer({ Name: "x".repeat(65) });
          assert.match(await visitor.text("dialog .error"), /^Not done: .*64/);
        });

        fresh("to rename, by making it again", async () => {
          await visitor.press("channel user default");
          assert.match(await visitor.dialog(), /Held by\s*5 members/);
          await visitor.press("Rename …");
          await visitor.answer({ "New name": "gardener" });
          assert.deepEqual((await visitor.matrix()).roles.slice(3), ["channel admin", "gardener"]);
          assert.equal(await visitor.text(`${bob} .standing`), "service user · gardener");
          assert((await visitor.controls(bob)).includes("Send"), "nobody has lost it");
        });

        fresh("to make the default", async () => {
          await visitor.press("guest");
          await visitor.press("Make it the default for new users");
          assert.match(await visitor.dialog(), /The default role for new users\./);
        });

        fresh("to delete, with a warning for a default one and those who would dangle; and to bring back", async () => {
          await visitor.press("channel user default");
          await visitor.press("Delete …");
          await visitor.until("dialog[open] form", /loses\s+sendMessage: bob, carol, erin, dana, in 3 channels/);
          const text = await visitor.dialog();
          assert.match(text, /This is a default role\./);
          assert.match(text, /5 members would dangle: bob, carol, erin, dana\./);
          await visitor.answer();
          assert.equal(await visitor.text(`${bob} .standing`), "service user · a deleted role");
          assert.deepEqual(await visitor.controls(`${bob} .composer`), []);
          assert.deepEqual(await visitor.texts(".notices li span"), ["5 references to the deleted role channel user"]);
          await visitor.press("Bring it back");
          assert.deepEqual(await visitor.controls(`${bob} .composer`), ["Attach a photo", "Send"]);
          assert.deepEqual(await visitor.texts(".notices li"), []);
        });
      });

      describe("shows users", () => {
        const link = "example=community&tab=users";

        fresh(
          "to find",
          async () => {
            assert.equal((await visitor.texts(".person bdi")).length, 6);
            await visitor.type("Find a user", "AN");
            assert.deepEqual(await visitor.texts(".person bdi"), ["dana", "frank"]);
            assert.equal(await visitor.text(".find [role=status]"), "2 of 6 users");
            await visitor.type("Find a user", "nobody");
            assert.equal(await visitor.text(".nothing"), "Nobody’s identity has this in it.");
          },
          link,
        );

        fresh(
          "and switches a service role",
          async () => {
            assert((await visitor.controls(bob)).includes("New channel"));
            assert.deepEqual(await visitor.options("Service role of bob"), ["service admin", "service user", "guest"]);
            await visitor.select("Service role of bob", "guest");
            assert.equal(await visitor.text("#news"), "bob is guest everywhere.");
            assert(!(await visitor.controls(bob)).includes("New channel"));
            await visitor.select("Service role of bob", "service admin");
            assert((await visitor.controls(bob)).includes("Delete channel"));
          },
          link,
        );

        fresh(
          "and the role of a member",
          async () => {
            await visitor.press("bob");
            assert.deepEqual(await visitor.texts(".people th[scope=row]"), ["Everywhere", "General", "Seed swap"]);
            await visitor.select("Role of bob in General", "channel admin");
            assert((await visitor.controls(bob)).includes("Remove: erin") === false, "the list of members is closed");
            assert((await visitor.controls(bob)).includes("Rename channel"));
            await visitor.press("All users");
            assert.equal((await visitor.texts(".person bdi")).length, 6);
          },
          link,
        );

        fresh(
          "in the chat, on either side",
          async () => {
            await visitor.press("carol");
            await visitor.press("Show on the left");
            assert.equal(await visitor.selected("Who is on the left"), "carol");
            await visitor.press("Show on the right");
            assert.equal(await visitor.selected("Who is on the right"), "carol");
          },
          link,
        );

        fresh(
          "and what each may do, with the reason",
          async () => {
            await visitor.press("bob");
            const answers = await visitor.texts(".decisions tbody tr");
            assert.equal(answers.length, 19);
            assert(answers.includes("deleteMessage Yes No"));
            assert(answers.includes("sendMessage Yes"));
            await visitor.press("No: deleteMessage on others’. Why?");
            assert.match((await visitor.why()).said, /^“bob” may not delete this message in .*deleteAnyMessage/);
          },
          link,
        );
      });

      describe("shows in the chat", () => {
        for (const [who, where, tools, others, own, system, composer] of table(`
          alice | General    | Rename channel, Edit topic, Invite, Add member, Mute or unmute, Leave, Delete channel | React, Edit, Delete | React, Edit, Delete | React, Edit, Delete | Attach a photo, Send
          bob   | General    | Mute or unmute, Leave | | React, Edit, Delete | | Attach a photo, Send
          dana  | General    | Rename channel, Edit topic, Invite, Add member, Delete channel | React, Edit, Delete | | React, Edit, Delete | Join
          frank | General    | | | | | Join
        `)) {
          test(`what ${who} may press, ${where}`, async () => {
            await visitor.arrive(`example=community&as=${who}&as=erin`);
            await visitor.press(where, ".channels");
            const seat = visitor.seat(who);
            const of = async (part) => (await visitor.controls(`${seat} ${part}`)).map((each) => each.split(":")[0]);
            assert.deepEqual(await of(".room-head"), names(tools));
            assert.deepEqual([...new Set(await of(".post.other"))], names(others));
            assert.deepEqual([...new Set(await of(".post.own"))], names(own));
            assert.deepEqual(await of(".post.system"), names(system));
            assert.deepEqual(await of(".composer"), names(composer));
          });
        }

        test("the channels that each may see, also those with an invite", async () => {
          await visitor.arrive("example=community&as=carol&as=frank");
          assert.deepEqual(await visitor.texts(`${visitor.seat("carol")} .channels [aria-current], .nothing`), [
            "# General",
          ]);
          assert.deepEqual(await visitor.texts(`${visitor.seat("carol")} .channels bdi`), [
            "General",
            "Seed swap",
            "Moderators",
          ]);
          assert.deepEqual(await visitor.texts(`${visitor.seat("frank")} .channels bdi`), ["General", "Seed swap"]);
          await visitor.press("Moderators private invited", ".channels");
          assert.match(await visitor.text(`${visitor.seat("frank")} .closed`), /^frank does not see this channel\./);
          await visitor.press("Join", visitor.seat("carol"));
          assert.equal(await visitor.text(`${visitor.seat("carol")} .standing`), "service user · channel user");
        });

        fresh("whoever is chosen, also somebody who isn’t loaded", async () => {
          await visitor.select("Who is on the right", "erin");
          assert.equal(await visitor.text(`${visitor.seat("erin")} .standing`), "guest · channel user");
          await visitor.select("Who is on the right", "Somebody else …");
          await visitor.answer({ "Any identity, known or not": "mallory" });
          const mallory = visitor.seat("mallory");
          assert.equal(await visitor.text(`${mallory} .standing`), "not a user · not a member");
          await visitor.press("Why?", `${mallory} .closed`);
          assert.match((await visitor.why()).said, /this identity is not known here; it was removed, or never loaded/);
        });
      });

      describe("performs in the chat", () => {
        before(() => visitor.arrive());

        // One after the other, in one visit.
        for (const [who, label, answers, watcher, seen, expected] of [
          ["bob", "Mute or unmute", undefined, "bob", ".room-name .badge", ["muted"]],
          ["bob", "React: the message of bob", undefined, "alice", ".post .badge", ["♥ 1 reaction"]],
          [
            "bob",
            "Edit: the message of bob",
            { Message: "My beans!" },
            "alice",
            ".post:nth-child(2) .body",
            ["My beans!"],
          ],
          ["bob", "Attach a photo", undefined, "alice", ".attachment", ["photo.jpg"]],
          ["bob", "Edit profile", { "Display name": "Bobby" }, "alice", ".post:last-child b", ["Bobby"]],
          [
            ...["alice", "Delete: the message of erin", undefined, "bob", ".post b"],
            ["Alice Marsh", "Bobby", "Carol Lindqvist", "System", "Bobby", "Bobby"],
          ],
          ["alice", "Edit topic", { Topic: "Bring gloves" }, "bob", ".room-name .hint", ["Bring gloves"]],
          ["alice", "Rename channel", { Name: "The allotment" }, "bob", ".room-name h3 bdi", ["The allotment"]],
          ["alice", "Add member", { Who: "frank", As: "channel admin" }, "bob", ".fellows summary", ["5 members"]],
          ["alice", "Invite", { Who: "dana" }, undefined, "#news", ["alice invited dana to The allotment."]],
          [
            "alice",
            "5 members",
            undefined,
            "alice",
            ".fellows b",
            ["Alice Marsh", "Bobby", "Carol Lindqvist", "Erin Walsh", "Frank Sato"],
          ],
          [
            "alice",
            "Edit: erin",
            { "Status here": "on holiday" },
            "bob",
            ".post:last-child .body",
            ["erin: on holiday"],
          ],
          ["alice", "Remove: erin", undefined, "bob", ".fellows summary", ["4 members"]],
          ["bob", "Leave", undefined, "bob", ".standing", ["service user · not a member"]],
          ["alice", "Delete channel", {}, "bob", ".channels bdi", ["Seed swap"]],
          ["bob", "New channel", { Name: "Compost" }, "bob", ".standing", ["service user · channel admin"]],
        ]) {
          test(`${who}: ${label}`, async () => {
            await visitor.press(label, visitor.seat(who));
            if (answers) await visitor.answer(answers);
            assert.deepEqual(await visitor.texts(watcher ? `${visitor.seat(watcher)} ${seen}` : seen), expected);
          });
        }

        fresh("bob: Send", async () => {
          await visitor.type("Message from bob", "Beans for everybody!");
          await visitor.keys(Key.ENTER);
          assert.deepEqual(await visitor.texts(`${alice} .post:last-child .body`), ["Beans for everybody!"]);
          assert.equal(await (await visitor.field("Message from bob")).getProperty("value"), "");
        });
      });

      describe("disables what is denied, and tells why", () => {
        const link = "example=community&denied=disabled";

        fresh(
          "with the reason, and who could grant it",
          async () => {
            assert.deepEqual((await visitor.controls(`${bob} .post.other`)).slice(0, 3), [
              "[React: the message of alice]",
              "[Edit: the message of alice]",
              "[Delete: the message of alice]",
            ]);
            await visitor.press("Delete: the message of alice", bob);
            const { verdict, subject, said, offers } = await visitor.why();
            assert.deepEqual([verdict, subject], ["Denied", "deleteMessage"]);
            assert.match(
              said,
              /^“bob” may not delete this message .* belongs to “alice”, .*deleteAnyMessage; “service admin” and “channel admin” have it\./,
            );
            assert.deepEqual(offers, [
              "Grant deleteAnyMessage to channel user …",
              "Grant deleteAnyMessage to service user …",
            ]);
            await visitor.press("Who may?");
            await visitor.until("#why [role=status]", /^2 people may: alice, dana\.$/);
          },
          link,
        );

        fresh(
          "and proposes a remedy in the matrix",
          async () => {
            await visitor.press("Delete: the message of alice", bob);
            await visitor.press("Grant deleteAnyMessage to channel user …");
            assert.equal(await visitor.why(), null);
            assert.equal(await visitor.focused(), "deleteAnyMessage, channel user");
            await visitor.until("#changes", /^1 change not saved\. 3 people gain something\.$/);
          },
          link,
        );

        fresh(
          "to the keyboard and to a screen reader, too",
          async () => {
            const label = "Delete: the message of alice";
            const log = await browser.findElement(By.css(`${bob} .log`));
            await browser.executeScript("arguments[0].focus()", log);
            await visitor.keys(Key.TAB, Key.TAB, Key.TAB);
            assert.equal(await visitor.focused(), label);
            const described = () =>
              browser.executeScript(
                `const { ariaDisabled, disabled } = document.activeElement;
                 const ids = document.activeElement.getAttribute("aria-describedby")?.split(" ") ?? [];
                 return [ariaDisabled, disabled, ...ids.map((id) => document.getElementById(id).textContent)];`,
              );
            const [ariaDisabled, disabled, ...sentences] = await described();
            assert.deepEqual([ariaDisabled, disabled], ["true", false]);
            assert.equal(sentences.length, 1);
            assert.match(sentences[0], /^“bob” may not delete this message in “general”: it belongs to “alice”, /);
            for (const key of [Key.ENTER, Key.SPACE]) {
              await visitor.keys(key);
              assert.equal((await visitor.why()).verdict, "Denied");
              assert.equal((await visitor.texts(`${bob} .post`)).length, 6, "nothing is deleted");
              await visitor.keys(Key.ESCAPE);
              assert.equal(await visitor.focused(), label);
            }
            // The same button, once it is allowed.
            await visitor.tick("deleteAnyMessage", "channel user");
            await visitor.save();
            await browser.executeScript("arguments[0].focus()", await visitor.control(label, bob));
            assert.deepEqual(await described(), [null, false]);
          },
          link,
        );

        for (const [who, label, code] of [
          ["bob", "Delete: the message of alice", 50107],
          ["bob", "Delete channel", 50107],
          ["dana", "Leave", 50400],
        ]) {
          test(`and answers ${who} who tries it anyway: ${label}`, async () => {
            await visitor.arrive("example=community&denied=disabled&as=dana&as=bob");
            const before = await visitor.texts(".post");
            await visitor.press(label, visitor.seat(who));
            await visitor.press("Try it anyway");
            const { line, body } = await visitor.response();
            assert.equal(line, "HTTP 403 Forbidden");
            const { message, ...rest } = body;
            assert.deepEqual(rest, { status: 403, code, more_info: `https://www.twilio.com/docs/errors/${code}` });
            assert.match(message, new RegExp(`^“${who}” may not `));
            assert.deepEqual(await visitor.texts(".post"), before);
          });
        }
      });

      describe("tells why on demand", () => {
        fresh("a control is there", async () => {
          await visitor.press("Why?", "#start");
          assert.equal(await visitor.text("#news"), "Press any control or box to read why.");
          await visitor.press("Delete: the message of bob", alice);
          assert.equal((await visitor.texts(`${alice} .post`)).length, 6, "nothing is deleted");
          const { verdict, said } = await visitor.why();
          assert.equal(verdict, "Allowed");
          assert.match(said, /^“alice” may delete this message .* Granted by channel admin: deleteAnyMessage$/);
          await visitor.press("channel admin: deleteAnyMessage", "#why");
          assert.equal(await visitor.focused(), "deleteAnyMessage, channel admin");
        });

        fresh("a box is ticked, or not", async () => {
          await visitor.press("Why?", "#start");
          await visitor.tick("editOwnMessage", "channel user");
          const held = await visitor.why();
          assert.deepEqual([held.verdict, held.subject], ["Held", "editOwnMessage"]);
          assert.equal(
            held.said,
            "channel user holds it, and 5 members have this role. It allows editMessage on one’s own. No other role of its scope grants it.",
          );
          await visitor.keys(Key.ESCAPE);
          await visitor.tick("deleteAnyMessage", "service user");
          assert.match(
            (await visitor.why()).said,
            /lacks it, .* deleteMessage on anybody’s\. Also granted by service admin\.$/,
          );
          assert.equal((await visitor.matrix()).rows.deleteAnyMessage, "x..x.", "nothing is ticked");
        });
      });

      describe("shows Flex", () => {
        const [ren, uta] = ["agent_ren", "supervisor_uta"].map(
          (who) => `.seat[aria-label="The chat as ${who} sees it"]`,
        );
        const controls = async (seat) => (await visitor.controls(`${seat} .room-head`)).join(", ");
        before(() => visitor.arrive());

        // One after the other, in one visit.
        test("with its six roles, in the words of Conversations", async () => {
          await visitor.select("Service", "Flex");
          await visitor.news(/^Flex loaded: 6 roles, 4 users, 3 conversations, 7 participants/);
          const { roles, rows } = await visitor.matrix();
          assert.deepEqual(roles, ["admin", "supervisor", "guest", "agent", "admin", "supervisor"]);
          assert.equal(Object.keys(rows).length, 22);
          assert(!("inviteMember" in rows));
          await visitor.openTab("Your data");
          assert.deepEqual((await visitor.report()).members, { added: 7, skipped: 1 });
        });

        test("with a customer by SMS, who is no user", async () => {
          await visitor.press("1 participant", ren);
          assert.deepEqual(await visitor.texts(`${ren} .fellows li`), [
            "AR Ren Okada agent",
            "+15550123 by phone: no user",
          ]);
          await visitor.press("Add by phone", ren);
          await visitor.answer({ "Phone number": "+44 7700 900000" });
          assert.equal((await visitor.texts(`${ren} .post .body`)).at(-1), "agent_ren added +44 7700 900000.");
        });

        test("with a supervisor who is no participant yet, and adds herself", async () => {
          await visitor.press("Why?", `${uta} .closed`);
          assert.match((await visitor.why()).said, /is neither a participant in it, nor its creator\./);
          await visitor.keys(Key.ESCAPE);
          await visitor.press("Add participant", uta);
          await visitor.answer({ Who: "supervisor_uta", As: "supervisor" });
          assert.equal(await visitor.text(`${uta} .standing`), "supervisor · supervisor");
          assert((await visitor.controls(uta)).includes("Delete: the message of agent_ren"));
        });

        test("with a conversation that is closed, and is active again", async () => {
          const open = await controls(ren);
          assert.match(open, /Leave/);
          await visitor.select("The conversation is", "closed");
          assert.equal(await visitor.text("#news"), "Task 1042 is closed now.");
          assert.equal(await controls(ren), "");
          assert.match(
            await visitor.text(`${ren} .composer`),
            /^“agent_ren” may not send .* the conversation is closed/,
          );
          await visitor.choose("Disabled");
          await visitor.press("Send", ren);
          const { verdict, said } = await visitor.why();
          assert.equal(verdict, "Denied");
          assert.match(said, /the conversation is closed/);
          await visitor.press("Try it anyway");
          assert.equal((await visitor.response()).body.code, 50377);
          await visitor.press("Set its state to active");
          assert.equal((await visitor.why()).verdict, "Allowed");
          await visitor.keys(Key.ESCAPE);
          await visitor.choose("Hidden");
          assert.equal(await controls(ren), open);
        });
      });

      describe("starts from an example", () => {
        fresh("of a newcomer, who gets the default roles", async () => {
          await visitor.select("Service", "Newcomer");
          await visitor.news(/^Newcomer loaded: 4 roles, 1 user,/);
          const nina = visitor.seat("nina");
          assert.equal(await visitor.text(`${nina} .standing`), "singer · not a member");
          await visitor.press("Join", nina);
          assert.equal(await visitor.text(`${nina} .standing`), "singer · voice");
          assert.deepEqual(await visitor.controls(`${nina} .composer`), ["Attach a photo", "Send"]);
          await visitor.openTab("Your data");
          await visitor.type("Signed-in user", "olu");
          await visitor.press("Load");
          await visitor.news(/^The pasted JSON loaded/);
          assert.equal(await visitor.text(`${visitor.seat("olu")} .standing`), "singer · not a member");
        });

        test("with an action of the application’s own", async () => {
          await visitor.arrive("example=announcements");
          const ona = visitor.seat("ona@ferries.example");
          assert.deepEqual(await visitor.controls(`${visitor.seat("pilar@ferries.example")} .post`), []);
          await visitor.press("Pin message: the system’s message", ona);
          assert.deepEqual(await visitor.texts(`${ona} .post .badge`), ["pinMessage"]);
          await visitor.openTab("Your data");
          assert.match((await visitor.texts(".warnings li")).join(), /pinMessage.*unknown-permission/);
        });

        test("of 100,000 members, of whom it draws a few", async () => {
          await visitor.arrive("example=festival");
          assert.equal(
            await visitor.text("#news"),
            "Festival loaded: 4 roles, 100,000 users, 12 channels, 100,000 members, 0 invites.",
          );
          const drawn = () => browser.executeScript("return document.querySelectorAll('*').length");
          await visitor.openTab("Users");
          assert.equal((await visitor.texts(".person")).length, 25);
          assert((await drawn()) < 1500);
          await visitor.type("Find a user", "tanaka.200");
          assert.deepEqual(await visitor.texts(".find [role=status]"), ["25 of 100,000 users"]);
          await visitor.openTab("Roles");
          await visitor.tick("deleteAnyMessage", "guest");
          await visitor.until("#changes", /^1 change not saved\. 99,800 people gain something\.$/);
          await visitor.press("Save");
          assert((await visitor.controls(visitor.seat("bela.abara"))).some((each) => each.startsWith("Delete: ")));
          assert((await drawn()) < 1500);
        });
      });

      describe("loads", () => {
        fresh("a pasted payload", async () => {
          await visitor.paste(json(kitchen));
          assert.equal(
            await visitor.news(/^The pasted JSON/),
            "The pasted JSON loaded: 3 roles, 2 users, 1 channel, 2 members, 0 invites.",
          );
          assert.deepEqual(await visitor.texts(".standing"), ["service user · cook", "service user · cook"]);
          assert.equal(await visitor.text(".room-name h3"), "Kitchen");
          assert.deepEqual(await visitor.texts(".report h4"), ["No warnings"]);
        });

        fresh("more into the service on screen, which follows", async () => {
          await visitor.paste(json(kitchen));
          const ada = visitor.seat("ada");
          assert(!(await visitor.controls(ada)).includes("Delete: the message of ben"));
          await visitor.paste(json(promotion), "adds to this one");
          assert.deepEqual((await visitor.report()).members, { updated: 1 });
          assert((await visitor.controls(ada)).includes("Delete: the message of ben"));
        });

        fresh("a section in place of the one on screen", async () => {
          await visitor.paste(json(kitchen));
          await visitor.paste(json(withoutBen), "replaces its sections");
          assert.deepEqual((await visitor.report()).members, { unchanged: 1, removed: 1 });
          assert.equal(await visitor.text(`${visitor.seat("ben")} .standing`), "service user · not a member");
        });

        fresh("a file that is picked", async () => {
          const path = join(folder, "kitchen.json");
          writeFileSync(path, json(kitchen));
          await visitor.openTab("Your data");
          await (await browser.findElement(By.css("input[type=file]"))).sendKeys(path);
          await visitor.news(/^kitchen\.json loaded: 3 roles/);
          assert.equal(await (await visitor.textArea()).getProperty("value"), json(kitchen));
        });

        fresh("a file that is dropped", async () => {
          await visitor.drop("dropped.json", json(kitchen));
          await visitor.news(/^dropped\.json loaded: 3 roles/);
          assert.equal(await (await browser.findElement(By.id("drop"))).isDisplayed(), false);
          assert.deepEqual(await visitor.texts(".standing"), ["service user · cook", "service user · cook"]);
        });

        fresh("a service with nothing in it, where a role can be made", async () => {
          await visitor.paste("{}");
          assert.deepEqual(await visitor.texts(".closed"), ["Choose a channel.", "Choose a channel."]);
          await visitor.openTab("Roles");
          assert.deepEqual((await visitor.matrix()).roles, []);
          await visitor.press("New role");
          await visitor.answer({ Name: "helper", "Starts with the permissions of": "only editOwnUserInfo (channel)" });
          assert.deepEqual((await visitor.matrix()).roles, ["helper"]);
          assert.equal((await visitor.matrix()).rows.editOwnUserInfo, " x");
        });

        fresh("more roles than there is room for, a few at a time", async () => {
          const roles = Array.from({ length: 10 }, (_, number) => ({
            ...{ sid: `RL-${number}`, friendly_name: `role ${number}`, type: "channel", permissions: ["sendMessage"] },
          }));
          await visitor.paste(json({ ...kitchen, roles: [...kitchen.roles.slice(0, 1), ...roles] }));
          await visitor.openTab("Roles");
          assert.equal((await visitor.matrix()).roles.length, 1 + 8);
          await visitor.press("Next channel roles");
          assert.deepEqual((await visitor.matrix()).roles.slice(1), ["role 8", "role 9"]);
          assert.match(await visitor.text(".pager"), /9–10 of 10/);
        });

        fresh("names that look like a page, as text", async () => {
          await visitor.paste(json(hostile));
          const [first, second] = hostile.users;
          assert.deepEqual(
            (await visitor.options("Who is on the left")).sort(),
            [...hostile.users.map(({ identity }) => identity), "Somebody else …"].sort(),
          );
          assert.equal(await visitor.text(".room-name h3"), hostile.channels[0].friendly_name);
          await visitor.select("Who is on the left", first.identity);
          await visitor.select("Who is on the right", second.identity);
          assert.equal(await visitor.selected("Who is on the left"), first.identity);
          assert.deepEqual(await browser.findElements(By.css("main img, main script, main b b")), []);
          assert.match(await browser.getTitle(), /^rolecall: /);
        });
      });

      describe("refuses", () => {
        before(() => visitor.arrive());
        for (const [name, text, expected, selected] of [
          ["what isn’t JSON", '{\n  "roles": [\n  },\n}', { Line: "3", Column: "3" }, "}"],
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
        ]) {
          test(`${name}, says where, and keeps the service on screen`, async () => {
            await visitor.paste(text);
            assert.equal(
              await visitor.news(/was not loaded/),
              "The pasted JSON was not loaded. Community stays on screen.",
            );
            const { title, message, ...facts } = await visitor.failure();
            assert.equal(title, "The pasted JSON was not loaded");
            assert.match(message, /\w+ \w+/);
            assert.deepEqual(facts, expected);
            if (selected !== undefined) assert.deepEqual(await visitor.selection(), { text: selected, focused: true });
            assert.equal(await (await visitor.textArea()).getAttribute("aria-invalid"), "true");
            assert.deepEqual(await visitor.texts(".standing"), [
              "service user · channel admin",
              "service user · channel user",
            ]);
          });
        }

        test("and forgets the refusal with the next load", async () => {
          await visitor.paste("{");
          await visitor.news(/was not loaded/);
          await visitor.paste(json(kitchen));
          await visitor.news(/^The pasted JSON loaded/);
          assert.equal(await visitor.failure(), null);
          assert.equal(await (await visitor.textArea()).getAttribute("aria-invalid"), null);
        });
      });

      fresh("leads from a warning to its place in the text", async () => {
        const roles = [...kitchen.roles, { ...kitchen.roles[0], sid: "RL-x", permissions: ["flambé"] }];
        await visitor.paste(json({ ...kitchen, roles }));
        await visitor.press("roles[3].permissions[0]");
        assert.deepEqual(await visitor.selection(), { text: '"flambé"', focused: true });
      });

      fresh("lists so many warnings and says that there are more", async () => {
        const users = Array.from({ length: 1100 }, (_, number) => ({ identity: `user ${number}` }));
        await visitor.paste(json({ ...kitchen, users }));
        const warnings = await visitor.texts(".warnings li");
        assert.equal(warnings.length, 101);
        assert.match(warnings[0], /users\[0\]/);
        assert.equal(warnings.at(-1), "and 901 more");
      });

      fresh("keeps Save in its place when it says whom a change concerns", async () => {
        // Until it is let go, the page does not hear of anybody.
        await browser.executeScript(
          `const send = Worker.prototype.postMessage;
           const held = [];
           Worker.prototype.postMessage = function (...message) { held.push(() => send.apply(this, message)); };
           window.letGo = () => { Worker.prototype.postMessage = send; for (const message of held) message(); };`,
        );
        await visitor.tick("deleteAnyMessage", "channel user");
        await visitor.until("#changes", /Looking/);
        const save = await visitor.control("Save");
        const place = await save.getRect();
        await browser.executeScript("window.letGo()");
        await visitor.until("#changes", /gain something/);
        assert.ok((await visitor.texts(".changes .flips li")).length > 0);
        assert.deepEqual(await save.getRect(), place);
        // The list goes and comes again, and the button is still the same.
        await visitor.tick("editAnyMessage", "channel user");
        await visitor.until("#changes", /^2 changes not saved. .* gain something/);
        assert.deepEqual(await save.getRect(), place);
      });

      fresh("gives the snapshot, which is the same service", async () => {
        await visitor.tick("deleteAnyMessage", "channel user");
        await visitor.save();
        assert.equal((await visitor.matrix()).rows.deleteAnyMessage, "x..xx");
        await visitor.openTab("Your data");
        await browser.executeScript(
          `URL.createObjectURL = (blob) => { blob.text().then((text) => { window.given = text; }); return "#"; };
           HTMLAnchorElement.prototype.click = function () { window.name = this.download; };`,
        );
        await visitor.press("Download snapshot");
        const given = await browser.wait(() => browser.executeScript("return window.given"), 10_000);
        assert.equal(await browser.executeScript("return window.name"), "rolecall-snapshot.json");
        const service = Service.from(JSON.parse(given));
        assert.equal(service.users().length, 6);
        assert.equal(service.ability("bob", service.channels()[0].sid).can("deleteMessage", "alice"), true);
      });

      describe("keeps its state", () => {
        const link = async () => {
          await visitor.press("Copy link");
          await visitor.news(/^The link is/);
          return new URL(await browser.getCurrentUrl()).hash.slice(1);
        };
        const changed = async () => {
          await visitor.choose("Disabled");
          await visitor.press("Seed swap", ".channels");
          await visitor.type("Message from bob", "Kale?");
          await visitor.keys(Key.ENTER);
          await visitor.tick("deleteAnyMessage", "channel user");
          await visitor.save();
          return link();
        };
        const isThere = async () => {
          assert.equal(await visitor.text(`${bob} .room-name h3`), "Seed swap");
          assert((await visitor.texts(`${alice} .post .body, ${bob} .post .body`)).includes("Kale?"));
          assert.equal((await visitor.matrix()).rows.deleteAnyMessage, "x..xx");
          assert((await visitor.controls(bob)).includes("Delete: the message of carol"));
          assert((await visitor.controls(bob)).includes("[Rename channel]"));
        };

        fresh("in the link", async () => {
          await visitor.arrive(await changed());
          await isThere();
        });

        fresh("in the browser’s storage, and starts over when asked to", async () => {
          await changed();
          await visitor.arrive("");
          await isThere();
          await visitor.press("Start over");
          await visitor.news(/^Community loaded/);
          assert.equal((await visitor.matrix()).rows.deleteAnyMessage, "x..x.");
        });

        fresh("with somebody’s own data", async () => {
          await visitor.paste(json(kitchen));
          await visitor.arrive(await link());
          assert.equal(await visitor.text(".room-name h3"), "Kitchen");
        });

        for (const link of ["example=community&edits=%%%", "payload=AAAA"]) {
          test(`but not from a link that is damaged: ${link}`, async () => {
            assert.match(await visitor.arrive(link), /damaged/);
            assert.deepEqual(await visitor.texts(".standing"), [
              "service user · channel admin",
              "service user · channel user",
            ]);
          });
        }
      });

      test("shows an example where a link’s data is not sound", async () => {
        const news = await visitor.arrive(await write({ ...(await read("")), payload: '{"roles": 1}' }));
        assert.match(news, /^The JSON of this link was not loaded\./);
        await visitor.until(".standing", /^service user · channel admin$/);
        await visitor.openTab("Your data");
        assert.equal((await visitor.failure()).Path, "roles");
      });

      test("leaves out of a link what the page itself would never do", async () => {
        const general = community.channels.channels[0].sid;
        const script = { tag: "script", props: {}, children: ["document.title = 'run'"] };
        const edits = [
          ["say", general, "IM1", "bob", "12:00", script],
          ["constructor", "x"],
          ["free"],
          ["say", general, "IM2", "bob", "12:00", "the last word"],
        ];
        await visitor.arrive(await write({ ...(await read("example=community")), edits }));
        assert.deepEqual((await visitor.texts(`${bob} .post .body`)).slice(5), [
          "I’ll put the new code on the board by noon.",
          "the last word",
        ]);
        assert.match(await browser.getTitle(), /^rolecall: /);
      });

      fresh("writes the code for what is on screen, and copies it", async () => {
        await visitor.tick("deleteAnyMessage", "channel user");
        await visitor.save();
        await visitor.openTab("Code");
        const lines = () => visitor.lines("#code");
        const shown = await lines();
        assert(shown.some((line) => /^service\.grant\("RL\w{32}", "deleteAnyMessage"\);$/.test(line)));
        assert(shown.some((line) => /^export const ability = service\.ability\("alice", "CH\w{32}"\);$/.test(line)));
        const marks = (await lines()).filter((line) => line.startsWith("<button")).map((line) => line.split(">")[0]);
        assert.deepEqual(marks, [
          '<button data-can="sendMessage"',
          '<button data-can="editChannelName"',
          '<button data-can="editMessage" data-can-owner="alice"',
          '<button data-can="deleteMessage" data-can-owner="alice"',
        ]);
        // The page is made as the code says.
        for (const mark of marks)
          assert.notEqual(
            await browser.findElement(By.css(`${alice} ${mark.slice(1).replace(" ", "[").replace(" ", "][")}]`)),
            null,
          );
        for (const [framework, line] of [
          ["HTML", 'bind(document.querySelector("#chat"), ability);'],
          ["React", 'const maySend = useCan(ability, "sendMessage");'],
          ["Vue", 'const maySend = useCan(ability, "sendMessage");'],
          ["Svelte", 'const maySend = can(ability, "sendMessage");'],
        ]) {
          await visitor.choose(framework);
          assert((await lines()).includes(line), framework);
        }
        await visitor.press("Copy");
        await visitor.until(".panel.code [role=status]", /^(Copied|Selected: copy it with the keyboard)$/);
      });

      fresh("keeps the keyboard where it was when what was pressed is gone", async () => {
        const remove = await visitor.control("Delete: the message of erin", alice);
        await browser.executeScript("arguments[0].focus()", remove);
        await visitor.keys(Key.ENTER);
        assert.equal((await visitor.texts(`${alice} .post`)).length, 5);
        assert.equal(await visitor.focused(), "The chat as alice sees it");
      });

      fresh("can be used with the keyboard alone", async () => {
        const tab = await browser.findElement(By.id("tab-roles"));
        await browser.executeScript("arguments[0].focus()", tab);
        await visitor.keys(Key.ARROW_RIGHT);
        assert.equal(await visitor.focused(), "Users");
        assert.equal(await tab.getAttribute("aria-selected"), "false");
        await visitor.keys(Key.HOME, Key.TAB);
        assert.equal(await visitor.focused(), "New role");
        await visitor.keys(Key.ENTER);
        assert.match(await visitor.dialog(), /^New role/);
        await visitor.keys(Key.ESCAPE);
        assert.equal(await visitor.focused(), "New role");

        const box = await visitor.box("deleteAnyMessage", "channel user");
        await browser.executeScript("arguments[0].focus()", box);
        await visitor.keys("?");
        assert.equal((await visitor.why()).verdict, "Not held");
        await visitor.keys(Key.ESCAPE);
        assert.equal(await visitor.focused(), "deleteAnyMessage, channel user");
        await visitor.keys(Key.SPACE);
        await visitor.until("#changes", /^1 change not saved\./);
        await browser.executeScript("arguments[0].focus()", await visitor.control("Save"));
        await visitor.keys(Key.ENTER);
        assert((await visitor.controls(bob)).includes("Delete: the message of alice"));
        assert.equal(await visitor.text("#news"), "Saved one change of permissions.");
      });

      // After all that was done above.
      test("throws nothing, breaks no policy, and keeps its own state only", () => visitor.findsNothingWrong());
    });
  }
});
