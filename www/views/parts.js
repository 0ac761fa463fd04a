// @ts-check
import { h } from "../render.js";

/** @typedef {import("../render.js").Children} Children */

/** Outlines in a square of 16. */
const ICONS = {
  add: "M8 3v10M3 8h10",
  attach: "M12.5 7.5 8 12a3 3 0 0 1-4.2-4.2l5-5a2 2 0 0 1 2.8 2.8l-5 5a1 1 0 0 1-1.4-1.4L9.500 5",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM7 14h2",
  close: "M4 4l8 8M12 4l-8 8",
  invite: "M2 4h12v8H2zM2 4.500l6 4.500 6-4.500",
  join: "M9 3h4v10H9M2 8h7M6.500 5.500 9 8l-2.500 2.500",
  leave: "M7 3H3v10h4M6 8h7M10.500 5.500 13 8l-2.500 2.500",
  lock: "M4 7h8v6H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2",
  members:
    "M6 7.500a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500M2 13c0-2 1.500-3.500 4-3.500S10 11 10 13M11 3.500a2.250 2.250 0 0 1 0 4M12 9.700c1.300.500 2 1.700 2 3.300",
  pen: "M3 13l.600-2.800L10.500 3.300l2.200 2.200-6.900 6.900z",
  phone:
    "M4 2.500h2l1 3-1.400 1c.700 1.600 1.800 2.700 3.400 3.400l1-1.400 3 1v2c0 1-.700 1.500-1.500 1.500C6.500 13 2.500 9 2.500 4c0-.800.500-1.500 1.500-1.500",
  person: "M8 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M3 13.500c0-2.500 2-4 5-4s5 1.500 5 4",
  pin: "M6 2.500h4l-.500 4 2 2h-7l2-2zM8 8.500V14",
  react:
    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M5.500 9.500c.600 1 1.500 1.500 2.500 1.500s1.900-.500 2.500-1.500M6 6.300v.400M10 6.300v.400",
  remove:
    "M6 7.500a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500M2 13c0-2 1.500-3.500 4-3.500S10 11 10 13M11 7.500h4",
  send: "M2.500 8 13.500 3 10 13.500 7.500 9zM7.500 9l6-6",
  topic: "M3 4h10M3 8h10M3 12h6",
  trash: "M3 4.500h10M6 4.500V3h4v1.500M4.500 4.500l.500 9h6l.500-9M7 7v4M9 7v4",
};

/** @typedef {keyof typeof ICONS} Icon */

/** @param {Icon} name */
export const icon = (name) =>
  h("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { d: ICONS[name] }));

/**
 * Two letters on a colour, both from the identity.
 *
 * @param {string} identity
 */
export function avatar(identity) {
  const [first = "?", second = ""] = identity.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = second ? [...first].slice(0, 1).concat([...second].slice(0, 1)) : [...first].slice(0, 2);
  let hue = 0;
  for (const character of identity) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 6;
  return h("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, letters.join("").toUpperCase());
}

/** Text of any direction, which keeps to itself. @param {string} text */
export const name = (text) => h("bdi", {}, text);

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/**
 * A sentence with its SIDs cut short to the eye. They stay whole for a screen reader, a search and a copy.
 *
 * @param {string} sentence
 * @returns {Children[]}
 */
export const withShortSids = (sentence) =>
  sentence
    .split(/\b([A-Z]{2}[0-9a-f]{32})\b/)
    .map((part, at) =>
      at % 2 === 0
        ? part
        : h("span", { class: "sid", title: part }, part.slice(0, 6), h("span", { class: "sid-rest" }, part.slice(6))),
    );

/**
 * Radio buttons in a row.
 *
 * @template {string} Value
 * @param {string} legend
 * @param {string} group its name in the page
 * @param {readonly [Value, string][]} choices
 * @param {Value} chosen
 * @param {(value: Value) => void} choose
 */
export function segments(legend, group, choices, chosen, choose) {
  return h(
    "div",
    { class: "segments", role: "radiogroup", "aria-labelledby": `${group}-legend` },
    h("span", { class: "legend", id: `${group}-legend` }, legend),
    ...choices.map(([value, label]) =>
      h(
        "label",
        { class: "segment", key: value },
        h("input", { type: "radio", name: group, value, checked: value === chosen, onchange: () => choose(value) }),
        h("span", {}, label),
      ),
    ),
  );
}

/**
 * A list to choose from. Choosing nothing else than what is there redraws what is there.
 *
 * @param {Record<string, any>} props
 * @param {readonly [value: string, label: string][]} options
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function select(props, options, chosen, choose) {
  return h(
    "select",
    {
      ...props,
      value: chosen,
      onchange: (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value),
    },
    ...options.map(([value, label]) => h("option", { key: value, value }, label)),
  );
}

/**
 * Explains a control when somebody types a question mark on it.
 *
 * @param {(event: Event) => void} ask
 * @returns {(event: KeyboardEvent) => void} nothing: a listener that returns `false` would swallow every key
 */
export const atQuestionMark = (ask) => (event) => {
  if (event.key === "?") ask(event);
};
