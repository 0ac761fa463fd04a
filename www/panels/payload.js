// @ts-check
import { byId, element, radios } from "../dom.js";
import { EXAMPLES, fetchExample } from "../examples.js";
import { locate } from "../json-source.js";

/**
 * @typedef {import("../state.js").Manner} Manner
 * @typedef {import("../examples.js").ExampleName} ExampleName
 * @typedef {import("../state.js").Failure} Failure
 * @typedef {import("../state.js").Loaded} Loaded
 * @typedef {import("rolecall").LoadReport} LoadReport
 */

const SECTIONS = /** @type {const} */ (["roles", "users", "channels", "members", "invites"]);
const OUTCOMES = /** @type {const} */ (["added", "updated", "unchanged", "removed", "skipped"]);

/**
 * Where a payload comes in, by hand, as a file or as an example, and what came of it.
 *
 * @param {import("../state.js").State} state
 */
export function payloadPanel(state) {
  const form = byId("payload-form", HTMLFormElement);
  const text = byId("payload-text", HTMLTextAreaElement);
  const file = byId("file", HTMLInputElement);
  const drop = byId("drop", HTMLDivElement);
  const news = byId("news", HTMLParagraphElement);
  const failure = byId("failure", HTMLDivElement);
  const report = byId("report", HTMLDivElement);

  /** @type {Manner} */ let manner = "fresh";
  const manners = radios("manner", (value) => (manner = /** @type {Manner} */ (value)));
  const examples = radios("example", (value) => start(/** @type {ExampleName} */ (value)));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load("The pasted JSON");
  });
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    // Cleared, so that choosing the same file again, mended meanwhile, is a change again.
    if (chosen) await read(chosen).finally(() => (file.value = ""));
  });

  // The number of elements the pointer is inside of: leaving a child is not leaving the page.
  let depth = 0;
  document.addEventListener("dragenter", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    depth += 1;
    drop.hidden = false;
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    drop.hidden = depth === 0;
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    drop.hidden = true;
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    read(dropped);
  });

  // Drawn once for each load, and not for each question: what is drawn into a live region is read out.
  /** @type {Loaded | Failure | undefined} */ let drawn;
  state.subscribe(() => {
    const outcome = state.failure ?? state.loaded;
    if (outcome === drawn) return;
    drawn = outcome;
    news.replaceChildren(
      ...(state.failure ? refusal(state.failure, state.source) : state.loaded ? [summary(state.loaded)] : []),
    );
    failure.replaceChildren(...(state.failure ? [failureCard(state.failure, state.source)] : []));
    text.setAttribute("aria-invalid", String(state.failure !== undefined));
    report.replaceChildren(...(state.loaded ? [reportCard(state.loaded)] : []));
  });
  failure.addEventListener("click", () => select(state.failure?.range));
  news.addEventListener("click", () => select(state.failure?.range ?? { start: 0, end: 0 }));
  report.addEventListener("click", ({ target }) => {
    const path = target instanceof HTMLButtonElement && target.value;
    if (path) select(locate(text.value, path));
  });

  /** @param {ExampleName} name */
  async function start(name) {
    const example = EXAMPLES[name];
    for (const input of examples) input.checked = input.value === name;
    for (const input of manners) input.checked = input.value === "fresh";
    manner = "fresh";
    try {
      text.value = await fetchExample(example);
    } catch (error) {
      state.cannotRead(example.title, error);
      return;
    }
    state.load(text.value, { source: example.title, identity: example.identity });
  }

  /** @param {File} chosen */
  async function read(chosen) {
    try {
      text.value = await chosen.text();
    } catch (error) {
      state.cannotRead(chosen.name, error);
      return;
    }
    load(chosen.name);
  }

  /** @param {string} source */
  function load(source) {
    const loaded = state.load(text.value, { source, manner });
    if (loaded) for (const input of examples) input.checked = false;
    else select(state.failure?.range);
  }

  /**
   * Takes the person to the place: selected, focused and scrolled into view.
   *
   * @param {{ start: number, end: number } | undefined} range
   */
  function select(range) {
    if (!range) return;
    const { start, end } = range;
    text.focus();
    text.setSelectionRange(start, end);
    // Only Firefox scrolls a text area to its selection by itself. Lines are not wrapped, so the offset of a
    // line follows from its number.
    const lines = text.value.split("\n");
    const before = text.value.slice(0, start).split("\n").length - 1;
    text.scrollTop = (before / lines.length) * text.scrollHeight - text.clientHeight / 3;
    text.scrollLeft = 0;
  }

  return { start };
}

/** @param {Loaded} loaded */
function summary({ source, report }) {
  const held = SECTIONS.map((section) => {
    const { added, updated, unchanged } = report[section];
    const count = added + updated + unchanged;
    return `${count} ${count === 1 ? section.slice(0, -1) : section}`;
  });
  return `${source} loaded: ${held.join(", ")}.`;
}

/**
 * @param {Failure} failure
 * @param {string} kept what stays on screen
 */
function refusal({ source }, kept) {
  return [
    `${source} was not loaded. `,
    keeping(kept),
    " ",
    element("button", { type: "button", class: "link" }, "Show the error"),
  ];
}

/** @param {string} kept */
function keeping(kept) {
  return kept === "" ? "No service is loaded." : `${kept} stays on screen.`;
}

/**
 * @param {Failure} failure
 * @param {string} kept
 */
function failureCard({ source, message, code, path, position, range }, kept) {
  const facts = Object.entries({ Code: code, Path: path, Line: position?.line, Column: position?.column });
  return element(
    "div",
    { class: "card failure" },
    element("h3", {}, `${source} was not loaded`),
    element("p", { class: "message" }, message),
    element(
      "dl",
      {},
      ...facts
        .filter(([, value]) => value !== undefined)
        .map(([term, value]) =>
          element("div", {}, element("dt", {}, term), element("dd", {}, element("code", {}, String(value)))),
        ),
    ),
    element("p", {}, keeping(kept)),
    ...(range ? [element("button", { type: "button" }, "Show it in the text")] : []),
  );
}

/** @param {LoadReport["warnings"][number]} warning */
function warningRow({ code, path, message }) {
  return element(
    "li",
    {},
    `${message} `,
    element("code", {}, code),
    // The last of too many warnings is about no place.
    ...(path === "" ? [] : [" ", element("button", { type: "button", class: "link", value: path }, path)]),
  );
}

/** @param {Loaded} loaded */
function reportCard({ source, manner, report }) {
  const did = { fresh: "a new service", add: "added to the service", replace: "replaced in the service" }[manner];
  const columns = OUTCOMES.map((outcome) => element("th", { scope: "col" }, outcome));
  const rows = SECTIONS.map((section) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, section),
      ...OUTCOMES.map((outcome) => {
        const count = report[section][outcome];
        return element("td", { class: count === 0 ? "zero" : undefined }, String(count));
      }),
    ),
  );
  const { warnings } = report;
  return element(
    "div",
    { class: "card report" },
    element("h3", {}, "Load report"),
    element("p", {}, `${source}: ${did}.`),
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": "Counts of the load report" },
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, element("td"), ...columns)),
        element("tbody", {}, ...rows),
      ),
    ),
    element("h4", {}, warnings.length === 1 ? "1 warning" : `${warnings.length || "No"} warnings`),
    ...(warnings.length === 0 ? [] : [element("ul", { class: "warnings" }, ...warnings.map(warningRow))]),
  );
}
