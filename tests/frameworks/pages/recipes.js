// What the recipes of each framework must do. A page of a framework gives `show(app, name, props)`, which shows a recipe and
// returns what settles the page after a change, and what ends it.
import axe from "axe-core";
import { assert } from "chai";
import { Service } from "rolecall";
import tooltip from "../recipes/tooltip.css";
import { test } from "./in-page.js";

/** Bob is a member of the channel that alice, its admin, made; carol's has nobody else in it. */
export function room() {
  const service = new Service({ dialect: "conversations" });
  for (const identity of ["alice", "bob"]) service.setUser(identity);
  service.createChannel({ sid: "CH1", createdBy: "alice" });
  service.joinChannel("CH1", "alice");
  service.joinChannel("CH1", "bob");
  service.createChannel({ sid: "CH2", createdBy: "carol" });
  service.joinChannel("CH2", "carol");
  const [admin, member] = ["Channel Admin", "Channel User"].map((name) => service.role(name));
  return { service, admin, member, alice: service.ability("alice", "CH1"), bob: service.ability("bob", "CH1") };
}

const named = (app, name) =>
  [...app.querySelectorAll("button")].filter(({ textContent }) => textContent.trim() === name);
const lines = (app) =>
  [...app.querySelectorAll("li")].map(({ textContent }) => textContent.replaceAll(/\s+/g, " ").trim());

/** Gives the page a style of the documentation. */
export function dress(style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}

