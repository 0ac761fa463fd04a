// rolecall/react in a page.
import { assert } from "chai";
import { StrictMode, useState, version } from "react";
import { renderToString } from "react-dom/server";
import { Can, useCan, useDecision } from "rolecall/react";
import { concerned, messages, sentences, test, town } from "./in-page.js";
import { change, hydrate, show } from "./mount.js";

test("runs in the React that it says", () => {
  const [, said] = /^react-(\d+)/.exec(document.title) ?? [undefined, "19"];
  assert.equal(version.split(".")[0], said);
});

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

function Sentence({ ability, message }) {
  const decision = useDecision(ability, "deleteMessage", message.author);
  rendered.push(message.id);
  return <li>{decision.message}</li>;
}

test("a thousand decisions: each renders again when its own sentence has changed, and is never out of date", async ({
  app,
}) => {
  const { bob, decisionChanges, service, listening } = town();
  const page = await show(
    app,
    <ul>
      {messages.map((message) => (
        <Sentence key={message.id} ability={bob} message={message} />
      ))}
    </ul>,
  );
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
  await page.end();
  assert.equal(listening(), 0);
});

test("a decision is the same object until something in it changes, whoever asks", async ({ app }) => {
  const { bob, elsewhere, reword, service } = town();
  const seen = [];
  function Look({ name }) {
    seen.push(useDecision(bob, "deleteMessage", "alice"));
    return name;
  }
  const page = await show(app, <Look name="1" />);
  await change(elsewhere);
  await page.render([<Look key="1" name="1" />, <Look key="2" name="2" />]);
  assert.equal(new Set(seen).size, 1);
  const [before] = seen.splice(0);
  await change(reword);
  assert.equal(new Set(seen).size, 1);
  assert.notEqual(seen[0], before);
  assert.equal(seen[0].message, bob.explain("deleteMessage", "alice").message);
  await change(() => service.free());
  assert.equal(seen.at(-1), undefined);
  await page.end();
});

test("there is no decision while there is no ability, and then there is one", async ({ app }) => {
  const { bob } = town();
  const Button = ({ ability }) => useDecision(ability, "sendMessage")?.message ?? "not loaded";
  const page = await show(app, <Button ability={undefined} />);
  assert.equal(app.textContent, "not loaded");
  await page.render(<Button ability={null} />);
  assert.equal(app.textContent, "not loaded");
  await page.render(<Button ability={bob} />);
  assert.equal(app.textContent, bob.explain("sendMessage").message);
  await page.end();
});

test("an ability that a test made up needs no more than it is asked for", async ({ app }) => {
  const explain = () => ({ allowed: true, action: "sendMessage", message: "made up" });
  const fake = { can: () => true, explain, subscribe: () => () => {} };
  const Button = () => [String(useCan(fake, "sendMessage")), useDecision(fake, "sendMessage").message];
  const page = await show(app, <Button />);
  assert.equal(app.textContent, "truemade up");
  await page.end();
});

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

test("a change back before effects have run is not missed", async ({ app }) => {
  const { bob, promote, demote } = town();
  function Hasty() {
    const allowed = useCan(bob, "deleteMessage", "alice");
    // Runs before any effect of what was just rendered: promoted, it is demoted at once.
    const [ref] = useState(() => () => bob.can("deleteMessage", "alice") && demote());
    return (
      <p key={String(allowed)} ref={ref}>
        {allowed ? "yes" : "no"}
      </p>
    );
  }
  const page = await show(app, <Hasty />);
  await change(promote);
  assert.equal(app.textContent, "no");
  await page.end();
});

test("rows that are rendered little by little never show different answers to one question", async ({ app }) => {
  const { bob, promote } = town();
  const commits = [];
  let begun = 0;
  function Slow() {
    begun++;
    const until = performance.now() + 2;
    while (performance.now() < until);
    return useCan(bob, "deleteMessage", "alice") ? "y" : "n";
  }
  const rows = messages.slice(0, 50).map(({ id }) => <Slow key={id} />);
  const page = await show(app, null);
  const observer = new MutationObserver(() => commits.push(app.textContent));
  observer.observe(app, { subtree: true, childList: true, characterData: true });
  let before;
  const changeNow = () => {
    before = begun;
    promote();
  };
  await page.renderSlowly(
    rows,
    () => begun > 0,
    changeNow,
    () => app.textContent === "y".repeat(50),
  );
  observer.disconnect();
  // In the middle of it: else nothing could differ. React 17 renders all of them in one go.
  if (version.startsWith("17.")) assert.equal(before, 50);
  else assert.isTrue(before > 0 && before < 50, `${before} rows`);
  assert.equal(app.textContent, "y".repeat(50));
  assert.isTrue(
    commits.every((text) => new Set(text).size === 1),
    commits.join(),
  );
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
    [{ ...allowed, ability: undefined, fallback, loading: "loading" }, "children", "loading"],
    [{ ...allowed, ability: undefined, fallback, loading: null }, "children", ""],
    [{ ...allowed, ability: undefined, loading: "loading" }, say, "loading"],
    [{ ...allowed, ability: undefined, fallback }, say, "fallback"],
    [{ ...allowed, ability: undefined }, say, ""],
    [{ ...allowed, ability: null, fallback, loading: "loading" }, "children", "fallback"],
    [{ ...allowed, ability: null, fallback, loading: "loading" }, say, "fallback"],
    [{ ...allowed, fallback, loading: "loading" }, "children", "children"],
    [{ ...denied, fallback, loading: "loading" }, "children", "fallback"],
    [denied, (_, { message }) => message, bob.explain("deleteMessage", "alice").message],
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
  const page = await hydrate(app, element, (error) => errors.push(error));
  assert.deepEqual(errors, []);
  await change(promote);
  assert.equal(app.textContent, "yes");
  await page.end();
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
