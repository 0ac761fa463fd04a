// rolecall/react in a page.
import { assert } from "chai";
import { act, StrictMode, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { Can, useCan } from "rolecall/react";
import { messages, test, town } from "./in-page.js";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

async function show(app, element) {
  const root = createRoot(app);
  const render = (shown) => act(async () => root.render(shown));
  await render(element);
  return { render, end: () => act(async () => root.unmount()) };
}

const change = (make) => act(async () => make());

let rendered = [];

function Row({ ability, message }) {
  const allowed = useCan(ability, "deleteMessage", message.author);
  rendered.push(message.id);
  return <li>{allowed ? "delete" : "-"}</li>;
}

test("a thousand rows: each renders again when its own answer has changed, and for no other change", async ({
  app,
}) => {
  const { bob, changes, listening } = town();
  const page = await show(
    app,
    <ul>
      {messages.map((message) => (
        <Row key={message.id} ability={bob} message={message} />
      ))}
    </ul>,
  );
  assert.equal(app.querySelectorAll("li").length, 1000);
  assert.equal(app.textContent, "delete-".repeat(500));
  assert.equal(listening(), 1000);

  for (const [make, expected] of changes) {
    rendered = [];
    await change(make);
    assert.deepEqual(rendered, expected, String(make));
  }
  await page.end();
  assert.equal(listening(), 0);
});

function Button({ ability, action = "deleteMessage", owner = null }) {
  return useCan(ability, action, owner) ? "yes" : "no";
}

test("what is asked may change, and may not be there yet", async ({ app }) => {
  const { bob, alice, promote, listening } = town();
  const page = await show(app, <Button ability={undefined} owner="bob" />);
  const table = [
    [<Button key="" ability={undefined} owner="bob" />, "no"],
    [<Button key="" ability={null} owner="bob" />, "no"],
    [<Button key="" ability={bob} owner="bob" />, "yes"],
    [<Button key="" ability={bob} owner="alice" />, "no"],
    [<Button key="" ability={bob} owner={null} />, "no"],
    [<Button key="" ability={bob} action="sendMessage" />, "yes"],
    [<Button key="" ability={alice} owner="bob" />, "yes"],
    [<Button key="" ability={bob} owner="alice" />, "no"],
  ];
  for (const [element, expected] of table) {
    await page.render(element);
    assert.equal(app.textContent, expected);
  }
  await change(promote);
  assert.equal(app.textContent, "yes");
  assert.equal(listening(), 1);
  await page.end();
  assert.equal(listening(), 0);
});

test("in StrictMode nothing is left when it is unmounted", async ({ app }) => {
  const { bob, promote, listening } = town();
  const page = await show(
    app,
    <StrictMode>
      <Button ability={bob} owner="alice" />
    </StrictMode>,
  );
  assert.equal(listening(), 1);
  await change(promote);
  assert.equal(app.textContent, "yes");
  await page.end();
  assert.equal(listening(), 0);
});

test("a change between rendering and mounting is not missed", async ({ app }) => {
  const { bob, promote } = town();
  function Hasty() {
    // Children are rendered before this runs, and mounted after it.
    const [ref] = useState(() => () => promote());
    return (
      <p ref={ref}>
        <Button ability={bob} owner="alice" />
      </p>
    );
  }
  const page = await show(app, <Hasty />);
  assert.equal(app.textContent, "yes");
  await page.end();
});

test("Can shows its children, what its function makes, or its fallback", async ({ app }) => {
  const { bob } = town();
  const page = await show(app, null);
  const allowed = { ability: bob, action: "sendMessage" };
  const denied = { ability: bob, action: "deleteMessage", owner: "alice" };
  const say = (answer) => (answer ? "may" : "may not");
  const fallback = "fallback";
  const table = [
    [{ ...allowed, fallback }, "children", "children"],
    [{ ...denied, fallback }, "children", "fallback"],
    [denied, "children", ""],
    [allowed, undefined, ""],
    [allowed, say, "may"],
    [{ ...denied, fallback }, say, "may not"],
    [{ ...allowed, ability: undefined, fallback }, "children", "fallback"],
  ];
  for (const [given, children, expected] of table) {
    await page.render(<Can {...given}>{children}</Can>);
    assert.equal(app.textContent, expected);
  }
  await page.end();
});

test("what a server rendered is taken over without a difference", async ({ app }) => {
  const { bob, promote, listening } = town();
  const element = <Button ability={bob} owner="alice" />;
  app.innerHTML = renderToString(element);
  assert.equal(app.textContent, "no");
  assert.equal(listening(), 0);
  const errors = [];
  const root = await act(async () => hydrateRoot(app, element, { onRecoverableError: (error) => errors.push(error) }));
  assert.deepEqual(errors, []);
  await change(promote);
  assert.equal(app.textContent, "yes");
  await act(async () => root.unmount());
  assert.equal(listening(), 0);
});

test("a service that is freed leaves nothing shown, is no error when it is rendered again, and is left by unmounting", async ({
  app,
}) => {
  const { service, bob } = town();
  const page = await show(app, <Button ability={bob} action="sendMessage" />);
  assert.equal(app.textContent, "yes");
  await change(() => service.free());
  const afterFree = app.textContent;
  let later;
  let thrown;
  try {
    await page.render(<Button ability={bob} owner="bob" />);
    later = app.textContent;
  } catch (error) {
    thrown = error.code;
  }
  await page.end();
  assert.deepEqual([afterFree, later, thrown], ["no", "no", undefined]);
});