/** The texts of these that somebody sees. */
export const seen = (selector) =>
  [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map(({ textContent }) => textContent);

/** What assistive technology reads after the button's name. */
export const description = (element) => {
  const id = element.getAttribute("aria-describedby");
  return id === null ? "" : document.getElementById(id).textContent;
};

export async function accessible(app) {
  const { violations } = await axe.run(app);
  assert.deepEqual(
    violations.map(({ id, help }) => [id, help]),
    [],
  );
}

export function testRecipes(show) {
  /** Shows a button that is denied, and returns why. */
  globalThis.showDenied = async () => {
    const { service, bob } = room();
    document.body.innerHTML = '<div id="app"></div>';
    const props = { service, ability: bob, message: { id: 7, author: "alice" }, onDelete() {} };
    await show(document.querySelector("#app"), "DeleteButton", props);
    return bob.explain("deleteMessage", "alice").message;
  };

  test("DeleteButton says why not, to everybody, and does nothing then", async ({ app }) => {
    const { service, bob } = room();
    const deleted = [];
    const message = { id: 7, author: "alice" };
    const props = { service, ability: undefined, message, onDelete: ({ id }) => deleted.push(id) };
    const page = await show(app, "DeleteButton", props);
    const button = () => named(app, "Delete")[0];
    const state = () => [button().getAttribute("aria-disabled"), description(button())];
    assert.deepEqual(state(), ["true", ""]);

    await page.set({ ability: bob });
    const reason = () => bob.explain("deleteMessage", "alice").message;
    assert.deepEqual(state(), ["true", reason()]);
    dress(tooltip);
    assert.deepEqual(seen("[role=tooltip]"), []);
    button().focus();
    assert.equal(document.activeElement, button());
    assert.deepEqual(seen("[role=tooltip]"), [reason()]);
    button().click();
    await accessible(app);

    const before = reason();
    const moderator = { friendlyName: "moderator", type: "channel", permissions: ["deleteAnyMessage"] };
    await page.change(() => service.createRole(moderator));
    assert.notEqual(reason(), before);
    assert.deepEqual(state(), ["true", reason()]);

    await page.change(() => service.setMember("CH1", "bob", "moderator"));
    assert.deepEqual(state(), ["false", ""]);
    assert.deepEqual(deleted, []);
    button().click();
    assert.deepEqual(deleted, [7]);
    await accessible(app);

    await page.set({ message: { id: 8, author: "bob" } });
    await page.change(() => service.setMember("CH1", "bob", "Channel User"));
    assert.deepEqual(state(), ["false", ""]);
    button().click();
    assert.deepEqual(deleted, [7, 8]);
    await page.set({ message });
    assert.deepEqual(state(), ["true", reason()]);
    await page.end();
  });

  test("Composer tells “not loaded yet” from “no”", async ({ app }) => {
    const { service, bob } = room();
    const page = await show(app, "Composer", { service, ability: undefined });
    assert.equal(app.textContent.trim(), "One moment …");
    await page.set({ ability: bob });
    assert.isNotNull(app.querySelector("textarea"));
    await accessible(app);
    await page.change(() => service.removeMember("CH1", "bob"));
    assert.equal(app.textContent.trim(), "You may only read here.");
    await page.end();
  });

  test("Messages shows the buttons of each message", async ({ app }) => {
    const { service, bob } = room();
    const by = (...authors) => authors.map((author, id) => ({ id, author, body: `by ${author}` }));
    const page = await show(app, "Messages", { service, ability: undefined, messages: by("bob", "alice", "bob") });
    const rows = () => lines(app).map((line) => line.replaceAll(/ ?(Edit|Delete)/g, " $1"));
    assert.deepEqual(rows(), ["by bob", "by alice", "by bob"], "nothing is loaded");
    await page.set({ ability: bob });
    const own = "by bob Edit Delete";
    assert.deepEqual(rows(), [own, "by alice", own]);
    await page.change(() => service.setUser("carol"));
    assert.deepEqual(rows(), [own, "by alice", own]);
    await page.change(() => service.setMember("CH1", "bob", "Channel Admin"));
    assert.equal(named(app, "Delete").length, 3);
    await page.change(() => service.setMember("CH1", "bob", "Channel User"));
    await page.set({ messages: by("alice", "bob") });
    assert.deepEqual(rows(), ["by alice", own], "another list");
    await page.set({ ability: undefined });
    assert.deepEqual(rows(), ["by alice", "by bob"], "nothing is loaded again");
    await page.end();
  });

  test("Participants follows the members and their roles", async ({ app }) => {
    const { service, alice, admin, member } = room();
    const removed = [];
    const onRemove = (identity) => {
      removed.push(identity);
      service.removeMember("CH1", identity);
    };
    const props = { service: undefined, channel: "CH1", ability: undefined, onRemove };
    const page = await show(app, "Participants", props);
    assert.deepEqual(lines(app), []);
    await page.set({ service, ability: alice });
    const people = () => lines(app).map((line) => line.replace(/ ?Remove$/, ""));
    const both = [`alice, ${admin.friendlyName}`, `bob, ${member.friendlyName}`];
    assert.deepEqual(people().sort(), both);
    await page.change(() => service.load({ participants: { conversation_sid: "CH1", identity: "carol" } }));
    assert.include(people(), "carol, without a role");
    await page.change(() => service.setMember("CH1", "bob", admin.sid));
    assert.include(people(), `bob, ${admin.friendlyName}`);
    await accessible(app);
    await page.change(() =>
      named(app.querySelectorAll("li")[people().findIndex((line) => line.startsWith("carol"))], "Remove")[0].click(),
    );
    assert.deepEqual([removed, people().length], [["carol"], 2]);
    await page.change(() => service.setMember("CH1", "alice", member.sid));
    assert.deepEqual(named(app, "Remove"), []);
    await page.set({ channel: "CH2" });
    assert.deepEqual(people(), [`carol, ${admin.friendlyName}`], "another channel");
    await page.set({ service: room().service, channel: "CH1" });
    assert.deepEqual(people().sort(), both, "another service");
    await page.set({ service: undefined });
    assert.deepEqual(people(), []);
    await page.end();
  });

  test("RoleSwitcher shows the role, changes it, and follows", async ({ app }) => {
    const { service, alice, admin, member } = room();
    const switched = [];
    const onSwitch = (identity, role) => {
      switched.push([identity, role]);
      service.setMember("CH1", identity, role);
    };
    const props = { service: undefined, ability: alice, channel: "CH1", identity: "bob", onSwitch };
    const page = await show(app, "RoleSwitcher", props);
    const select = app.querySelector("select");
    const shown = () => select.selectedOptions[0].textContent.trim();
    assert.equal(shown(), "without a role");
    await accessible(app);
    await page.set({ service });
    assert.equal(shown(), member.friendlyName);
    await accessible(app);
    await page.change(() => {
      select.value = admin.sid;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    assert.deepEqual([switched, shown()], [[["bob", admin.sid]], admin.friendlyName]);
    await page.change(() => service.setMember("CH1", "bob", member.sid));
    assert.equal(shown(), member.friendlyName);
    await page.set({ identity: "alice" });
    assert.deepEqual([shown(), select.getAttribute("aria-label")], [admin.friendlyName, "Role of alice"]);
    await page.set({ channel: "CH2" });
    assert.equal(shown(), "without a role", "no member of this channel");
    await page.set({ identity: "carol" });
    assert.equal(shown(), admin.friendlyName);
    // A member without a role, or with one that was not loaded.
    for (const role_sid of [undefined, "RL9"]) {
      await page.change(() =>
        service.load(
          { participants: { conversation_sid: "CH2", identity: "carol", role_sid } },
          { replace: true, channel: "CH2" },
        ),
      );
      assert.equal(shown(), "without a role", `${role_sid}`);
    }
    assert.equal(select.selectedOptions[0].disabled, true, "nobody is made one without a role");
    await page.set({ service: undefined });
    assert.deepEqual([shown(), select.options.length], ["without a role", 1]);
    await page.end();
  });
}
