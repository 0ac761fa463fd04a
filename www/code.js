// @ts-check

/**
 * The code of a front end for what is on screen. This page is built as its first form says.
 *
 * @typedef {{ action: string, label: string }} Control
 *
 * @typedef {object} Screen what is on screen
 * @property {string | undefined} example the file of an example
 * @property {string} signedIn the option `identity`; empty: none
 * @property {string} identity
 * @property {string} channel
 * @property {string} author of a message
 * @property {boolean} disabled whether denied controls are disabled rather than hidden
 * @property {readonly Control[]} owned controls of a message
 * @property {readonly Control[]} plain controls of the channel
 * @property {readonly string[]} changes the calls that the page has made since
 *
 * @typedef {{ name: string, lines: string[] }} File
 * @typedef {keyof typeof LANGUAGES} Language
 */

/** A value as JavaScript. @param {unknown} value */
export const literal = (value) => JSON.stringify(value);

/** @param {Control} control */
const called = ({ label }) =>
  label.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replace(/^./u, (letter) => letter.toUpperCase());

/** The lines that make the ability, as the page itself makes it. @param {Screen} screen */
const access = ({ example, signedIn, identity, channel, changes }) => [
  "// What your back end forwards of the REST API.",
  `const answer = await fetch(${literal(example ?? "/chat/access.json")});`,
  `export const service = Service.from(await answer.json()${signedIn ? `, { identity: ${literal(signedIn)} }` : ""});`,
  ...changes,
  `export const ability = service.ability(${literal(identity)}, ${literal(channel)});`,
];

/** A module of its own, which components import. @type {(screen: Screen) => File} */
const accessFile = (screen) => ({
  name: "access.js",
  lines: ['import { Service } from "rolecall";', "", ...access(screen)],
});

/** An attribute of HTML. @param {string} name @param {string} value */
const attribute = (name, value) => `${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;

/** @param {Screen} screen @param {Control} control @param {string} [owner] */
const marked = ({ disabled }, { action, label }, owner) => {
  const attributes = [attribute("data-can", action)];
  if (owner !== undefined) attributes.push(attribute("data-can-owner", owner));
  if (disabled) attributes.push('data-can-else="disable"');
  return `<button ${attributes.join(" ")}>${called({ action, label })}</button>`;
};

export const LANGUAGES = {
  html: {
    title: "HTML",
    /** @type {(screen: Screen) => File[]} */
    files: (screen) => [
      {
        name: "chat.html",
        lines: [
          '<section id="chat">',
          ...screen.plain.map((control) => `  ${marked(screen, control)}`),
          "  <!-- on each message, with its author -->",
          ...screen.owned.map((control) => `  ${marked(screen, control, screen.author)}`),
          "</section>",
          '<script type="module" src="./chat.js"></script>',
        ],
      },
      accessFile(screen),
      {
        name: "chat.js",
        lines: [
          'import { bind } from "rolecall/dom";',
          'import { ability } from "./access.js";',
          "",
          "// Hides or disables what is marked; follows every change.",
          'bind(document.querySelector("#chat"), ability);',
        ],
      },
    ],
  },
  react: {
    title: "React",
    /** @type {(screen: Screen) => File[]} */
    files: (screen) => [
      accessFile(screen),
      {
        name: "Controls.jsx",
        lines: [
          'import { Can, useCan } from "rolecall/react";',
          'import { ability } from "./access.js";',
          "",
          "export function MessageControls({ message }) {",
          "  return (",
          "    <>",
          ...screen.owned.flatMap((control) => [
            `      <Can ability={ability} action=${literal(control.action)} owner={message.author}>`,
            `        <button>${called(control)}</button>`,
            "      </Can>",
          ]),
          "    </>",
          "  );",
          "}",
          "",
          "export function ChannelControls() {",
          ...screen.plain.map(
            (control) => `  const may${called(control)} = useCan(ability, ${literal(control.action)});`,
          ),
          "  return (",
          "    <>",
          ...screen.plain.map(
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
    /** @type {(screen: Screen) => File[]} */
    files: (screen) => [
      accessFile(screen),
      {
        name: "Controls.vue",
        lines: [
          "<script setup>",
          'import { useCan } from "rolecall/vue";',
          'import { ability } from "./access.js";',
          "",
          'const { message } = defineProps(["message"]);',
          ...screen.owned.map(
            (control) =>
              `const may${called(control)} = useCan(ability, ${literal(control.action)}, () => message.author);`,
          ),
          ...screen.plain.map(
            (control) => `const may${called(control)} = useCan(ability, ${literal(control.action)});`,
          ),
          "</script>",
          "",
          "<template>",
          ...screen.owned.map((control) => `  <button v-if="may${called(control)}">${called(control)}</button>`),
          ...screen.plain.map((control) => `  <button :disabled="!may${called(control)}">${called(control)}</button>`),
          "</template>",
        ],
      },
    ],
  },
  svelte: {
    title: "Svelte",
    /** @type {(screen: Screen) => File[]} */
    files: (screen) => [
      accessFile(screen),
      {
        name: "Controls.svelte",
        lines: [
          "<script>",
          '  import { can } from "rolecall/svelte";',
          '  import { ability } from "./access.js";',
          "",
          "  const { message } = $props();",
          ...screen.owned.map(
            (control) =>
              `  const may${called(control)} = $derived(can(ability, ${literal(control.action)}, message.author));`,
          ),
          ...screen.plain.map((control) => `  const may${called(control)} = can(ability, ${literal(control.action)});`),
          "</script>",
          "",
          ...screen.owned.map((control) => `{#if $may${called(control)}}<button>${called(control)}</button>{/if}`),
          ...screen.plain.map((control) => `<button disabled={!$may${called(control)}}>${called(control)}</button>`),
        ],
      },
    ],
  },
};

/**
 * All of it as one string, to read and to copy.
 *
 * @param {Language} language
 * @param {Screen} screen
 */
export const codeFor = (language, screen) =>
  LANGUAGES[language]
    .files(screen)
    .map(({ name, lines }) =>
      [name.endsWith(".js") || name.endsWith(".jsx") ? `// ${name}` : `<!-- ${name} -->`, ...lines].join("\n"),
    )
    .join("\n\n");
