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
import { fields, optionalCallable } from "../arguments.js";
import { RolecallError } from "../errors.js";
import { printed, report } from "../listeners.js";
import { changes, whenGone } from "../symbols.js";
import type { Action, Decision } from "../types.js";
import { decision, hasAnswers, type MaybeAbility, permission } from "./shared.js";

/** What {@link bind} may be told. */
export interface BindOptions {
  /** Returns the words that say why an element is disabled, in the user's language; the decision's sentence unless given. */
  describe?: (decision: Denial) => string;
}

/** A decision that says no. */
export type Denial = Decision & { allowed: false };

type Describe = NonNullable<BindOptions["describe"]>;

/** An attribute's value; `null` where there is no such attribute. */
type Value = string | null;

/** The attributes that a denied element is to have, each from the page's own value and from the present one. */
type Denied = Record<string, (own: Value, now: Value) => Value>;

/**
 * Keeps the elements marked with `data-can` in step with what the ability answers:
 *
 * - `data-can`: the action
 * - `data-can-owner`: the identity to whom the thing acted on belongs; without it, nobody
 * - `data-can-else="disable"`: what is not allowed is disabled, and the reason is its description for assistive technology; a
 *   button has `aria-disabled`, so that the keyboard reaches it and its reason. Without it, what is not allowed is hidden
 *
 * It follows elements that come and go, attributes that change, and sentences that change. What the page itself hides or
 * disables stays so. An action that does not exist is not allowed, and is reported as an uncaught error. A change of the
 * service costs a check for each marked element if it concerns this ability, else an explanation for each disabled one.
 *
 * @param root what to look in, itself included: an element, the document, or a shadow root
 * @param ability `undefined` or `null` while there is none: nothing is allowed, and no reason is given
 * @param options `describe`: the page's own words for why an element is disabled; what it throws is reported, each
 *   message once
 * @returns a function that ends it, and leaves the page as it would be without it
 * @throws RolecallError `invalid-argument` for what is no root or no function
 */
