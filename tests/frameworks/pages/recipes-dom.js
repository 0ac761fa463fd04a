// The recipes of plain pages.
import { assert } from "chai";
import { bind } from "rolecall/dom";
import loading from "../recipes/dom/loading.css";
import reasons from "../recipes/dom/reasons.css";
import { showReasons } from "../recipes/dom/reasons.js";
import { test } from "./in-page.js";
import { accessible, description, dress, room, seen } from "./recipes.js";

const html = `<ul>
  <li>Hello! <button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable">Delete</button></li>
  <li>Hi! <button data-can="deleteMessage" data-can-owner="bob" data-can-else="disable">Remove</button></li>
  <li><a data-can="editChannelName" data-can-else="disable" href="#name">Rename</a></li>
</ul>`;

/** Shows the page with a style of the documentation; gives its controls. */
function show(app, style) {
  dress(style);
  app.innerHTML = html;
  return [...app.querySelectorAll("[data-can]")];
}

/** As a mouse does. */
const moveTo = (element) => element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));

/** Shows a button that is denied, and returns why. */
globalThis.showDenied = async () => {
  const { service, bob } = room();
  document.body.innerHTML = '<div id="app"></div>';
  const [button] = show(document.querySelector("#app"), reasons);
  bind(document, bob);
  showReasons(service);
  button.focus();
  return bob.explain("deleteMessage", "alice").message;
};

test("a disabled control shows its reason to the mouse and to the keyboard", async ({ app }) => {
  const { service, bob } = room();
  const [button, own, link] = show(app, reasons);
  const stop = bind(document, bob);
  showReasons(service);
  const reason = (element) => bob.explain(element.dataset.can, element.dataset.canOwner).message;
  assert.deepEqual(seen(".reason"), []);
  for (const element of [button, link]) {
    element.focus();
    assert.deepEqual([seen(".reason"), description(element)], [[reason(element)], reason(element)]);
    await accessible(app);
    own.focus();
    assert.deepEqual(seen(".reason"), []);
    moveTo(element);
    assert.deepEqual(seen(".reason"), [reason(element)]);
    // The mouse reaches the tooltip, to read on or to mark it.
    moveTo(document.querySelector(".reason"));
    assert.deepEqual(seen(".reason"), [reason(element)]);
    moveTo(app);
    assert.deepEqual(seen(".reason"), []);
  }

  button.focus();
  const before = reason(button);
  service.createRole({ friendlyName: "moderator", type: "channel", permissions: ["deleteAnyMessage"] });
  assert.notEqual(reason(button), before);
  await null;
  assert.deepEqual(seen(".reason"), [reason(button)], "another sentence");
  service.setMember("CH1", "bob", "moderator");
  await null;
  assert.deepEqual([seen(".reason"), button.getAttribute("aria-disabled")], [[], null], "allowed");
  stop();
});

test("what is marked is hidden until the first bind", ({ app }) => {
  const { bob } = room();
  const elements = show(app, loading);
  document.body.className = "loading";
  assert.equal(elements.length, 3);
  assert.deepEqual(seen("[data-can]"), []);
  const stop = bind(document, bob);
  document.body.classList.remove("loading");
  assert.deepEqual(seen("[data-can]"), ["Delete", "Remove", "Rename"]);
  stop();
});
