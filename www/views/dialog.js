// @ts-check
import { draw, h } from "../render.js";
import { icon } from "./parts.js";

/**
 * @typedef {import("../render.js").Children} Children
 * @typedef {Record<string, string>} Answers what was filled in, by the names of the fields
 *
 * @typedef {object} DialogContent
 * @property {string} title
 * @property {() => Children} body
 * @property {string} [submit] what its button says; none: there is nothing to submit
 * @property {boolean} [danger]
 * @property {(answers: Answers) => boolean | void} [onsubmit] `false` keeps it open
 */

/** The one dialog of the page. */
export class Dialog {
  #dialog;
  #workspace;
  /** @type {DialogContent | undefined} */ #content;
  /** Why what was submitted was not done. */ #error = "";

  /** @param {import("../workspace.js").Workspace} workspace */
  constructor(workspace) {
    this.#workspace = workspace;
    this.#dialog = /** @type {HTMLDialogElement} */ (document.getElementById("dialog"));
    this.#dialog.addEventListener("close", () => {
      this.#content = undefined;
      draw(this.#dialog);
    });
    workspace.subscribe(() => this.#draw());
  }

  /** @param {DialogContent} content */
  ask(content) {
    this.#content = content;
    this.#error = "";
    // Nothing of the one before: its fields would keep what was filled in.
    draw(this.#dialog);
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
    /** @type {HTMLElement | null} */ (this.#dialog.querySelector("input, select, .submit button"))?.focus();
  }

  close() {
    this.#dialog.close();
  }

  #draw() {
    const content = this.#content;
    if (!content) return;
    const { title, body, submit, danger, onsubmit } = content;
    const close = () => this.close();
    draw(
      this.#dialog,
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (/** @type {SubmitEvent} */ event) => {
            event.preventDefault();
            const answers = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
            const done = onsubmit?.(/** @type {Answers} */ (answers)) !== false;
            if (!done) this.#error = this.#workspace.news;
            else if (this.#content === content) close();
          },
        },
        h(
          "div",
          { class: "head" },
          h("h2", { id: "dialog-title" }, title),
          h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close")),
        ),
        h("div", { class: "dialog-body" }, body(), h("p", { role: "alert", class: "error" }, this.#error)),
        h(
          "div",
          { class: "submit" },
          submit && h("button", { type: "button", onclick: close }, "Cancel"),
          submit && h("button", { type: "submit", class: danger ? "danger" : "primary" }, submit),
        ),
      ),
    );
  }
}

/**
 * A labelled field of a dialog.
 *
 * @param {string} label
 * @param {string} name
 * @param {Record<string, any>} [props] `initial`: what is in it at first
 * @param {Children} [hint]
 */
export function field(label, name, props = {}, hint = null) {
  const id = `field-${name}`;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("input", { id, name, type: "text", autocomplete: "off", spellcheck: "false", required: true, ...props }),
    hint && h("p", { class: "hint" }, hint),
  );
}

/**
 * A labelled choice of a dialog.
 *
 * @param {string} label
 * @param {string} name
 * @param {readonly [value: string, label: string][]} options the first is chosen at first
 */
export function chosen(label, name, options) {
  const id = `field-${name}`;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("select", { id, name }, ...options.map(([value, text]) => h("option", { value }, text))),
  );
}

/**
 * A field for somebody's identity, which completes what is known.
 *
 * @param {import("../workspace.js").Workspace} workspace
 * @param {string} label
 */
export function identityField(workspace, label) {
  const matches = (/** @type {string} */ part) => workspace.register.find(part).slice(0, 12);
  const complete = (/** @type {Event} */ { target }) => {
    const { value, list } = /** @type {HTMLInputElement} */ (target);
    if (list) draw(list, ...matches(value).map((identity) => h("option", { value: identity })));
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: "field-identity" }, label),
    h("input", {
      ...{
        id: "field-identity",
        name: "identity",
        type: "text",
        list: "identities",
        required: true,
        oninput: complete,
      },
      ...{ autocomplete: "off", autocapitalize: "none", spellcheck: "false" },
    }),
    h("datalist", { id: "identities" }, ...matches("").map((identity) => h("option", { value: identity }))),
  );
}
