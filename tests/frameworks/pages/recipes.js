// What the recipes of each framework must do. A page of a framework gives `show(app, name, props)`, which shows a recipe and
// returns what settles the page after a change, and what ends it.
import axe from "axe-core";
import { assert } from "chai";
import { Service } from "rolecall";
import { test } from "./in-page.js";

/** Bob is a member of the channel that alice, its admin, made. */
function room() {
  const service = new Service({ dialect: "conversations" });
  for (const identity of ["alice", "bob"]) service.setUser(identity);
  service.createChannel({ sid: "CH1", createdBy: "alice" });
  service.joinChannel("CH1", "alice");
  service.joinChannel("CH1", "bob");
  const [admin, member] = ["Channel Admin", "Channel User"].map((name) => service.role(name));
  return { service, admin, member, alice: service.ability("alice", "CH1"), bob: service.ability("bob", "CH1") };
}

const named = (app, name) =>
  [...app.querySelectorAll("button")].filter(({ textContent }) => textContent.trim() === name);
const lines = (app) =>
  [...app.querySelectorAll("li")].map(({ textContent }) => textContent.replaceAll(/\s+/g, " ").trim());

/** What assistive technology reads after the button's name. */
const description = (element) => {
  const id = element.getAttribute("aria-describedby");
  return id === null ? "" : document.getElementById(id).textContent;
};

async function accessible(app) {
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
    button().focus();
    assert.equal(document.activeElement, button());
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
    const messages = ["bob", "alice", "bob"].map((author, id) => ({ id, author, body: `by ${author}` }));
    const page = await show(app, "Messages", { service, ability: bob, messages });
    const own = /^by bob ?Edit ?Delete$/;
    const rows = () => lines(app).map((line) => own.test(line) || line);
    assert.deepEqual(rows(), [true, "by alice", true]);
    await page.change(() => service.setUser("carol"));
    assert.deepEqual(rows(), [true, "by alice", true]);
    await page.change(() => service.setMember("CH1", "bob", "Channel Admin"));
    assert.equal(named(app, "Delete").length, 3);
    await page.end();
  });

  test("Participants follows the members and their roles", async ({ app }) => {
    const { service, alice, admin, member } = room();
    const removed = [];
    const onRemove = (identity) => {
      removed.push(identity);
      service.removeMember("CH1", identity);
    };
    const page = await show(app, "Participants", { service, channel: "CH1", ability: alice, onRemove });
    const people = () => lines(app).map((line) => line.replace(/ ?Remove$/, ""));
    assert.deepEqual(people().sort(), [`alice, ${admin.friendlyName}`, `bob, ${member.friendlyName}`]);
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
    await page.end();
  });

  test("RoleSwitcher shows the role, changes it, and follows", async ({ app }) => {
    const { service, alice, admin, member } = room();
    const onSwitch = (identity, role) => service.setMember("CH1", identity, role);
    const page = await show(app, "RoleSwitcher", {
      service,
      ability: alice,
      channel: "CH1",
      identity: "bob",
      onSwitch,
    });
    const select = app.querySelector("select");
    assert.equal(select.value, member.sid);
    await accessible(app);
    await page.change(() => {
      select.value = admin.sid;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const present = () => service.members("CH1").find(({ identity }) => identity === "bob").roleSid;
    assert.deepEqual([present(), select.value], [admin.sid, admin.sid]);
    await page.change(() => service.setMember("CH1", "bob", member.sid));
    assert.equal(select.value, member.sid);
    await page.end();
  });
}
