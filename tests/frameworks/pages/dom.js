// rolecall/dom in a page.
import { assert } from "chai";
import { bind } from "rolecall/dom";
import { test, town } from "./in-page.js";

/** After the observers have been told of what was done before. */
const told = () => new Promise((resolve) => setTimeout(resolve));

/** Whether somebody sees it. */
const visible = (element) => element.getClientRects().length > 0;

/** Whether it says that it is disabled. */
const isDisabled = (element) => element.getAttribute("aria-disabled") === "true";

/** What assistive technology reads beside the name. */
const description = (element) =>
  (element.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => element.getRootNode().getElementById(id)?.textContent)
    .join(" ");

const shown = (app) => [...app.querySelectorAll("[data-can]")].filter(visible).map(({ textContent }) => textContent);

test("shows what is allowed, and follows changes of the answers", async ({ app }) => {
  const { bob, promote, demote, listening } = town();
  app.innerHTML = `<button data-can="sendMessage">send</button>
    <button data-can="deleteMessage" data-can-owner="bob">own</button>
    <button data-can="deleteMessage" data-can-owner="alice">other</button>
    <button data-can="deleteMessage" data-can-owner="">empty</button>
    <button data-can="deleteMessage">nobody</button>
    <button data-can="createChannel" hidden>hidden by the page</button>`;
  const before = document.documentElement.outerHTML;
  const sheets = document.adoptedStyleSheets.length;
  const stop = bind(app, bob);
  const mine = ["send", "own"];
  assert.deepEqual(shown(app), mine);
  promote();
  assert.deepEqual(shown(app), [...mine, "other", "empty", "nobody"]);
  demote();
  assert.deepEqual(shown(app), mine);
  assert.equal(listening(), 2);
  stop();
  stop();
  assert.equal(document.documentElement.outerHTML, before);
  assert.equal(document.adoptedStyleSheets.length, sheets);
  assert.equal(listening(), 0);
  promote();
  assert.equal(document.documentElement.outerHTML, before);
});

test("hides also what the page's own style would show", ({ app }) => {
  const { bob } = town();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("#app button { display: flex }");
  document.adoptedStyleSheets = [sheet];
  app.innerHTML = '<button data-can="destroyChannel">destroy</button>';
  const stop = bind(app, bob);
  assert.equal(visible(app.firstChild), false);
  stop();
  assert.equal(visible(app.firstChild), true);
  assert.deepEqual([...document.adoptedStyleSheets], [sheet]);
  document.adoptedStyleSheets = [];
});

test("denies everything while there is no ability", ({ app }) => {
  app.innerHTML = `<button data-can="sendMessage">send</button>
    <button data-can="sendMessage" data-can-else="disable">send</button>`;
  for (const ability of [undefined, null]) {
    const stop = bind(document, ability);
    assert.equal(visible(app.children[0]), false);
    assert.equal(isDisabled(app.children[1]), true);
    stop();
  }
});

test("follows elements that come, go and move, and attributes that change", async ({ app }) => {
  const { bob } = town();
  const stop = bind(app, bob);
  const make = (html) => {
    app.insertAdjacentHTML("beforeend", html);
    return app.lastElementChild;
  };
  const cases = [
    ["an element", () => make('<p data-can="destroyChannel">'), false],
    ["an element inside of one", () => make('<div><p data-can="destroyChannel">').firstChild, false],
    ["an allowed one", () => make('<p data-can="sendMessage">.'), true],
    [
      "a mark that comes",
      () => {
        const element = make("<p>.");
        element.dataset.can = "destroyChannel";
        return element;
      },
      false,
    ],
  ];
  for (const [name, come, expected] of cases) {
    const element = come();
    await told();
    assert.equal(visible(element), expected, name);
  }

  const element = make('<p data-can="deleteMessage" data-can-owner="bob">.');
  const changes = [
    [() => {}, true],
    [() => (element.dataset.canOwner = "alice"), false],
    [() => (element.dataset.canOwner = "bob"), true],
    [() => delete element.dataset.canOwner, false],
    [() => (element.dataset.can = "sendMessage"), true],
    [() => (element.dataset.can = "destroyChannel"), false],
    [() => delete element.dataset.can, true],
    [() => (element.dataset.can = "destroyChannel"), false],
    [() => app.prepend(element), false],
    [() => document.body.append(element), true],
    [() => app.append(element), false],
    [() => element.replaceWith("."), false],
  ];
  for (const [change, expected] of changes) {
    change();
    await told();
    assert.equal(visible(element), expected, String(change));
  }
  // What is no longer in the page is as the page made it.
  assert.equal(element.outerHTML, '<p data-can="destroyChannel">.</p>');
  stop();
});

