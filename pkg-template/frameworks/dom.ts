/**
 * rolecall on a page without a framework: elements that say what they are for.
 *
 * ```html
 * <button data-can="deleteMessage" data-can-owner="bob">Delete</button>
 * <button data-can="sendMessage" data-can-else="disable">Send</button>
 * ```
 *
 * @module rolecall/dom
 */
import { type Asked, answer, isThere } from "./shared.js";
import { RolecallError } from "../errors.js";
import { whenGone } from "../gone.js";
import type { Action, Decision } from "../model.js";
import { report, said } from "../report.js";
import { callable, fields } from "../text.js";

/** What may be chosen in {@link bind}. */
export interface BindOptions {
  /** The words that tell why a disabled element is disabled: in the user's language. The decision's message unless given. */
  describe?: (decision: Decision & { allowed: false }) => string;
}

type Denial = Decision & { allowed: false };
type Describe = NonNullable<BindOptions["describe"]>;

/** An attribute's value; `null` where there is no such attribute. */
type Value = string | null;

/** What attributes are to be, from what the page has them be and from what they are now. */
type Wishes = Record<string, (found: Value, now: Value) => Value>;

/**
 * Keeps the elements marked with `data-can` in step with what the ability answers:
 *
 * - `data-can`: the action
 * - `data-can-owner`: the identity to whom the thing acted on belongs; without it, nobody
 * - `data-can-else="disable"`: what is not allowed is disabled, and described to assistive technology; else it is hidden
 *
 * It follows elements that come and go and attributes that change. What the page itself hides or disables stays so. An
 * action that does not exist is not allowed, and is reported as an uncaught error.
 *
 * @param root what to look in, itself included: an element, the document, or a shadow root
 * @param ability `undefined` or `null` while there is none: nothing is allowed
 * @param options `describe`: the words that tell why an element is disabled, instead of the decision's message; what it
 *   throws is reported, each message once
 * @returns a function that ends it, and leaves the page as it would be without it
 * @throws RolecallError `invalid-argument` for what is no root or no function
 */
