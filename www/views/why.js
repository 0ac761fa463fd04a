// @ts-check
import { PERMISSIONS } from "rolecall";
import { draw, h } from "../render.js";
import { scopeOf, words } from "../vocabulary.js";
import { whatItAllows } from "../what-it-allows.js";
import { icon, name, plural, withShortSids } from "./parts.js";

/**
 * @typedef {import("rolecall").Permission} Permission
 * @typedef {import("rolecall").Role} Role
 * @typedef {import("../render.js").Children} Children
 * @typedef {import("../workspace.js").Question} Question
 * @typedef {import("../workspace.js").Workspace} Workspace
 *
 * @typedef {{ question: Question }} QuestionSubject why somebody may do something, or may not
 * @typedef {{ sid: string, permission: Permission }} CellSubject what a cell of the matrix is about
 * @typedef {QuestionSubject | CellSubject} Subject
 */

/** So many roles are offered to grant what is missing. */
const OFFERS = 4;

/** The explanation of a control or of a cell, beside it. */
export class Why {
  #panel;
  #workspace;
  #draft;
  /** @type {Subject | undefined} */ #subject;
  /** @type {{ count: number, some: string[] } | undefined} */ #who;

  /**
   * @param {Workspace} workspace
   * @param {import("../draft.js").Draft} draft
   */
  constructor(workspace, draft) {
    this.#workspace = workspace;
    this.#draft = draft;
    this.#panel = /** @type {HTMLElement} */ (document.getElementById("why"));
    this.#panel.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") return;
      this.#subject = undefined;
      workspace.refused = undefined;
    });
    workspace.subscribe(() => this.#draw());
  }

  /**
   * @param {Subject} subject
   * @param {HTMLElement} control beside which it is told
   */
  show(subject, control) {
    this.#panel.hidePopover();
    this.#subject = subject;
    this.#who = undefined;
    this.#draw();
    /** @type {any} */ (this.#panel).showPopover({ source: control });
    position(this.#panel, control);
    this.#panel.querySelector("button")?.focus();
  }

  close() {
    this.#panel.hidePopover();
  }

  #draw() {
    const subject = this.#subject;
    if (!subject) return;
    draw(this.#panel, "question" in subject ? this.#decision(subject.question) : this.#cell(subject));
  }

  /**
   * @param {Question} question
   * @returns {Children}
   */
  #decision(question) {
    const { service, refused } = this.#workspace;
    const { identity, channel, action, owner } = question;
    const decision = service.ability(identity, channel).explain(action, owner ?? null);
    const error = refused?.question === question ? refused.error : undefined;
    return [
      this.#heading(decision.allowed ? "Allowed" : "Denied", action, decision.allowed ? "yes" : "no"),
      h("p", { class: "message" }, ...withShortSids(decision.message)),
      decision.allowed
        ? decision.role &&
          decision.permission &&
          h("p", {}, "Granted by ", this.#roleLink(decision.role.sid, decision.permission))
        : decision.reason === "closed"
          ? this.#reopening(channel)
          : this.#remedies(identity, channel, decision.missing),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", onclick: () => this.#whoCan(question) }, "Who may?"),
        !decision.allowed &&
          h(
            "button",
            {
              type: "button",
              onclick: () =>
                this.#workspace.attempt(
                  question,
                  () => [],
                  () => "",
                ),
            },
            "Try it anyway",
          ),
      ),
      h("div", { role: "status" }, [this.#others(), error && response(error)]),
    ];
  }

  /** @param {string | undefined} channel */
  #reopening(channel) {
    const reopen = () =>
      this.#workspace.perform(
        [["setChannelState", channel, "active"]],
        () => "It is active again, and controls are back.",
      );
    return h(
      "button",
      { type: "button", class: "link", onclick: reopen },
      "Set its state to ",
      h("code", {}, "active"),
    );
  }

  /**
   * The roles of this person that could hold what is missing.
   *
   * @param {string} identity
   * @param {string | undefined} channel
   * @param {Permission[]} missing
   */
  #remedies(identity, channel, missing) {
    const { register } = this.#workspace;
    const held = [register.rooms.get(channel ?? "")?.members.get(identity), register.users.get(identity)];
    const offers = missing.flatMap((permission) =>
      held.flatMap((sid) => {
        const role = this.#workspace.role(sid);
        return role && this.#counts(permission, role) ? [{ role, permission }] : [];
      }),
    );
    if (offers.length === 0) return null;
    return h(
      "ul",
      { class: "offers" },
      ...offers
        .slice(0, OFFERS)
        .map(({ role, permission }) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "link", onclick: () => this.#grant(role, permission) },
              "Grant ",
              h("code", {}, permission),
              " to ",
              name(role.friendlyName),
              " …",
            ),
          ),
        ),
    );
  }

  /**
   * @param {Permission} permission
   * @param {Role} role
   */
  #counts(permission, role) {
    const listed = PERMISSIONS.find((each) => each.name === permission || each.conversations === permission);
    return listed === undefined || listed[scopeOf(role.type)];
  }

  /**
   * Proposes it in the matrix, where it shows who would gain what.
   *
   * @param {Role} role
   * @param {Permission} permission
   */
  #grant(role, permission) {
    if (!this.#draft.changes(role.sid, permission)) this.#draft.toggle(role.sid, permission);
    this.#showCell(role.sid, permission);
  }

  /**
   * Goes to the cell of the matrix.
   *
   * @param {string} sid
   * @param {string} permission
   */
  #showCell(sid, permission) {
    this.close();
    this.#workspace.look({ tab: "roles", asking: false });
    queueMicrotask(() => {
      const cell = document.getElementById(`cell ${sid} ${permission}`);
      cell?.scrollIntoView({ block: "center" });
      cell?.focus();
    });
  }

  /**
   * @param {string} sid
   * @param {Permission} permission
   */
  #roleLink(sid, permission) {
    const called = this.#workspace.role(sid)?.friendlyName ?? sid;
    return h(
      "button",
      { type: "button", class: "link", onclick: () => this.#showCell(sid, permission) },
      name(called),
      ": ",
      h("code", {}, permission),
    );
  }

  /** @param {CellSubject} cell */
  #cell({ sid, permission }) {
    const { service, rules, register } = this.#workspace;
    const role = this.#workspace.role(sid);
    if (!role) return null;
    const scope = scopeOf(role.type);
    const { member } = words(service);
    const held = role.permissions.includes(permission);
    const { users, members } = register.holders.get(sid) ?? { users: 0, members: 0 };
    const allows = whatItAllows(service.dialect, scope, permission, rules.ownActions);
    const others = service.roles(scope).filter((each) => each.sid !== sid && each.permissions.includes(permission));
    return [
      this.#heading(held ? "Held" : "Not held", permission, held ? "yes" : "no"),
      h(
        "p",
        {},
        name(role.friendlyName),
        held ? " holds it, and " : " lacks it, and ",
        scope === "service"
          ? plural(users, "user has", "users have")
          : plural(members, `${member} has`, `${member}s have`),
        " this role.",
      ),
      !this.#counts(permission, role)
        ? h("p", {}, `In a role of ${scope} scope it counts for nothing.`)
        : allows.length > 0
          ? h(
              "p",
              {},
              "It allows ",
              ...allows.flatMap(({ action, whose }, at) => [
                at > 0 && (at === allows.length - 1 ? " and " : ", "),
                h("code", {}, action),
                whose && ` on ${whose}`,
              ]),
              ".",
            )
          : h("p", {}, "No action requires it."),
      h(
        "p",
        {},
        others.length === 0
          ? "No other role of its scope grants it."
          : [
              "Also granted by ",
              others.slice(0, OFFERS).map((each, at) => [at > 0 && ", ", name(each.friendlyName)]),
              ".",
            ],
      ),
    ];
  }

  /**
   * @param {string} verdict
   * @param {string} subject
   * @param {"yes" | "no"} kind
   */
  #heading(verdict, subject, kind) {
    return h(
      "div",
      { class: "head" },
      h("h2", { id: "why-title" }, h("span", { class: `verdict ${kind}` }, verdict), " ", h("code", {}, subject)),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.close() },
        icon("close"),
      ),
    );
  }

  /** @param {Question} question */
  async #whoCan({ action, channel, owner }) {
    const subject = this.#subject;
    const { answer } = await this.#workspace.shadow.ask({ whoCan: action, channel, owner: owner ?? undefined });
    if (this.#subject !== subject) return;
    this.#who = answer;
    this.#workspace.changed();
  }

  #others() {
    if (!this.#who) return null;
    const { count, some } = this.#who;
    if (count === 0) return h("p", {}, "Nobody may.");
    const rest = count - some.length;
    return h(
      "p",
      {},
      plural(count, "person may", "people may"),
      ": ",
      some.map((identity, at) => [at > 0 && ", ", name(identity)]),
      rest > 0 && ` and ${rest.toLocaleString("en")} more`,
      ".",
    );
  }
}

