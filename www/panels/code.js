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
      ...lines(state).flatMap(([line, remark]) => [
        line,
        ...(remark ? [element("span", { class: "remark" }, ` // ${remark}`)] : []),
        "\n",
      ]),
    );
  });
}

/**
 * @param {import("../state.js").State} state
 * @returns {[line: string, remark?: string][]}
 */
function lines({ service, ability, identity, channel, owner, ownActions }) {
  const asked = [identity, ...(channel === undefined ? [] : [channel])].map((text) => JSON.stringify(text));
  const controls = [
    ...CONTROLS.map(([variable, action, owned]) => ({ variable, action: spoken(service, action) ?? action, owned })),
    ...ownActions.map((action) => ({ variable: `buttons[${JSON.stringify(action)}]`, action, owned: false })),
  ];
  return [
    ['import { Service } from "rolecall";'],
    [""],
    ['const response = await fetch("/chat/access.json");'],
    ["const service = Service.from(await response.json());"],
    ...ownActions.map(
      (action) =>
        /** @type {[string]} */ ([
          `service.defineAction(${JSON.stringify(action)}, { any: ${JSON.stringify(action)} });`,
        ]),
    ),
    ["const ability = service.ability("],
    ...asked.map((argument) => /** @type {[string]} */ ([`  ${argument},`])),
    [");"],
    [""],
    ["function render() {"],
    ...controls.map(({ variable, action, owned }) => {
      const question = [action, ...(owned ? [owner] : [])].map((text) => JSON.stringify(text)).join(", ");
      const shown = ability.explain(action, owner).allowed;
      return /** @type {[string, string]} */ ([
        `  ${variable}.hidden = ability.cannot(${question});`,
        shown ? "shown" : "hidden",
      ]);
    }),
    ["}"],
    [""],
    ["render();"],
    ["ability.subscribe(render);"],
  ];
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
