// @ts-check

/**
 * Draws descriptions of elements into the page. What is there already is kept and brought up to date, so that focus,
 * selection, scroll positions and what somebody is typing survive every change around them.
 *
 * @typedef {{ tag: string, props: Props, children: Child[] }} Description
 * @typedef {Description | string} Child
 * @typedef {Child | number | false | null | undefined | any[]} Children what is nothing draws nothing; lists are flattened
 * @typedef {Record<string, any>} Props attributes; `on…` is a listener; `key` keeps an element among its siblings;
 *   `value` and `checked` are kept as they are described, `initial` is a field's value at first
 */

const SVG = "http://www.w3.org/2000/svg";

/** Set as properties: the attribute of the same name says only how it began. */
const LIVE = new Set(["value", "checked", "initial"]);

/** What each element was last described as. @type {WeakMap<Node, Props>} */
const descriptions = new WeakMap();

/**
 * Describes an element. Text always arrives as a text node: identities, names and error texts come from whatever
 * somebody loaded, and must never be read as markup.
 *
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Children} children
 * @returns {Description}
 */
export function h(tag, props = {}, ...children) {
  return { tag, props, children: flat(children) };
}

/**
 * Makes an element's content what is described.
 *
 * @param {Element} parent
 * @param {...Children} content
 */
export function draw(parent, ...content) {
  drawInto(parent, flat(content));
}

/**
 * @param {Children[]} children
 * @returns {Child[]}
 */
function flat(children) {
  /** @type {Child[]} */
  const found = [];
  for (const child of children) {
    if (Array.isArray(child)) found.push(...flat(child));
    else if (typeof child === "number") found.push(String(child));
    else if (child) found.push(child);
  }
  return found;
}

/**
 * @param {Element} parent
 * @param {Child[]} children
 */
function drawInto(parent, children) {
  const wanted = new Set(children.map(keyOf));
  /** @type {Map<unknown, ChildNode>} */
  const kept = new Map();
  for (const node of [...parent.childNodes]) {
    const key = descriptions.get(node)?.key;
    if (key === undefined) continue;
    if (wanted.has(key)) kept.set(key, node);
    else node.remove();
  }
  let next = parent.firstChild;
  for (const child of children) {
    const key = keyOf(child);
    const found = key === undefined ? next : kept.get(key);
    const node = found && fits(found, child) ? found : make(parent, child);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
    if (typeof child === "string") {
      if (node.nodeValue !== child) node.nodeValue = child;
    } else update(/** @type {Element} */ (node), child);
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

/** @param {Child} child */
const keyOf = (child) => (typeof child === "string" ? undefined : child.props.key);

/**
 * @param {ChildNode} node
 * @param {Child} child
 */
function fits(node, child) {
  if (typeof child === "string") return node.nodeType === Node.TEXT_NODE;
  return node instanceof Element && node.localName === child.tag && descriptions.get(node)?.key === child.props.key;
}

/**
 * @param {Element} parent
 * @param {Child} child
 * @returns {ChildNode}
 */
function make(parent, child) {
  if (typeof child === "string") return document.createTextNode(child);
  const made =
    child.tag === "svg" || parent.namespaceURI === SVG
      ? document.createElementNS(SVG, child.tag)
      : document.createElement(child.tag);
  if (child.props.initial !== undefined) /** @type {any} */ (made).value = child.props.initial;
  return made;
}

/**
 * @param {Element} element
 * @param {Description} description
 */
function update(element, { props, children }) {
  const before = descriptions.get(element) ?? {};
  const live = /** @type {any} */ (element);
  for (const name of Object.keys(before)) if (!(name in props)) set(live, name, undefined);
  for (const [name, value] of Object.entries(props)) {
    if (!LIVE.has(name) && value !== before[name]) set(live, name, value);
  }
  descriptions.set(element, props);
  drawInto(element, children);
  // After its options, without which a list has no such value.
  for (const name of ["checked", "value"]) if (name in props && live[name] !== props[name]) live[name] = props[name];
}

/**
 * @param {any} element
 * @param {string} name
 * @param {unknown} value `true` is present and empty; `false`, `null` and `undefined` are absent
 */
function set(element, name, value) {
  if (name === "key") return;
  if (name.startsWith("on")) element[name] = value ?? null;
  else if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}