test("disables, says so and tells the reason", async ({ app }) => {
  const { bob, promote, demote } = town();
  app.innerHTML = `<p id="hint">A hint.</p>
    <button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable" aria-describedby="hint">1</button>
    <fieldset data-can="deleteMessage" data-can-owner="alice" data-can-else="disable"><input></fieldset>
    <a data-can="deleteMessage" data-can-owner="alice" data-can-else="disable" href="#gone">2</a>
    <span data-can="deleteMessage" data-can-owner="alice" data-can-else="disable" role="button" tabindex="0">3</span>`;
  const before = document.documentElement.outerHTML;
  const [button, fieldset, link, span] = app.querySelectorAll("[data-can]");
  let clicks = 0;
  for (const element of [button, link, span]) element.addEventListener("click", () => clicks++);
  span.addEventListener("keydown", () => clicks++);
  const press = () => {
    clicks = 0;
    for (const element of [button, link, span]) element.click();
    span.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    return clicks;
  };

  const stop = bind(app, bob);
  const { message } = bob.explain("deleteMessage", "alice");
  for (const element of [button, fieldset, link, span]) {
    assert.equal(visible(element), true);
    assert.equal(element.getAttribute("aria-disabled"), "true");
    assert.include(description(element), message);
  }
  assert.equal(description(button), `A hint. ${message}`);
  // The keyboard reaches it.
  assert.equal(button.disabled, false);
  button.focus();
  assert.equal(document.activeElement, button);
  assert.equal(app.querySelector("input").matches(":disabled"), true);
  assert.deepEqual([link.getAttribute("href"), link.getAttribute("role"), link.tabIndex], [null, "link", 0]);
  assert.deepEqual([span.getAttribute("role"), span.hasAttribute("disabled")], ["button", false]);
  assert.equal(press(), 0);
  // Another key is no press.
  span.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true }));
  assert.equal(clicks, 1);

  promote();
  assert.equal(document.documentElement.outerHTML, before);
  assert.equal(press(), 4);
  demote();
  assert.equal(press(), 0);
  stop();
  assert.equal(document.documentElement.outerHTML, before);
  assert.equal(press(), 4);
  history.replaceState(null, "", location.pathname);
});

test("a disabled link stays what the page says that it is", ({ app }) => {
  const { bob } = town();
  app.innerHTML = '<a data-can="destroyChannel" data-can-else="disable" href="/" role="menuitem" tabindex="-1">1</a>';
  const stop = bind(app, bob);
  const { firstChild: link } = app;
  assert.deepEqual([link.getAttribute("href"), link.getAttribute("role"), link.tabIndex], [null, "menuitem", -1]);
  stop();
});

test("a disabled link stays disabled while other things change", async ({ app }) => {
  const { bob, promote } = town();
  app.innerHTML = '<a data-can="deleteMessage" data-can-owner="alice" data-can-else="disable" href="/">1</a>';
  const before = document.body.children.length;
  const stop = bind(app, bob);
  const { firstChild: link } = app;
  const attributes = () => ["href", "role", "tabindex", "aria-disabled"].map((name) => link.getAttribute(name));
  const disabled = [null, "link", "0", "true"];
  assert.deepEqual(attributes(), disabled);
  link.dataset.canOwner = "zoe";
  await told();
  assert.deepEqual(attributes(), disabled);
  promote();
  assert.deepEqual(attributes(), ["/", null, null, null]);
  // Nothing is left of the only reason.
  assert.equal(document.body.children.length, before);
  stop();
});

test("what is disabled does not do what its element does by itself", ({ app }) => {
  const { bob, promote } = town();
  const marks = 'data-can="deleteMessage" data-can-owner="alice" data-can-else="disable"';
  app.innerHTML = `<details><summary ${marks}>more</summary>.</details><label ${marks}><input type="checkbox"></label>`;
  const [details, label] = app.children;
  const stop = bind(app, bob);
  const press = () => {
    for (const element of [details.firstChild, label]) element.click();
    return [details.open, label.firstChild.checked];
  };
  assert.deepEqual(press(), [false, false]);
  promote();
  assert.deepEqual(press(), [true, true]);
  stop();
});

