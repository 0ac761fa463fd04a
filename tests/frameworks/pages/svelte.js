// rolecall/svelte in a page.
import { assert } from "chai";
import { can, decision } from "rolecall/svelte";
import { flushSync, mount, unmount } from "svelte";
import { get } from "svelte/store";
import { concerned, messages, sentences, test, town } from "./in-page.js";
import { question } from "./question.svelte.js";
import Row from "./Row.svelte";
import Rows from "./Rows.svelte";
import Sentence from "./Sentence.svelte";

function show(app, component, props) {
  const mounted = mount(component, { target: app, props });
  flushSync();
  return () => unmount(mounted);
}

function change(make) {
  make();
  flushSync();
}

test("a thousand rows: each renders again when its own answer has changed, and for no other change", async ({
  app,
}) => {
  const { bob, changes, listening } = town();
  let rendered = [];
  const end = show(app, Rows, { ability: bob, messages, onrender: (id) => rendered.push(id) });
  assert.equal(app.textContent.replaceAll(/\s/g, ""), "yesno".repeat(500));
  assert.equal(listening(), 1000);

  for (const [make, expected] of changes) {
    rendered = [];
    change(make);
    assert.deepEqual(rendered, expected, String(make));
  }
  await end();
  assert.equal(listening(), 0);
});

test("a thousand decisions: each renders again when its own sentence has changed, and is never out of date", async ({
  app,
}) => {
  const { bob, decisionChanges, service, listening } = town();
  let rendered = [];
  const end = show(app, Rows, { ability: bob, messages, Shown: Sentence, onrender: (id) => rendered.push(id) });
  assert.equal(app.textContent, sentences(bob));
  assert.equal(listening(), 1000);

  for (const [make, expected] of decisionChanges) {
    rendered = [];
    change(make);
    assert.equal(app.textContent, sentences(bob), String(make));
    assert.deepEqual(concerned(rendered, expected), expected, String(make));
  }
  change(() => service.removeMember("CH1", "bob"));
  assert.equal(app.textContent, sentences(bob));
  await end();
  assert.equal(listening(), 0);
});

test("a store of a decision tells when something in it changes, and has none while there is nobody to ask", () => {
  const { service, bob, elsewhere, reword, listening } = town();
  const seen = [];
  const end = decision(bob, "deleteMessage", "alice").subscribe((value) => seen.push(value?.message));
  const first = bob.explain("deleteMessage", "alice").message;
  elsewhere();
  reword();
  const second = bob.explain("deleteMessage", "alice").message;
  assert.equal(get(decision(bob, "deleteMessage", "alice")), get(decision(bob, "deleteMessage", "alice")));
  service.free();
  end();
  assert.deepEqual(seen, [first, second, undefined]);
  assert.equal(get(decision(undefined, "deleteMessage", "alice")), undefined);
  assert.equal(listening(), 0);
});

test("what is asked may change, and may not be there yet", async ({ app }) => {
  const { bob, alice, promote, listening } = town();
  const asked = question({ ability: undefined, action: "deleteMessage", owner: "bob" });
  const end = show(app, Row, asked);
  assert.equal(app.textContent, "no");
  const table = [
    [() => (asked.ability = null), "no"],
    [() => (asked.ability = bob), "yes"],
    [() => (asked.owner = "alice"), "no"],
    [() => (asked.owner = null), "no"],
    [() => (asked.action = "sendMessage"), "yes"],
    [() => (asked.action = "deleteMessage"), "no"],
    [() => (asked.ability = alice), "yes"],
    [() => (asked.owner = "alice"), "yes"],
    [() => (asked.ability = bob), "no"],
    [promote, "yes"],
  ];
  for (const [make, expected] of table) {
    change(make);
    assert.equal(app.textContent, expected, String(make));
  }
  assert.equal(listening(), 1);
  await end();
  assert.equal(listening(), 0);
});

test("is a store: tells at once and after each change of its answer, until it is ended", () => {
  const { service, bob, promote, demote, elsewhere, listening } = town();
  const store = can(bob, "deleteMessage", "alice");
  assert.equal(listening(), 0);
  const seen = [];
  const end = store.subscribe((allowed) => seen.push(allowed));
  elsewhere();
  service.revoke("Channel User", "sendMediaMessage");
  promote();
  promote();
  demote();
  end();
  promote();
  assert.deepEqual(seen, [false, true, false]);
  assert.equal(listening(), 0);
  assert.equal(get(store), true);
  assert.equal(get(can(undefined, "deleteMessage", "alice")), false);
  assert.equal(listening(), 0);
});

test("a service that is freed leaves nothing shown, is no error when it is asked again, and is left by unmounting", async ({
  app,
}) => {
  const { service, bob } = town();
  const asked = question({ ability: bob, action: "sendMessage", owner: "bob" });
  const end = show(app, Row, asked);
  assert.equal(app.textContent, "yes");
  change(() => service.free());
  const afterFree = app.textContent;
  let thrown;
  try {
    change(() => (asked.action = "deleteMessage"));
  } catch ({ code }) {
    thrown = code;
  }
  const later = app.textContent;
  await end();
  assert.deepEqual([afterFree, later, thrown], ["no", "no", undefined]);
});

test("a store of a service that is freed says no, is no error to subscribe to, and ends", () => {
  const { service, bob } = town();
  const store = can(bob, "sendMessage");
  const seen = [];
  const end = store.subscribe((allowed) => seen.push(allowed));
  service.free();
  end();
  let later;
  try {
    later = get(store);
  } catch ({ code }) {
    later = code;
  }
  assert.deepEqual([seen, later], [[true, false], false]);
});
