// @ts-check
import { h } from "../render.js";
import { actionGroups, words } from "../vocabulary.js";
import { avatar, name, plural, select } from "./parts.js";

/**
 * @typedef {import("rolecall").Action} Action
 * @typedef {import("rolecall").Scope} Scope
 * @typedef {import("./chat.js").Page} Page
 */

/** So many users are listed at a time. */
const LISTED = 25;

/** The query, the page, and the user that is open. @type {{ query: string, page: number, user: string | undefined, channel: string | undefined }} */
const at = { query: "", page: 0, user: undefined, channel: undefined };

/**
 * Users: finding one, and what role each has.
 *
 * @param {Page} page
 */
export function usersView(page) {
  const { register } = page.workspace;
  if (at.user !== undefined && !register.users.has(at.user) && register.channelsOf(at.user).length === 0)
    at.user = undefined;
  return at.user === undefined ? list(page) : user(page, at.user);
}

/** @param {Page} page */
function list(page) {
  const { workspace } = page;
  const { register } = workspace;
  const found = register.find(at.query);
  const last = Math.max(0, Math.ceil(found.length / LISTED) - 1);
  at.page = Math.min(at.page, last);
  const first = at.page * LISTED;
  const go = (/** @type {number} */ by) => () => {
    at.page += by;
    workspace.changed();
  };
  return [
    h("div", { class: "bar" }, h("h2", { id: "users-title" }, "Users")),
    h(
      "div",
      { class: "find" },
      h("label", { for: "find", class: "unseen" }, "Find a user"),
      h("input", {
        ...{
          id: "find",
          type: "search",
          placeholder: "Find a user by identity",
          value: at.query,
          autocomplete: "off",
        },
        ...{ autocapitalize: "none", spellcheck: "false" },
        oninput: (/** @type {Event} */ { target }) => {
          at.query = /** @type {HTMLInputElement} */ (target).value;
          at.page = 0;
          workspace.changed();
        },
      }),
      h(
        "p",
        { role: "status", class: "hint" },
        found.length === register.users.size
          ? plural(found.length, "user")
          : `${found.length.toLocaleString("en")} of ${plural(register.users.size, "user")}`,
      ),
    ),
    h(
      "table",
      { class: "people" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Identity"), h("th", { scope: "col" }, "Service role"))),
      h(
        "tbody",
        {},
        ...found
          .slice(first, first + LISTED)
          .map((identity) =>
            h(
              "tr",
              { key: identity },
              h(
                "th",
                { scope: "row" },
                h(
                  "button",
                  { type: "button", class: "person", onclick: () => open(page, identity) },
                  avatar(identity),
                  name(identity),
                ),
              ),
              h("td", {}, serviceRole(page, identity)),
            ),
          ),
      ),
    ),
    found.length === 0 && h("p", { class: "nothing" }, "Nobody’s identity has this in it."),
    found.length > LISTED &&
      h(
        "div",
        { class: "row paging" },
        h("button", { type: "button", disabled: at.page === 0, onclick: go(-1) }, "Previous"),
        h(
          "span",
          {},
          `${(first + 1).toLocaleString("en")}–${Math.min(found.length, first + LISTED).toLocaleString("en")}`,
        ),
        h("button", { type: "button", disabled: at.page === last, onclick: go(1) }, "Next"),
      ),
  ];
}

/**
 * @param {Page} page
 * @param {string} identity
 */
function open({ workspace }, identity) {
  at.user = identity;
  at.channel = undefined;
  workspace.changed();
  queueMicrotask(() => document.getElementById("user-title")?.focus());
}

/**
 * One user.
 *
 * @param {Page} page
 * @param {string} identity
 */
function user(page, identity) {
  const { workspace } = page;
  const { register, chat, service } = workspace;
  const terms = words(service);
  const channels = register.channelsOf(identity);
  const back = () => {
    at.user = undefined;
    workspace.changed();
    queueMicrotask(() => document.getElementById("find")?.focus());
  };
  return [
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "users-title" }, "Users"),
      h("button", { type: "button", onclick: back }, "All users"),
    ),
    h(
      "div",
      { class: "profile", key: identity },
      avatar(identity),
      h(
        "div",
        {},
        h("h3", { id: "user-title", tabindex: "-1" }, name(identity)),
        chat.people.has(identity) && h("p", { class: "hint" }, name(chat.people.get(identity) ?? "")),
      ),
    ),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", onclick: () => workspace.sit(0, identity) }, "Show on the left"),
      h("button", { type: "button", onclick: () => workspace.sit(1, identity) }, "Show on the right"),
    ),
    h(
      "table",
      { class: "people" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Where"), h("th", { scope: "col" }, "Role"))),
      h(
        "tbody",
        {},
        h("tr", { key: "service" }, h("th", { scope: "row" }, "Everywhere"), h("td", {}, serviceRole(page, identity))),
        ...channels.map((sid) =>
          h(
            "tr",
            { key: `in ${sid}` },
            h("th", { scope: "row" }, name(chat.name(sid))),
            h("td", {}, channelRole(page, identity, sid)),
          ),
        ),
      ),
    ),
    channels.length === 0 && h("p", { class: "nothing" }, `A ${terms.member} of no ${terms.channel}.`),
    mayDo(page, identity, channels),
  ];
}

