// rolecall/vue in a page.
import { assert } from "chai";
// By another name, since this one is a React hook to the linter.
import { useCan as answerRef, useDecision as decisionRef } from "rolecall/vue";
import { createApp, effectScope, h, KeepAlive, nextTick, reactive, ref, watch } from "vue";
import { concerned, messages, sentences, test, town } from "./in-page.js";

function show(app, component) {
  const mounted = createApp(component);
  mounted.mount(app);
  return () => mounted.unmount();
}

async function change(make) {
  make();
  await nextTick();
}

test("a thousand rows: each renders again when its own answer has changed, and for no other change", async ({
  app,
}) => {
  const { bob, changes, listening } = town();
  let rendered = [];
  const Row = {
    props: ["message"],
    setup({ message }) {
      const allowed = answerRef(bob, "deleteMessage", message.author);
      return () => {
        rendered.push(message.id);
        return h("li", allowed.value ? "delete" : "-");
      };
    },
  };
  const end = show(app, { render: () => messages.map((message) => h(Row, { key: message.id, message })) });
  assert.equal(app.textContent, "delete-".repeat(500));
  assert.equal(listening(), 1000);

  for (const [make, expected] of changes) {
    rendered = [];
    await change(make);
    assert.deepEqual(rendered, expected, String(make));
  }
  end();
  assert.equal(listening(), 0);
});

test("a thousand decisions: each renders again when its own sentence has changed, and is never out of date", async ({
  app,
}) => {
  const { bob, decisionChanges, service, listening } = town();
  let rendered = [];
  const Row = {
    props: ["message"],
    setup({ message }) {
      const decision = decisionRef(bob, "deleteMessage", message.author);
      return () => {
        rendered.push(message.id);
        return h("li", decision.value.message);
      };
    },
  };
  const end = show(app, { render: () => messages.map((message) => h(Row, { key: message.id, message })) });
  assert.equal(app.textContent, sentences(bob));
  assert.equal(listening(), 1000);

  for (const [make, expected] of decisionChanges) {
    rendered = [];
    await change(make);
    assert.equal(app.textContent, sentences(bob), String(make));
    assert.deepEqual(concerned(rendered, expected), expected, String(make));
  }
  await change(() => service.removeMember("CH1", "bob"));
  assert.equal(app.textContent, sentences(bob));
  end();
  assert.equal(listening(), 0);
});

test("a decision is the same object until something in it changes, and undefined while there is nobody to ask", () => {
  const { service, bob, elsewhere, reword } = town();
  const ability = ref(undefined);
  const scope = effectScope();
  const seen = [];
  scope.run(() => {
    const decision = decisionRef(ability, "deleteMessage", "alice");
    watch(decision, (value) => seen.push(value?.message), { immediate: true, flush: "sync" });
  });
  ability.value = bob;
  const first = bob.explain("deleteMessage", "alice").message;
  elsewhere();
  reword();
  const second = bob.explain("deleteMessage", "alice").message;
  ability.value = null;
  ability.value = bob;
  service.free();
  scope.stop();
  assert.deepEqual(seen, [undefined, first, second, undefined, second, undefined]);
});

test("what is asked may be refs and getters, may change, and may not be there yet", async ({ app }) => {
  const { bob, alice, promote, listening } = town();
  const ability = ref(undefined);
  const asked = reactive({ action: "deleteMessage", owner: "bob" });
  const end = show(app, {
    setup() {
      const allowed = answerRef(
        ability,
        () => asked.action,
        () => asked.owner,
      );
      return () => (allowed.value ? "yes" : "no");
    },
  });
  assert.equal(app.textContent, "no");
  const table = [
    [() => (ability.value = null), "no"],
    [() => (ability.value = bob), "yes"],
    [() => (asked.owner = "alice"), "no"],
    [() => (asked.owner = null), "no"],
    [() => (asked.action = "sendMessage"), "yes"],
    [() => (asked.action = "deleteMessage"), "no"],
    [() => (ability.value = alice), "yes"],
    [() => (ability.value = bob), "no"],
    [promote, "yes"],
    [() => (ability.value = undefined), "no"],
  ];
  for (const [make, expected] of table) {
    await change(make);
    assert.equal(app.textContent, expected, String(make));
  }
  assert.equal(listening(), 0);
  await change(() => (ability.value = bob));
  assert.equal(listening(), 1);
  end();
  assert.equal(listening(), 0);
});

test("a change between setting up and mounting is not missed", async ({ app }) => {
  const { bob, promote } = town();
  const end = show(app, {
    setup() {
      const allowed = answerRef(bob, "deleteMessage", "alice");
      assert.equal(allowed.value, false);
      promote();
      return () => (allowed.value ? "yes" : "no");
    },
  });
  await nextTick();
  assert.equal(app.textContent, "yes");
  end();
});

test("works in an effect scope without a component, and stops with it", async () => {
  const { bob, promote, listening } = town();
  const scope = effectScope();
  const seen = [];
  scope.run(() => {
    const allowed = answerRef(bob, "deleteMessage", "alice");
    watch(allowed, (value) => seen.push(value), { immediate: true, flush: "sync" });
  });
  assert.deepEqual(seen, [false]);
  promote();
  assert.deepEqual(seen, [false, true]);
  scope.stop();
  assert.equal(listening(), 0);
});

test("is not ended by being kept alive, and is by being unmounted", async ({ app }) => {
  const { bob, promote, listening } = town();
  const shown = ref(true);
  const Button = {
    setup() {
      const allowed = answerRef(bob, "deleteMessage", "alice");
      return () => (allowed.value ? "yes" : "no");
    },
  };
  const end = show(app, { render: () => h(KeepAlive, () => (shown.value ? h(Button) : h("i"))) });
  await change(() => (shown.value = false));
  promote();
  await change(() => (shown.value = true));
  assert.equal(app.textContent, "yes");
  end();
  assert.equal(listening(), 0);
});

test("a service and an ability in reactive state stay what they are", () => {
  const { service, bob } = town();
  const state = reactive({ service, bob });
  assert.equal(ref(bob).value, bob);
  assert.equal(state.service, service);
  assert.equal(state.bob.can("sendMessage"), true);
  assert.equal(state.service.ability("bob", "CH1"), bob);
});

test("a service that is freed leaves nothing shown, is no error when it is rendered again, and is left by unmounting", async ({
  app,
}) => {
  const { service, bob } = town();
  const action = ref("sendMessage");
  const thrown = [];
  const application = createApp({
    setup() {
      const allowed = answerRef(bob, action, "bob");
      return () => (allowed.value ? "yes" : "no");
    },
  });
  application.config.errorHandler = ({ code }) => thrown.push(code);
  application.mount(app);
  assert.equal(app.textContent, "yes");
  await change(() => service.free());
  const afterFree = app.textContent;
  await change(() => (action.value = "deleteMessage"));
  const later = app.textContent;
  application.unmount();
  assert.deepEqual([afterFree, later, thrown], ["no", "no", []]);
});
