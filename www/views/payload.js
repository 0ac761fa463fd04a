// @ts-check
import { EXAMPLES } from "../examples.js";
import { locate } from "../json-source.js";
import { h } from "../render.js";
import { plural, segments } from "./parts.js";

/**
 * @typedef {import("../examples.js").ExampleName} ExampleName
 * @typedef {import("../workspace.js").Failure} Failure
 * @typedef {import("../workspace.js").LoadResult} LoadResult
 * @typedef {import("../workspace.js").Manner} Manner
 * @typedef {import("../workspace.js").Workspace} Workspace
 * @typedef {import("rolecall").LoadReport} LoadReport
 * @typedef {import("./chat.js").Page} Page
 */

const SECTIONS = /** @type {const} */ (["roles", "users", "channels", "members", "invites"]);
const OUTCOMES = /** @type {const} */ (["added", "updated", "unchanged", "removed", "skipped"]);

/** So many warnings are listed; more would be slow to draw, and nobody reads them. */
const LISTED = 100;

/** How the next payload is loaded. @type {Manner} */ let manner = "fresh";
/** The JSON in the text area, where that is not what was loaded. @type {{ of: string, text: string } | undefined} */ let written;

/**
 * Somebody's own data: loading it, the report, and the snapshot.
 *
 * @param {Page} page
 */
export function payloadView(page) {
  const { workspace } = page;
  const { example, failure, loaded } = workspace;
  const text = () => (written?.of === workspace.text ? written.text : workspace.text);
  return [
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "payload-title" }, "Your data"),
      h("button", { type: "button", onclick: () => download(workspace) }, "Download snapshot"),
    ),
    h(
      "fieldset",
      { class: "examples" },
      h("legend", {}, "Start from an example"),
      ...Object.entries(EXAMPLES).map(([name, { title, about }]) =>
        h(
          "label",
          { class: "example", key: name },
          h("input", {
            ...{ type: "radio", name: "example", value: name, checked: name === example },
            onchange: () => workspace.start(/** @type {ExampleName} */ (name)),
          }),
          h("span", {}, h("b", {}, title), h("span", { class: "hint" }, about)),
        ),
      ),
    ),
    h(
      "form",
      {
        class: "source",
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          load(workspace, text(), "The pasted JSON");
        },
      },
      h("label", { for: "payload-text" }, "or paste what your back end forwards of the REST API"),
      h("textarea", {
        ...{ id: "payload-text", rows: "12", wrap: "off", spellcheck: "false", autocomplete: "off", value: text() },
        ...{ "aria-invalid": failure ? "true" : null, "aria-describedby": "payload-hint" },
        placeholder:
          example === undefined ? null : `${EXAMPLES[example].title} is too long to show. Paste your own here.`,
        oninput: (/** @type {Event} */ { target }) => {
          written = { of: workspace.text, text: /** @type {HTMLTextAreaElement} */ (target).value };
        },
      }),
      h(
        "p",
        { class: "hint", id: "payload-hint" },
        "List pages, arrays or single resources, of Chat or of Conversations. It stays in this page: nothing is sent anywhere.",
      ),
      h(
        "div",
        { class: "row" },
        h("label", { for: "signed-in" }, "Signed-in user"),
        h("input", {
          ...{ id: "signed-in", type: "text", value: workspace.identity, "aria-describedby": "signed-in-hint" },
          ...{ autocomplete: "off", autocapitalize: "none", spellcheck: "false" },
          oninput: (/** @type {Event} */ { target }) =>
            workspace.look({ identity: /** @type {HTMLInputElement} */ (target).value }),
        }),
        h(
          "span",
          { class: "hint", id: "signed-in-hint" },
          "The option ",
          h("code", {}, "identity"),
          ", for a user without a row",
        ),
      ),
      h("div", { role: "alert" }, failure && failureCard(failure, workspace)),
      h(
        "div",
        { class: "row" },
        segments(
          "It",
          "manner",
          [
            ["fresh", "starts a new service"],
            ["add", "adds to this one"],
            ["replace", "replaces its sections"],
          ],
          manner,
          (value) => {
            manner = value;
            workspace.changed();
          },
        ),
      ),
      h(
        "div",
        { class: "row" },
        h("button", { type: "submit", class: "primary" }, "Load"),
        h(
          "label",
          { class: "file button" },
          h("input", {
            ...{ type: "file", accept: ".json,application/json" },
            onchange: async (/** @type {Event} */ { target }) => {
              const input = /** @type {HTMLInputElement} */ (target);
              // Cleared, so that choosing the same file again, mended meanwhile, is a change again.
              if (input.files?.[0]) await readFile(workspace, input.files[0]).finally(() => (input.value = ""));
            },
          }),
          "Choose a file",
        ),
        h("span", { class: "hint" }, "or drop one anywhere"),
      ),
    ),
    loaded && reportCard(loaded, () => text()),
  ];
}