/**
 * @param {Page} page
 * @param {string} identity
 */
function serviceRole({ workspace }, identity) {
  const chosen = workspace.register.users.get(identity) ?? "";
  return roleSelect(workspace, "service", `Service role of ${identity}`, chosen, (sid) =>
    workspace.perform(
      [["setUser", identity, sid]],
      () => `${identity} is ${workspace.role(sid)?.friendlyName} everywhere.`,
    ),
  );
}

/**
 * @param {Page} page
 * @param {string} identity
 * @param {string} channel
 */
function channelRole({ workspace }, identity, channel) {
  const { chat, register } = workspace;
  const chosen = register.rooms.get(channel)?.members.get(identity) ?? "";
  return roleSelect(workspace, "channel", `Role of ${identity} in ${chat.name(channel)}`, chosen, (sid) =>
    workspace.perform(
      [["setMember", channel, identity, sid]],
      () => `${identity} is ${workspace.role(sid)?.friendlyName} in ${chat.name(channel)}.`,
    ),
  );
}

/**
 * @param {import("../workspace.js").Workspace} workspace
 * @param {Scope} scope
 * @param {string} label
 * @param {string} chosen a SID, also of a role that is not there any more
 * @param {(sid: string) => void} choose
 */
function roleSelect(workspace, scope, label, chosen, choose) {
  const options = workspace
    .rolesOf(scope)
    .map(({ sid, friendlyName }) => /** @type {[string, string]} */ ([sid, friendlyName]));
  const known = options.some(([sid]) => sid === chosen);
  const lost = chosen === "" ? "no role" : `${workspace.deleted.get(chosen)?.friendlyName ?? chosen} (deleted)`;
  return select({ "aria-label": label }, known ? options : [[chosen, lost], ...options], chosen, choose);
}

/**
 * Every action, and whether the user may; each answer opens its explanation.
 *
 * @param {Page} page
 * @param {string} identity
 * @param {string[]} channels
 */
function mayDo(page, identity, channels) {
  const { workspace } = page;
  const { service, rules, chat } = workspace;
  const terms = words(service);
  if (at.channel === undefined || !workspace.register.rooms.has(at.channel))
    at.channel = channels[0] ?? workspace.channel;
  const channel = at.channel;
  const listed = new Set([...channels, ...(workspace.channel === undefined ? [] : [workspace.channel])]);
  return [
    h(
      "div",
      { class: "row may" },
      h("h3", {}, "May do"),
      listed.size > 0 &&
        select(
          { "aria-label": `In which ${terms.channel}` },
          [...listed].map((sid) => [sid, `in ${chat.name(sid)}`]),
          channel ?? "",
          (sid) => {
            at.channel = sid;
            workspace.changed();
          },
        ),
    ),
    h(
      "table",
      { class: "decisions" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Action"),
          h("th", { scope: "col" }, "on one’s own"),
          h("th", { scope: "col" }, "on others’"),
        ),
      ),
      actionGroups(service, rules.ownActions).map(([group, actions]) =>
        h(
          "tbody",
          { key: group },
          ...actions.map(({ name: action, owned }) =>
            h(
              "tr",
              { key: action },
              h("th", { scope: "row" }, h("code", {}, action)),
              owned
                ? [identity, somebodyElse(workspace, identity)].map((owner, index) =>
                    h(
                      "td",
                      { key: index },
                      answer(page, { identity, channel, action, owner }, index === 0 ? "own" : "others’"),
                    ),
                  )
                : h(
                    "td",
                    { key: "both", colspan: "2" },
                    answer(page, { identity, channel, action, owner: undefined }, ""),
                  ),
            ),
          ),
        ),
      ),
    ),
  ];
}

/**
 * Somebody else, as near as there is one: a fellow member before any user.
 *
 * @param {import("../workspace.js").Workspace} workspace
 * @param {string} identity
 */
function somebodyElse({ room, register }, identity) {
  for (const source of [room?.members.keys() ?? [], register.users.keys()])
    for (const each of source) if (each !== identity) return each;
  return "somebody else";
}

/**
 * @param {Page} page
 * @param {import("../workspace.js").Question} question
 * @param {string} whose
 */
function answer({ workspace, why }, question, whose) {
  const allowed = workspace.may(question);
  return h(
    "button",
    {
      type: "button",
      class: `answer ${allowed ? "yes" : "no"}`,
      "aria-label": `${allowed ? "Yes" : "No"}: ${question.action}${whose && ` on ${whose}`}. Why?`,
      onclick: (/** @type {Event} */ event) => why.show({ question }, /** @type {HTMLElement} */ (event.currentTarget)),
    },
    allowed ? "Yes" : "No",
  );
}