test("tells the reasons where nobody sees them, each as long as its element is disabled", ({ app }) => {
  const { service, bob, promote } = town();
  app.innerHTML = `<button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable">1</button>
    <button data-can="addMember" data-can-else="disable">2</button>`;
  const [message, member] = app.children;
  const stop = bind(app, bob);
  const reasonOf = (element) => document.getElementById(element.getAttribute("aria-describedby"));
  const [first, second] = [message, member].map(reasonOf);
  for (const reason of [first, second]) {
    assert.isNotEmpty(reason.textContent);
    assert.equal(visible(reason), false);
  }
  promote();
  assert.deepEqual(
    [first, second].map(({ isConnected }) => isConnected),
    [false, true],
  );
  assert.equal(reasonOf(member), second);
  service.grant("Channel User", "addMember");
  assert.deepEqual(
    [first, second].map(({ isConnected }) => isConnected),
    [false, false],
  );
  stop();
});

test("a reason follows its sentence where no answer changes, and nothing else is touched", ({ app }) => {
  const { bob, elsewhere, reword, listening } = town();
  const marks = 'data-can="deleteMessage" data-can-owner="alice"';
  app.innerHTML = `<button ${marks} data-can-else="disable">1</button><button ${marks}>2</button>`;
  const stop = bind(app, bob);
  const { message } = bob.explain("deleteMessage", "alice");
  assert.equal(description(app.firstChild), message);
  const observer = new MutationObserver(() => {});
  observer.observe(document, { subtree: true, attributes: true, childList: true, characterData: true });
  elsewhere();
  assert.deepEqual(observer.takeRecords(), []);
  reword();
  const reworded = bob.explain("deleteMessage", "alice").message;
  assert.notEqual(reworded, message);
  assert.equal(description(app.firstChild), reworded);
  assert.isFalse(observer.takeRecords().some(({ target }) => app.contains(target)));
  observer.disconnect();
  stop();
  assert.equal(listening(), 0);
});

test("leaves what the page did just before it was ended", ({ app }) => {
  const { bob } = town();
  app.innerHTML = '<button data-can="destroyChannel">1</button><button data-can="destroyChannel" hidden>2</button>';
  const [shown, hidden] = app.children;
  const stop = bind(app, bob);
  shown.setAttribute("hidden", "until-found");
  hidden.removeAttribute("hidden");
  stop();
  assert.deepEqual(
    [shown, hidden].map((element) => element.getAttribute("hidden")),
    ["until-found", null],
  );
});

test("ends once, and leaves what the page did since", ({ app }) => {
  const { bob } = town();
  app.innerHTML = '<button data-can="destroyChannel">1</button>';
  const stop = bind(app, bob);
  stop();
  app.firstChild.hidden = true;
  stop();
  assert.equal(app.firstChild.hidden, true);
});

test("tells the reason in the page's own words", async ({ app, reported }) => {
  const { bob, promote } = town();
  app.innerHTML = '<button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable">1</button>';
  const stop = bind(app, bob, { describe: ({ reason, missing }) => `Nein: ${reason}, ${missing}` });
  assert.equal(description(app.firstChild), "Nein: not-owner, deleteAnyMessage");
  app.firstChild.dataset.canOwner = "";
  await told();
  assert.equal(description(app.firstChild), "Nein: unknown-owner, deleteAnyMessage");
  stop();

  const fail = () => {
    throw new Error("no words");
  };
  const stopFailing = bind(app, bob, { describe: fail });
  assert.equal(isDisabled(app.firstChild), true);
  assert.deepEqual(
    reported.splice(0).map(({ message }) => message),
    ["no words"],
  );
  promote();
  assert.equal(isDisabled(app.firstChild), false);
  stopFailing();
});

test("survives a describe that throws what is no text, and reports it once", async ({ app, reported }) => {
  const { bob, promote, demote } = town();
  const unspeakable = {
    "without a prototype": Object.create(null),
    "a function without a prototype": Object.setPrototypeOf(() => {}, null),
    "an error whose name throws": Object.defineProperty(new Error(), "name", {
      get() {
        throw new Error("the name");
      },
    }),
  };
  const table = Object.entries(unspeakable);
  for (const [about, thrown] of table) {
    app.innerHTML = '<button data-can="deleteMessage" data-can-owner="alice" data-can-else="disable">1</button>';
    const stop = bind(app, bob, {
      describe() {
        throw thrown;
      },
    });
    assert.equal(isDisabled(app.firstChild), true, about);
    promote();
    assert.equal(isDisabled(app.firstChild), false, about);
    demote();
    assert.equal(isDisabled(app.firstChild), true, about);
    app.firstChild.dataset.canOwner = "";
    await told();
    app.append(app.firstChild.cloneNode(true));
    await told();
    assert.deepEqual([...app.children].map(isDisabled), [true, true], about);
    assert.deepEqual(reported.splice(0), [thrown], about);
    stop();
  }
});

