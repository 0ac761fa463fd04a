// @ts-check
import { Draft } from "./draft.js";
import { EXAMPLES } from "./examples.js";
import { LONGEST, read, STORED, write } from "./link.js";
import { draw, h } from "./render.js";
import { bindSeats, chatView } from "./views/chat.js";
import { codeView } from "./views/code.js";
import { Dialog } from "./views/dialog.js";
import { select } from "./views/parts.js";
import { acceptDrops, payloadView } from "./views/payload.js";
import { rolesView } from "./views/roles.js";
import { usersView } from "./views/users.js";
import { Why } from "./views/why.js";
import { Workspace } from "./workspace.js";

const workspace = new Workspace();
const draft = new Draft(workspace);
const dialog = new Dialog(workspace);
const why = new Why(workspace, draft);
const page = { workspace, draft, dialog, why };

/** The panels, in the order of their tabs. */
const PANELS = [
  { id: "roles", title: "Roles", view: rolesView },
  { id: "users", title: "Users", view: usersView },
  { id: "chat", title: "Chat", view: chatView },
  { id: "code", title: "Code", view: codeView },
  { id: "payload", title: "Your data", view: payloadView },
];

/** The panels that stand beside the tabs where there is room; the widest first. */
const LAYOUTS = [
  { room: matchMedia("(min-width: 105rem)"), beside: ["users", "chat"] },
  { room: matchMedia("(min-width: 68rem)"), beside: ["chat"] },
];

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function drawPage() {
  const beside = LAYOUTS.find(({ room }) => room.matches)?.beside ?? [];
  const tabs = PANELS.filter(({ id }) => !beside.includes(id));
  const open = tabs.find(({ id }) => id === workspace.tab) ?? tabs[0];
  if (!open) return;
  draw(byId("start"), masthead());
  byId("news").textContent = workspace.news;
  if (workspace.source === "") return;
  const main = byId("main");
  const focused = document.activeElement;
  const home = /** @type {HTMLElement | null | undefined} */ (focused?.closest(".seat, .panel"));
  main.dataset.beside = String(beside.length);
  main.setAttribute("aria-busy", String(workspace.busy));
  draw(
    main,
    h(
      "div",
      { class: "pane tabbed", key: "tabs" },
      tablist(tabs, open.id),
      h(
        "div",
        {
          class: `panel ${open.id}`,
          role: "tabpanel",
          id: `panel-${open.id}`,
          "aria-labelledby": `tab-${open.id}`,
          key: open.id,
          tabindex: "-1",
        },
        open.view(page),
      ),
    ),
    ...PANELS.filter(({ id }) => beside.includes(id)).map(({ id, view }) =>
      h(
        "section",
        { class: `pane panel ${id}`, key: id, "aria-labelledby": `${id}-title`, tabindex: "-1" },
        view(page),
      ),
    ),
  );
  bindSeats(workspace);
  // The keyboard stays near a control that is gone.
  if (focused && !focused.checkVisibility()) home?.focus({ preventScroll: true });
}

function masthead() {
  const { example, asking } = workspace;
  const examples = Object.entries(EXAMPLES).map(([name, { title }]) => /** @type {[string, string]} */ ([name, title]));
  return [
    h(
      "div",
      { class: "pick" },
      h("label", { for: "service" }, "Service"),
      select(
        { id: "service" },
        example === undefined ? [["", workspace.source || "…"], ...examples] : examples,
        example ?? "",
        (name) => workspace.start(/** @type {import("./examples.js").ExampleName} */ (name)),
      ),
    ),
    h(
      "button",
      {
        type: "button",
        class: "toggle",
        "aria-pressed": String(asking),
        title: "Press any control or box to read why",
        onclick: () => {
          workspace.news = asking ? "" : "Press any control or box to read why.";
          workspace.look({ asking: !asking });
        },
      },
      "Why?",
    ),
    h("button", { type: "button", onclick: share }, "Copy link"),
    workspace.edits.length > 0 && h("button", { type: "button", onclick: startOver }, "Start over"),
  ];
}

/**
 * @param {typeof PANELS} tabs
 * @param {string} open
 */
function tablist(tabs, open) {
  const go = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = tabs.findIndex(({ id }) => id === open);
    const next =
      event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1) : step && tabs.at((at + step) % tabs.length);
    if (!next) return;
    event.preventDefault();
    workspace.look({ tab: next.id });
    queueMicrotask(() => byId(`tab-${next.id}`).focus());
  };
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "What to look at", key: "list" },
    ...tabs.map(({ id, title }) =>
      h(
        "button",
        {
          ...{ type: "button", role: "tab", id: `tab-${id}`, key: id, tabindex: id === open ? "0" : "-1" },
          ...{ "aria-selected": String(id === open), "aria-controls": id === open ? `panel-${id}` : null },
          ...{ onclick: () => workspace.look({ tab: id }), onkeydown: go },
        },
        title,
      ),
    ),
  );
}

function startOver() {
  if (workspace.example === undefined) workspace.load(workspace.text, { source: workspace.source });
  else workspace.start(workspace.example);
}

async function share() {
  const whole = await keep();
  try {
    if (whole) await navigator.clipboard.writeText(location.href);
    workspace.news = whole
      ? "The link is copied: whoever opens it sees what you see."
      : "This is too much for a link. Download the snapshot instead.";
  } catch {
    workspace.news = "The link is in the address bar: copy it from there.";
  }
  workspace.changed();
}

// The state is kept a moment after it has changed: browsers allow only so many changes of the address.
const KEEP_AFTER = 300;
let keeping = 0;
/** The link that this page wrote itself. */
let linked = "";

/** Writes the state into the address and the browser's storage. Returns whether all of it fits into a link. */
async function keep() {
  const link = await write(workspace.pageState);
  const whole = link.length <= LONGEST;
  linked = whole ? link : await write({ ...workspace.pageState, edits: [], payload: undefined });
  history.replaceState(null, "", `#${linked}`);
  try {
    localStorage.setItem(STORED, link);
  } catch {
    // Full, or forbidden: then it is not kept.
  }
  return whole;
}

function keepSoon() {
  if (workspace.source === "" || workspace.busy) return;
  clearTimeout(keeping);
  keeping = setTimeout(keep, KEEP_AFTER);
}

function stored() {
  try {
    return localStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}

async function arrive() {
  let kept;
  try {
    kept = await read(location.hash.slice(1) || stored());
  } catch {
    // The link is damaged.
  }
  if (kept) return workspace.restore(kept);
  await workspace.start("community");
  workspace.news = "This link is damaged, so here is an example.";
  workspace.changed();
}

workspace.subscribe(drawPage);
workspace.subscribe(keepSoon);
for (const { room } of LAYOUTS) room.addEventListener("change", () => workspace.changed());
addEventListener("hashchange", () => {
  if (location.hash.slice(1) !== linked) arrive();
});
acceptDrops(workspace);
arrive();
