// @ts-check
import { byId, element } from "../dom.js";
import { spoken } from "../vocabulary.js";

/**
 * The controls the lines are about, by the Chat name of what they do.
 *
 * @type {[variable: string, action: string, owned: boolean][]}
 */
const CONTROLS = [
  ["send", "sendMessage", false],
  ["edit", "editMessage", true],
  ["trash", "deleteMessage", true],
  ["invite", "addMember", false],
];

/**
 * The lines a front end would write for what is on screen.
 *
 * @param {import("../state.js").State} state
 */
export function codePanel(state) {
  const code = byId("code", HTMLElement);
  const copied = byId("copied", HTMLSpanElement);

  byId("copy", HTMLButtonElement).addEventListener("click", async () => {
    copied.textContent = (await copy(code)) ? "Copied" : "Selected: copy it with the keyboard";
  });

  state.subscribe(() => {
    copied.textContent = "";
    code.replaceChildren(
      ...lines(state).flatMap(({ line, remark }) => [line, element("span", { class: "remark" }, remark), "\n"]),
    );
  });
}

/**
 * @param {import("../state.js").State} state
 * @returns {{ line: string, remark: string }[]}
 */
function lines({ service, ability, identity, channel, owner, ownActions }) {
  const literal = JSON.stringify;
  const controls = [
    ...CONTROLS,
    ...ownActions.map((action) => /** @type {const} */ ([`buttons[${literal(action)}]`, action, false])),
  ];
  const hiding = controls.flatMap(([variable, action, owned]) => {
    const asked = spoken(service, action);
    if (asked === undefined) return [];
    const question = owned ? `${literal(asked)}, ${literal(owner)}` : literal(asked);
    const { allowed } = ability.explain(asked, owner);
    return [
      { line: `  ${variable}.hidden = ability.cannot(${question});`, remark: allowed ? " // shown" : " // hidden" },
    ];
  });
  const before = [
    'import { Service } from "rolecall";',
    "",
    'const response = await fetch("/chat/access.json");',
    "const service = Service.from(await response.json());",
    ...ownActions.map((action) => `service.defineAction(${literal(action)}, { any: ${literal(action)} });`),
    "const ability = service.ability(",
    `  ${literal(identity)},`,
    ...(channel === undefined ? [] : [`  ${literal(channel)},`]),
    ");",
    "",
    "function render() {",
  ];
  const after = ["}", "", "render();", "ability.subscribe(render);"];
  const plain = (/** @type {string} */ line) => ({ line, remark: "" });
  return [...before.map(plain), ...hiding, ...after.map(plain)];
}

/**
 * A page that isn't served over https has no clipboard: then the lines are selected for the keyboard.
 *
 * @param {HTMLElement} code
 * @returns {Promise<boolean>}
 */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