export function bind(
  root: Element | Document | DocumentFragment,
  ability: MaybeAbility,
  options: BindOptions = {},
): () => void {
  const { describe = ({ message }: Denial) => message } = fields(options, "options", {
    describe: optionalCallable<Describe>,
  });
  /** What the page has of the attributes that are overwritten. */
  const overwritten = new Map<Element, Map<string, Value>>();
  const reported = new Set<string>();

  /** Returns `undefined` for an error, and reports it the first time. */
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      const message = printed(error);
      if (!reported.has(message)) report(error);
      reported.add(message);
      return undefined;
    }
  };

  /** What a denied element is to be; nothing for an allowed one. */
  const denied = (element: Element): Denied => {
    const action = element.getAttribute("data-can") as Action | null;
    if (action === null || !root.contains(element)) return {};
    const owner = element.getAttribute("data-can-owner");
    if (attempt(() => permission.ask(ability, action, owner))) return {};
    if (element.getAttribute("data-can-else") !== "disable") return { hidden: () => "" };

    const reason = attempt(() => {
      const explained = decision.ask(ability, action, owner);
      const words: unknown = explained === undefined || explained.allowed ? undefined : describe(explained);
      return typeof words === "string" ? words : undefined;
    });
    const disabled: Denied = { "aria-disabled": () => "true" };
    if (reason) {
      const id = descriptions.set(element, reason);
      disabled["aria-describedby"] = (own, now) => (words(now).includes(id) ? now : [...words(own), id].join(" "));
    }
    // A button stays where the keyboard reaches it, and its reason with it: `block` keeps it from being pressed.
    if ("disabled" in element && element.localName !== "button") return { ...disabled, disabled: () => "" };
    if (!element.hasAttribute("href") && !overwritten.get(element)?.has("href")) return disabled;
    // A link without an address: no link to the browser, but still one to those who hear the page.
    return { ...disabled, href: () => null, role: (own) => own ?? "link", tabindex: (own) => own ?? "0" };
  };

  const update = (element: Element) => {
    const attributes = denied(element);
    const own = overwritten.get(element) ?? new Map<string, Value>();
    for (const [name, value] of own) {
      if (name in attributes) continue;
      write(element, name, value);
      own.delete(name);
    }
    for (const [name, make] of Object.entries(attributes)) {
      if (!own.has(name)) own.set(name, element.getAttribute(name));
      write(element, name, make(own.get(name) ?? null, element.getAttribute(name)));
    }
    if (!("aria-describedby" in attributes)) descriptions.remove(element);
    if (own.size > 0) overwritten.set(element, own);
    else overwritten.delete(element);
  };

  /** Follows what the page did. What is done here is not among it: those records are taken out at once. */
  const follow = (records: MutationRecord[]) => {
    const touched = new Set<Element>();
    for (const { target, attributeName, addedNodes, removedNodes } of records) {
      if (attributeName !== null) {
        const element = target as Element;
        touched.add(element);
        const own = overwritten.get(element);
        if (own?.has(attributeName)) {
          own.set(attributeName, descriptions.without(element, element.getAttribute(attributeName)));
        }
      }
      for (const node of [...addedNodes, ...removedNodes]) for (const element of marked(node)) touched.add(element);
    }
    for (const element of touched) update(element);
    observer.takeRecords();
  };

  const observer = new MutationObserver(follow);
  const updateEach = (elements: () => Element[]) => {
    follow(observer.takeRecords());
    for (const element of elements()) update(element);
    observer.takeRecords();
  };
  const updateAll = () => updateEach(() => marked(root));
  /** A sentence may change where no answer does. */
  const updateDescribed = () => updateEach(() => descriptions.elements());

  /** Keeps what is disabled by `aria-disabled` alone from doing what it does. */
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
  const stops = hasAnswers(ability)
    ? [ability.subscribe(updateAll), ability[changes]?.subscribe(updateDescribed), ability[whenGone]?.(updateAll)]
    : [];
  const stop = () => {
    for (const end of stops) end?.();
  };
  try {
    observer.observe(root, { subtree: true, childList: true, attributeFilter: [...observed, ...changed] });
  } catch (thrown) {
    stop();
    throw new RolecallError("invalid-argument", `expected an element or a document: ${printed(thrown)}`, "root");
  }
  const descriptions = new Descriptions(root);
  for (const type of ["click", "keydown"]) root.addEventListener(type, block, true);
  const showHidden = hideHidden(root);
  updateAll();

  let ended = false;
  return () => {
    // What the page did since is the page's own.
    if (ended) return;
    ended = true;
    stop();
    follow(observer.takeRecords());
    observer.disconnect();
    for (const [element, own] of overwritten) for (const [name, value] of own) write(element, name, value);
    descriptions.end();
    for (const type of ["click", "keydown"]) root.removeEventListener(type, block, true);
    showHidden();
  };
}

/** The reasons, where assistive technology finds them: in elements of their own that nobody sees. */
class Descriptions {
  private readonly box: Element;
  private readonly reasons = new Map<Element, Element>();
  /** Two copies of this module may describe elements of the same page. */
  private readonly prefix = `rolecall-${Math.random().toString(36).slice(2)}`;
  private count = 0;

  constructor(private readonly root: Node) {
    this.box = documentOf(root).createElement("div");
    this.box.setAttribute("hidden", "");
  }

  /** The elements that are described. */
  elements(): Element[] {
    return [...this.reasons.keys()];
  }

  /** Returns the id of the element that has the reason. */
  set(element: Element, text: string): string {
    let reason = this.reasons.get(element);
    if (reason === undefined) {
      reason = documentOf(this.root).createElement("span");
      reason.id = `${this.prefix}-${this.count++}`;
      this.reasons.set(element, reason);
      this.box.append(reason);
    }
    if (reason.textContent !== text) reason.textContent = text;
    const scope = this.root.getRootNode();
    const parent = "body" in scope ? (scope as Document).body : scope;
    if (this.box.parentNode !== parent) parent.appendChild(this.box);
    return reason.id;
  }

  remove(element: Element): void {
    this.reasons.get(element)?.remove();
    this.reasons.delete(element);
    if (this.reasons.size === 0) this.box.remove();
  }

  /** A list of ids without the one that was added here. */
  without(element: Element, value: Value): Value {
    const id = this.reasons.get(element)?.id;
    if (id === undefined || !words(value).includes(id)) return value;
    return words(value)
      .filter((word) => word !== id)
      .join(" ");
  }

  end(): void {
    this.box.remove();
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
