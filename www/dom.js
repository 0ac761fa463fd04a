// @ts-check

/**
 * The element of the page that carries this id. A missing one is a mistake in index.html.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with the id "${id}"`);
  return found;
}

/**
 * A new element. Text always arrives as a text node: identities, names and error texts come from
 * whatever somebody loaded, and must never be read as markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] `true` is present and empty; `false` and `undefined` are absent
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * The chosen one of a group of radio buttons, and a listener for the next choice.
 *
 * @param {string} name
 * @param {(value: string) => void} listener
 * @returns {HTMLInputElement[]}
 */
export function radios(name, listener) {
  const found = [...document.querySelectorAll(`input[type="radio"][name="${name}"]`)];
  const inputs = /** @type {HTMLInputElement[]} */ (found);
  for (const input of inputs) input.addEventListener("change", () => listener(input.value));
  return inputs;
}

/**
 * A sentence with its SIDs cut short to the eye. They stay whole for a screen reader, a search and a copy.
 *
 * @param {string} sentence
 * @returns {(Node | string)[]}
 */
export function withShortSids(sentence) {
  return sentence
    .split(/\b([A-Z]{2}[0-9a-f]{32})\b/)
    .map((part, at) =>
      at % 2 === 0
        ? part
        : element(
            "span",
            { class: "sid", title: part },
            part.slice(0, 6),
            element("span", { class: "sid-rest" }, part.slice(6)),
          ),
    );
}