test("refuses what is no root, no words and no ability, and leaves nothing behind", ({ app }) => {
  const { bob, listening } = town();
  app.innerHTML = `<button data-can="destroyChannel" data-can-else="disable">delete</button>`;
  const before = document.body.innerHTML;
  const table = [
    [() => bind(null, bob), "invalid-argument"],
    [() => bind({}, bob), "invalid-argument"],
    [() => bind("main", bob), "invalid-argument"],
    [() => bind(app, bob, null), "invalid-argument"],
    [() => bind(app, bob, { describe: "no" }), "invalid-argument"],
    // What only stands in the place of an ability throws what it likes.
    [() => bind(app, 5), undefined],
  ];
  for (const [call, code] of table) {
    let thrown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    assert.instanceOf(thrown, Error, String(call));
    assert.equal(thrown.code, code, String(call));
    assert.equal(listening(), 0, String(call));
  }
  for (const words of [undefined, 5, Symbol("no"), {}]) {
    const stop = bind(app, bob, { describe: () => words });
    assert.isTrue(isDisabled(app.firstChild));
    assert.isFalse(app.firstChild.hasAttribute("aria-describedby"));
    stop();
  }
  assert.equal(document.body.innerHTML, before);
});

test("leaves hidden and disabled what the page hides and disables, before or meanwhile", async ({ app }) => {
  const { bob, promote, demote } = town();
  const marks = 'data-can="deleteMessage" data-can-owner="alice"';
  const cases = [
    // What is there at first, what the page does while it is denied, and what it is to be when it is allowed.
    [`<p ${marks}>`, () => {}, `<p ${marks}></p>`],
    [`<p ${marks} hidden="">`, () => {}, `<p ${marks} hidden=""></p>`],
    [`<p ${marks} hidden="until-found">`, () => {}, `<p ${marks} hidden="until-found"></p>`],
    [`<p ${marks}>`, (element) => (element.hidden = true), `<p ${marks} hidden=""></p>`],
    [`<p ${marks} hidden="">`, (element) => (element.hidden = false), `<p ${marks}></p>`],
    [
      `<button ${marks} data-can-else="disable" disabled="">`,
      () => {},
      `<button ${marks} data-can-else="disable" disabled=""></button>`,
    ],
    [
      `<button ${marks} data-can-else="disable">`,
      (element) => (element.disabled = true),
      `<button ${marks} data-can-else="disable" disabled=""></button>`,
    ],
    [
      `<button ${marks} data-can-else="disable" disabled="">`,
      (element) => (element.disabled = false),
      `<button ${marks} data-can-else="disable"></button>`,
    ],
    [
      `<button ${marks} data-can-else="disable">`,
      (element) => element.setAttribute("aria-describedby", "hint"),
      `<button ${marks} data-can-else="disable" aria-describedby="hint"></button>`,
    ],
    [
      `<a ${marks} data-can-else="disable" href="/1">`,
      (element) => (element.href = "/2"),
      `<a ${marks} data-can-else="disable" href="/2"></a>`,
    ],
    [`<p ${marks} data-can-else="disable">`, (element) => delete element.dataset.canElse, `<p ${marks}></p>`],
  ];
  const sorted = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    const { attributes, localName } = template.content.firstElementChild;
    return [localName, ...[...attributes].map(({ name, value }) => `${name}="${value}"`).sort()];
  };
  for (const [html, change, expected] of cases) {
    for (const end of ["promote", "stop"]) {
      app.innerHTML = html;
      const [element] = app.children;
      const stop = bind(app, bob);
      const denied = () => element.hasAttribute("aria-disabled") || element.hidden === true;
      assert.equal(denied(), true, html);
      change(element);
      await told();
      assert.equal(denied(), true, `${html} ${change}`);
      assert.equal(element.hasAttribute("href"), false, html);
      if (end === "promote") promote();
      else stop();
      assert.deepEqual(sorted(element.outerHTML), sorted(expected), `${html} ${change} ${end}`);
      stop();
      demote();
    }
  }
});

