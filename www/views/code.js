// @ts-check
import { codeFor, LANGUAGES, literal } from "../code.js";
import { isCall } from "../edits.js";
import { EXAMPLES } from "../examples.js";
import { h } from "../render.js";
import { segments } from "./parts.js";

/**
 * @typedef {import("../code.js").Language} Language
 * @typedef {import("../code.js").Screen} Screen
 * @typedef {import("./chat.js").Page} Page
 */

/** @type {Language} */ let language = "html";
let copied = "";

/**
 * The code for what is on screen.
 *
 * @param {Page} page
 */
export function codeView({ workspace }) {
  const text = codeFor(language, screenOf(workspace));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied = "Copied";
    } catch {
      // Without a permission for the clipboard the person still has the keyboard.
      getSelection()?.selectAllChildren(/** @type {Node} */ (document.getElementById("code")));
      copied = "Selected: copy it with the keyboard";
    }
    workspace.changed();
  };
  return [
    h("div", { class: "bar" }, h("h2", { id: "code-title" }, "The code for this")),
    h(
      "p",
      { class: "hint" },
      "For the chat as the person on the left sees it. ",
      workspace.disabled
        ? "The page itself sets aria-disabled, so that the keyboard still reaches what is denied, and its reason."
        : "The page itself is made as under HTML.",
    ),
    h(
      "div",
      { class: "row" },
      segments(
        "In",
        "language",
        /** @type {Language[]} */ (Object.keys(LANGUAGES)).map((each) => [each, LANGUAGES[each].title]),
        language,
        (value) => {
          language = value;
          copied = "";
          workspace.changed();
        },
      ),
      h("button", { type: "button", onclick: copy }, "Copy"),
      h("span", { role: "status", class: "hint" }, copied),
    ),
    h(
      "pre",
      { class: "code", tabindex: "0", role: "group", "aria-labelledby": "code-title" },
      h("code", { id: "code" }, text),
    ),
  ];
}

/**
 * @param {import("../workspace.js").Workspace} workspace
 * @returns {Screen}
 */
function screenOf(workspace) {
  const { example, identity, seats, channel = "", edits, rules, disabled, chat } = workspace;
  const control = (/** @type {string} */ action, /** @type {string} */ label) => ({
    action: workspace.inDialect(action) ?? action,
    label,
  });
  const own = (/** @type {boolean} */ owned) =>
    rules.ownActions.filter((each) => (each.own !== undefined) === owned).map(({ action }) => control(action, action));
  return {
    example: example && EXAMPLES[example].file,
    signedIn: identity,
    identity: seats[0],
    channel,
    author: chat.talk(channel, []).messages.find(({ author }) => author !== null)?.author ?? "",
    disabled,
    owned: [control("editMessage", "edit"), control("deleteMessage", "delete"), ...own(true)],
    plain: [control("sendMessage", "send"), control("editChannelName", "rename"), ...own(false)],
    changes: [
      ...rules.ownActions.map(({ action, any, own: ofOwn, member_only, when_closed }) => {
        const fields = { any, own: ofOwn, memberOnly: member_only || undefined, whenClosed: when_closed || undefined };
        return `service.defineAction(${literal(action)}, ${literal(fields)});`;
      }),
      ...edits
        .filter((edit) => isCall(edit) && edit[0] !== "load" && edit[0] !== "defineAction")
        .map(
          ([call, ...rest]) =>
            `service.${call}(${rest
              .filter((value) => value !== undefined)
              .map(literal)
              .join(", ")});`,
        ),
    ],
  };
}