/**
 * @param {Workspace} workspace
 * @param {string} text
 * @param {string} source
 */
function load(workspace, text, source) {
  written = undefined;
  if (!workspace.load(text, { source, manner }) || manner !== "fresh") written = { of: workspace.text, text };
  const { failure } = workspace;
  if (failure?.range) queueMicrotask(() => mark(failure.range));
}

/**
 * @param {Workspace} workspace
 * @param {File} file
 */
async function readFile(workspace, file) {
  let text;
  try {
    text = await file.text();
  } catch (error) {
    workspace.cannotRead(file.name, error);
    return;
  }
  workspace.look({ tab: "payload" });
  load(workspace, text, file.name);
}

/**
 * Selects, focuses and scrolls to a part of the JSON.
 *
 * @param {{ start: number, end: number } | undefined} range
 */
function mark(range) {
  const area = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("payload-text"));
  if (!range || !area) return;
  const { start, end } = range;
  area.focus();
  area.setSelectionRange(start, end);
  // Only Firefox scrolls a text area to its selection by itself. Lines are not wrapped, so the offset of a line follows
  // from its number.
  const lines = area.value.split("\n").length;
  const before = area.value.slice(0, start).split("\n").length - 1;
  area.scrollTop = (before / lines) * area.scrollHeight - area.clientHeight / 3;
  area.scrollLeft = 0;
}

/** @param {Workspace} workspace */
async function download(workspace) {
  const { answer } = await workspace.shadow.ask({ snapshot: true });
  const address = URL.createObjectURL(new Blob([answer], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "rolecall-snapshot.json";
  link.click();
  URL.revokeObjectURL(address);
}

/**
 * @param {Failure} failure
 * @param {Workspace} workspace
 */
function failureCard({ source, message, code, path, position, range }, workspace) {
  const facts = Object.entries({ Code: code, Path: path, Line: position?.line, Column: position?.column });
  return h(
    "div",
    { class: "card failure" },
    h("h3", {}, `${source} was not loaded`),
    h("p", { class: "message" }, message),
    h(
      "dl",
      { class: "facts" },
      ...facts
        .filter(([, value]) => value !== undefined)
        .map(([term, value]) => h("div", { key: term }, h("dt", {}, term), h("dd", {}, h("code", {}, String(value))))),
    ),
    workspace.source !== "" && h("p", {}, `${workspace.source} stays on screen.`),
    range && h("button", { type: "button", onclick: () => mark(range) }, "Show it in the JSON"),
  );
}

/**
 * @param {LoadResult} loaded
 * @param {() => string} text
 */
function reportCard({ source, manner, report }, text) {
  const did = { fresh: "a new service", add: "added to the service", replace: "replaced in the service" }[manner];
  const { warnings } = report;
  // What did not happen to any row needs no column.
  const outcomes = OUTCOMES.filter(
    (outcome) => outcome === "added" || SECTIONS.some((section) => report[section][outcome] > 0),
  );
  return h(
    "div",
    { class: "card report" },
    h("h3", {}, "Load report"),
    h("p", {}, `${source}: ${did}.`),
    h(
      "table",
      { class: "counts" },
      h("thead", {}, h("tr", {}, h("td", {}), ...outcomes.map((outcome) => h("th", { scope: "col" }, outcome)))),
      h(
        "tbody",
        {},
        ...SECTIONS.map((section) =>
          h(
            "tr",
            { key: section },
            h("th", { scope: "row" }, section),
            ...outcomes.map((outcome) => {
              const count = report[section][outcome];
              return h("td", { class: count === 0 ? "zero" : null }, count.toLocaleString("en"));
            }),
          ),
        ),
      ),
    ),
    h("h4", {}, warnings.length === 0 ? "No warnings" : plural(warnings.length, "warning")),
    warnings.length > 0 &&
      h(
        "ul",
        { class: "warnings", tabindex: "0", "aria-label": "Warnings" },
        ...warnings.slice(0, LISTED).map(({ code, path, message }, index) =>
          h(
            "li",
            { key: index },
            `${message} `,
            h("code", {}, code),
            // The last of too many warnings has no path.
            path !== "" && [
              " ",
              h("button", { type: "button", class: "link", onclick: () => mark(locate(text(), path)) }, path),
            ],
          ),
        ),
        warnings.length > LISTED &&
          h("li", { key: "rest" }, `and ${(warnings.length - LISTED).toLocaleString("en")} more`),
      ),
  );
}

/** Files that are dropped anywhere on the page. @param {Workspace} workspace */
export function acceptDrops(workspace) {
  const sheet = /** @type {HTMLElement} */ (document.getElementById("drop"));
  // The number of elements the pointer is inside of: leaving a child is not leaving the page.
  let depth = 0;
  document.addEventListener("dragenter", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    depth += 1;
    sheet.hidden = false;
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    sheet.hidden = depth === 0;
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    sheet.hidden = true;
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    readFile(workspace, dropped);
  });
}