test("an action that does not exist is denied and reported once, and disturbs nothing else", async ({
  app,
  reported,
}) => {
  const { bob, promote } = town();
  app.innerHTML = `<p data-can="deleteMesage">misspelt</p><p data-can="">empty</p><p data-can="constructor">foreign</p>
    <p data-can="deleteMesage" data-can-else="disable">disabled</p><p data-can="sendMessage">send</p>`;
  const stop = bind(app, bob);
  promote();
  assert.deepEqual(shown(app), ["disabled", "send"]);
  assert.deepEqual(
    reported.splice(0).map(({ code }) => code),
    ["unknown-action", "unknown-action", "unknown-action"],
  );
  stop();
});

test("works in a shadow root, on an element that is not in a page yet, and on a marked root itself", async ({
  app,
}) => {
  const { bob } = town();
  const marked = '<b data-can="destroyChannel" data-can-else="disable">1</b>';
  const shadow = app.attachShadow({ mode: "open" });
  shadow.innerHTML = marked;
  const stopShadow = bind(shadow, bob);
  assert.include(description(shadow.firstChild), "destroyChannel");
  stopShadow();
  assert.equal(shadow.innerHTML, marked);

  const alone = document.createElement("div");
  alone.innerHTML = marked;
  const stopAlone = bind(alone, bob);
  document.body.append(alone);
  assert.include(description(alone.firstChild), "destroyChannel");
  stopAlone();
  assert.equal(alone.innerHTML, marked);

  const stopItself = bind(alone.firstChild, bob);
  assert.equal(alone.firstChild.getAttribute("aria-disabled"), "true");
  stopItself();
  assert.equal(alone.innerHTML, marked);
});

test("two that look at the same elements come to rest, and leave them as they were", async ({ app }) => {
  const { bob, promote, demote } = town();
  const marks = 'data-can="deleteMessage" data-can-owner="alice"';
  app.innerHTML = `<p ${marks}>1</p><button ${marks} data-can-else="disable" aria-describedby="hint">2</button>`;
  const before = app.innerHTML;
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const stops = [bind(app, bob), bind(document, bob)];
    await told();
    promote();
    await told();
    assert.equal(app.innerHTML, before);
    demote();
    await told();
    assert.equal(app.children[1].getAttribute("aria-describedby").split(" ").length, 3);
    for (const which of order) {
      stops[which]();
      await told();
    }
    assert.equal(app.innerHTML, before);
  }
});

test("a thousand rows: touches those whose answer has changed, and no others", async ({ app }) => {
  const { bob, promote, elsewhere, service } = town();
  app.innerHTML = Array.from(
    { length: 1000 },
    (_, at) => `<p data-can="deleteMessage" data-can-owner="${at % 2 ? "alice" : "bob"}">.</p>`,
  ).join("");
  const stop = bind(app, bob);
  const observer = new MutationObserver(() => {});
  observer.observe(app, { subtree: true, attributes: true, childList: true });
  const table = [
    [elsewhere, 0],
    [() => service.revoke("Channel User", "sendMediaMessage"), 0],
    [promote, 500],
  ];
  for (const [change, expected] of table) {
    change();
    assert.equal(observer.takeRecords().length, expected, String(change));
  }
  observer.disconnect();
  stop();
});

test("a service that is freed leaves nothing shown, also of what comes later, and what ends it still does", async ({
  app,
  reported,
}) => {
  const { service, bob } = town();
  app.innerHTML = `<p data-can="sendMessage">send</p>
    <button data-can="deleteMessage" data-can-owner="bob" data-can-else="disable">own</button>`;
  const before = app.innerHTML;
  const stop = bind(app, bob);
  assert.deepEqual(shown(app), ["send", "own"]);
  service.free();
  await told();
  const usable = () => shown(app).filter((text) => text !== "own" || !isDisabled(app.querySelector("button")));
  const afterFree = usable();
  app.insertAdjacentHTML("beforeend", '<p data-can="sendMessage">later</p>');
  await told();
  const later = usable();
  app.lastElementChild.remove();
  await told();
  stop();
  assert.deepEqual([reported.splice(0).map(({ code }) => code), afterFree, later], [[], [], []]);
  assert.equal(app.innerHTML, before);
});

test("a service that is freed while reasons are told leaves nothing shown", ({ app }) => {
  const { service, bob } = town();
  app.innerHTML = `<p data-can="sendMessage">send</p>
    <button data-can="destroyChannel" data-can-else="disable">destroy</button>`;
  const describe = () => {
    service.free();
    return "";
  };
  const stop = bind(app, bob, { describe });
  const after = shown(app);
  stop();
  assert.deepEqual(after, ["destroy"]);
});