export function bind(
  root: Element | Document | DocumentFragment,
  ability: Asked,
  options: BindOptions = {},
): () => void {
  const { describe = ({ message }: Denial) => message } = fields(options, "options", "describe");
  callable<Describe>(describe, "describe");
  /** What the page has of the attributes that are overwritten. */
  const overwritten = new Map<Element, Map<string, Value>>();
  const reported = new Set<string>();

  /** What an error gives, which is told of once. */
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      const message = said(error);
      if (!reported.has(message)) report(error);
      reported.add(message);
      return undefined;
    }
  };

  const wishes = (element: Element): Wishes => {
    const action = element.getAttribute("data-can") as Action | null;
    if (action === null || !root.contains(element)) return {};
    const owner = element.getAttribute("data-can-owner");
    if (attempt(() => answer(ability, action, owner))) return {};
    if (element.getAttribute("data-can-else") !== "disable") return { hidden: () => "" };

    const reason = attempt(() => {
      const decision = isThere(ability) ? ability.explain(action, owner) : undefined;
      const words: unknown = decision === undefined || decision.allowed ? undefined : describe(decision);
      return typeof words === "string" ? words : undefined;
    });
    const disabled: Wishes = { "aria-disabled": () => "true" };
    if (reason) {
      const id = descriptions.put(element, reason);
      disabled["aria-describedby"] = (found, now) => (words(now).includes(id) ? now : [...words(found), id].join(" "));
    }
    if ("disabled" in element) return { ...disabled, disabled: () => "" };
    if (!element.hasAttribute("href") && !overwritten.get(element)?.has("href")) return disabled;
    // A link without an address: no link to the browser, but still one to those who hear the page.
    return { ...disabled, href: () => null, role: (found) => found ?? "link", tabindex: (found) => found ?? "0" };
  };

  const update = (element: Element) => {
    const wished = wishes(element);
    const found = overwritten.get(element) ?? new Map<string, Value>();
    for (const [name, value] of found) {
      if (name in wished) continue;
      write(element, name, value);
      found.delete(name);
    }
    for (const [name, wish] of Object.entries(wished)) {
      if (!found.has(name)) found.set(name, element.getAttribute(name));
      write(element, name, wish(found.get(name) ?? null, element.getAttribute(name)));
    }
    if (!("aria-describedby" in wished)) descriptions.remove(element);
    if (found.size > 0) overwritten.set(element, found);
    else overwritten.delete(element);
  };

  /** What the page did. What was done here is not among it: those records are taken out at once. */
  const follow = (records: MutationRecord[]) => {
    const touched = new Set<Element>();
    for (const { target, attributeName, addedNodes, removedNodes } of records) {
      if (attributeName !== null) {
        const element = target as Element;
        touched.add(element);
        const found = overwritten.get(element);
        if (found?.has(attributeName)) {
          found.set(attributeName, descriptions.without(element, element.getAttribute(attributeName)));
        }
      }
      for (const node of [...addedNodes, ...removedNodes]) for (const element of marked(node)) touched.add(element);
    }
    for (const element of touched) update(element);
    observer.takeRecords();
  };

  const observer = new MutationObserver(follow);
  const followAll = () => {
    follow(observer.takeRecords());
    for (const element of marked(root)) update(element);
    observer.takeRecords();
  };

  /** Keeps what has no `disabled` from doing what it does. */
  const block = (event: Event) => {
    if ("key" in event && event.key !== "Enter" && event.key !== " ") return;
    for (let element = event.target as Element | null; element; element = element.parentElement) {
      if (!overwritten.get(element)?.has("aria-disabled")) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  const observed = ["data-can", "data-can-owner", "data-can-else"];
  const changed = ["hidden", "disabled", "aria-disabled", "aria-describedby", "href", "role", "tabindex"];
  const stops = isThere(ability) ? [ability.subscribe(followAll), ability[whenGone]?.(followAll)] : [];
  const stop = () => {
    for (const end of stops) end?.();
  };
  try {
    observer.observe(root, { subtree: true, childList: true, attributeFilter: [...observed, ...changed] });
  } catch (thrown) {
    stop();
    throw new RolecallError("invalid-argument", `expected an element or a document: ${said(thrown)}`, "root");
  }
  const descriptions = new Descriptions(root);
  for (const type of ["click", "keydown"]) root.addEventListener(type, block, true);
  const showHidden = hideHidden(root);
  followAll();

  let ended = false;
  return () => {
    // What the page did since is the page's own.
    if (ended) return;
    ended = true;
    stop();
    follow(observer.takeRecords());
    observer.disconnect();
    for (const [element, found] of overwritten) for (const [name, value] of found) write(element, name, value);
    descriptions.end();
    for (const type of ["click", "keydown"]) root.removeEventListener(type, block, true);
    showHidden();
  };
}

/** The reasons, where assistive technology finds them: in elements of their own that nobody sees. */
class Descriptions {
  readonly #root: Node;
  readonly #box: Element;
  readonly #reasons = new Map<Element, Element>();
  /** Two copies of this module may describe elements of the same page. */
  readonly #prefix = `rolecall-${Math.random().toString(36).slice(2)}`;
  #made = 0;

  constructor(root: Node) {
    this.#root = root;
    this.#box = documentOf(root).createElement("div");
    this.#box.setAttribute("hidden", "");
  }

  /** Gives the id of the element that tells the reason. */
  put(element: Element, text: string): string {
    let reason = this.#reasons.get(element);
    if (reason === undefined) {
      reason = documentOf(this.#root).createElement("span");
      reason.id = `${this.#prefix}-${this.#made++}`;
      this.#reasons.set(element, reason);
      this.#box.append(reason);
    }
    if (reason.textContent !== text) reason.textContent = text;
    const scope = this.#root.getRootNode();
    const place = "body" in scope ? (scope as Document).body : scope;
    if (this.#box.parentNode !== place) place.appendChild(this.#box);
    return reason.id;
  }

  remove(element: Element): void {
    this.#reasons.get(element)?.remove();
    this.#reasons.delete(element);
    if (this.#reasons.size === 0) this.#box.remove();
  }

  /** A list of ids without the one put here. */
  without(element: Element, value: Value): Value {
    const id = this.#reasons.get(element)?.id;
    if (id === undefined || !words(value).includes(id)) return value;
    return words(value)
      .filter((word) => word !== id)
      .join(" ");
  }

  end(): void {
    this.#box.remove();
  }
}

/** Makes sure that a page's own `display` does not show what is hidden; gives the function that ends it. */
function hideHidden(root: Node): () => void {
  const scope = root.getRootNode() as Partial<DocumentOrShadowRoot>;
  const view = documentOf(root).defaultView;
  if (scope.adoptedStyleSheets === undefined || view === null) return () => {};
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync('[data-can][hidden=""] { display: none !important; }');
  scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet];
  return () => {
    scope.adoptedStyleSheets = scope.adoptedStyleSheets?.filter((adopted) => adopted !== sheet) ?? [];
  };
}

const documentOf = (node: Node): Document => node.ownerDocument ?? (node as Document);

/** The marked elements in a node, itself included. */
function marked(node: Node): Element[] {
  if (!("querySelectorAll" in node)) return [];
  const inside = [...(node as ParentNode).querySelectorAll("[data-can]")];
  const itself = "hasAttribute" in node && (node as Element).hasAttribute("data-can");
  return itself ? [node as Element, ...inside] : inside;
}

const words = (value: Value): string[] => value?.split(/\s+/).filter(Boolean) ?? [];

function write(element: Element, name: string, value: Value): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
