// @ts-check

/**
 * The code that a front end would write for what is on screen.
 *
 * @typedef {{ action: string, label: string }} Control
 *
 * @typedef {object} Shown what is on screen
 * @property {string} identity
 * @property {string} channel
 * @property {readonly Control[]} owned controls of a message
 * @property {readonly Control[]} plain controls of the channel
 * @property {readonly string[]} changes lines that bring the service to what is on screen
 *
 * @typedef {{ name: string, lines: string[] }} File
 * @typedef {keyof typeof LANGUAGES} Language
 */

/** A value as JavaScript. @param {unknown} value */
export const literal = (value) => JSON.stringify(value);

/** @param {Control} control */
const called = ({ label }) =>
  label.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replace(/^./u, (letter) => letter.toUpperCase());

/** @param {Shown} shown */
const access = ({ identity, channel, changes }) => [
  'const answer = await fetch("/chat/access.json"); // what your back end forwards of the REST API',
  "export const service = Service.from(await answer.json());",
  ...changes,
  `export const ability = service.ability(${literal(identity)}, ${literal(channel)});`,
];

/** A module of its own, which components import. @type {(shown: Shown) => File} */
const accessFile = (shown) => ({
  name: "access.js",
  lines: ['import { Service } from "rolecall";', "", ...access(shown)],
});

export const LANGUAGES = {
  javascript: {
    title: "JavaScript",
    /** @type {(shown: Shown) => File[]} */
    files: (shown) => [
      accessFile(shown),
      {
        name: "controls.js",
        lines: [
          'import { ability } from "./access.js";',
          "",
          "/** Shows a message’s controls. Call what it gives when the message is gone. */",
          "export function followMessage(message, { author }) {",
          "  const update = () => {",
          ...shown.owned.map(
            (control) =>
              `    message.querySelector(".${called(control)}").hidden = ability.cannot(${literal(control.action)}, author);`,
          ),
          "  };",
          "  update();",
          "  return ability.subscribe(update); // calls it when an answer has changed",
          "}",
          "",
          "/** Enables the channel’s controls. */",
          "export function followChannel(channel) {",
          "  const update = () => {",
          ...shown.plain.map(
            (control) =>
              `    channel.querySelector(".${called(control)}").disabled = ability.cannot(${literal(control.action)});`,
          ),
          "  };",
          "  update();",
          "  return ability.subscribe(update);",
          "}",
        ],
      },
    ],
  },
  react: {
    title: "React",
    /** @type {(shown: Shown) => File[]} */
    files: (shown) => [
      accessFile(shown),
      {
        name: "Controls.jsx",
        lines: [
          'import { Can, useCan } from "rolecall/react";',
          'import { ability } from "./access.js";',
          "",
          "export function MessageControls({ message }) {",
          "  return (",
          "    <>",
          ...shown.owned.flatMap((control) => [
            `      <Can ability={ability} action=${literal(control.action)} owner={message.author}>`,
            `        <button>${called(control)}</button>`,
            "      </Can>",
          ]),
          "    </>",
          "  );",
          "}",
          "",
          "export function ChannelControls() {",
          ...shown.plain.map(
            (control) => `  const may${called(control)} = useCan(ability, ${literal(control.action)});`,
          ),
          "  return (",
          "    <>",
          ...shown.plain.map(
            (control) => `      <button disabled={!may${called(control)}}>${called(control)}</button>`,
          ),
          "    </>",
          "  );",
          "}",
        ],
      },
    ],
  },
  vue: {
    title: "Vue",
    /** @type {(shown: Shown) => File[]} */
    files: (shown) => [
      accessFile(shown),
      {
        name: "Controls.vue",
        lines: [
          "<script setup>",
          'import { useCan } from "rolecall/vue";',
          'import { ability } from "./access.js";',
          "",
          'const { message } = defineProps(["message"]);',
          ...shown.owned.map(
            (control) =>
              `const may${called(control)} = useCan(ability, ${literal(control.action)}, () => message.author);`,
          ),
          ...shown.plain.map((control) => `const may${called(control)} = useCan(ability, ${literal(control.action)});`),
          "</script>",
          "",
          "<template>",
          ...shown.owned.map((control) => `  <button v-if="may${called(control)}">${called(control)}</button>`),
          ...shown.plain.map((control) => `  <button :disabled="!may${called(control)}">${called(control)}</button>`),
          "</template>",
        ],
      },
    ],
  },
  svelte: {
    title: "Svelte",
    /** @type {(shown: Shown) => File[]} */
    files: (shown) => [
      accessFile(shown),
      {
        name: "Controls.svelte",
        lines: [
          "<script>",
          '  import { can } from "rolecall/svelte";',
          '  import { ability } from "./access.js";',
          "",
          "  const { message } = $props();",
          ...shown.owned.map(
            (control) =>
              `  const may${called(control)} = $derived(can(ability, ${literal(control.action)}, message.author));`,
          ),
          ...shown.plain.map((control) => `  const may${called(control)} = can(ability, ${literal(control.action)});`),
          "</script>",
          "",
          ...shown.owned.map((control) => `{#if $may${called(control)}}<button>${called(control)}</button>{/if}`),
          ...shown.plain.map((control) => `<button disabled={!$may${called(control)}}>${called(control)}</button>`),
        ],
      },
    ],
  },
};

/**
 * All of it as one text, to read and to copy.
 *
 * @param {Language} language
 * @param {Shown} shown
 */
export const codeFor = (language, shown) =>
  LANGUAGES[language]
    .files(shown)
    .map(({ name, lines }) =>
      [name.endsWith(".js") || name.endsWith(".jsx") ? `// ${name}` : `<!-- ${name} -->`, ...lines].join("\n"),
    )
    .join("\n\n");