/**
 * The refusal as the services' endpoint would send it.
 *
 * @param {import("rolecall").PermissionDenied} error
 */
function response({ status, twilioCode, message }) {
  const body = { status, code: twilioCode, message, more_info: `https://www.twilio.com/docs/errors/${twilioCode}` };
  return h(
    "figure",
    { class: "response" },
    h("figcaption", {}, `HTTP ${status} Forbidden`),
    h(
      "pre",
      { tabindex: "0", role: "group", "aria-label": "Body of the response" },
      h("code", {}, JSON.stringify(body, null, 2)),
    ),
  );
}

/** Between a panel and what it is about, and at the edges of the window, in pixels. */
const GAP = 8;

/** Windows in which the style sheet puts it at the bottom. */
const narrow = matchMedia("(max-width: 47.99rem)");

/**
 * Puts the panel below the control, or above it where there is more room.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} control
 */
function position(panel, control) {
  panel.removeAttribute("style");
  if (narrow.matches) return;
  const { left, top, bottom } = control.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = panel;
  const right = innerWidth - offsetWidth - GAP;
  const below = bottom + GAP;
  const fits = below + offsetHeight < innerHeight || top < innerHeight / 2;
  panel.style.left = `${Math.max(GAP, Math.min(left, right))}px`;
  panel.style.top = fits ? `${below}px` : "auto";
  panel.style.bottom = fits ? "auto" : `${innerHeight - top + GAP}px`;
  panel.style.maxHeight = `${(fits ? innerHeight - below : top - GAP) - GAP}px`;
}
