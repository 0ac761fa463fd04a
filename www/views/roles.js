// @ts-check
import { newSid } from "../edits.js";
import { h } from "../render.js";
import { permissionGroups, SCOPES, typeOf, words } from "../vocabulary.js";
import { chosen, field } from "./dialog.js";
import { atQuestionMark, icon, name, plural } from "./parts.js";

/**
 * @typedef {import("rolecall").Role} Role
 * @typedef {import("rolecall").Scope} Scope
 * @typedef {import("rolecall").Permission} Permission
 * @typedef {import("../rules.js").Which} Which
 * @typedef {import("../vocabulary.js").ListedPermission} ListedPermission
 * @typedef {import("../shadow-worker.js").Summary} Summary
 * @typedef {import("../shadow-worker.js").Flip} Flip
 * @typedef {import("./chat.js").Page} Page
 */

/** So many roles of a scope are shown at a time. */
const SHOWN = 8;

/** So many of those who would dangle are named. */
const NAMED = 6;

/** The page of roles that is shown, by scope. */
const pages = { service: 0, channel: 0 };

/**
 * Roles and permissions: a matrix, and what a change of it would do.
 *
 * @param {Page} page
 */
export function rolesView(page) {
  const { workspace } = page;
  const { service, rules } = workspace;
  const columns = SCOPES.map((scope) => ({ scope, ...shownRoles(page, scope) }));
  const groups = permissionGroups(service, rules.ownActions);
  return [
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "roles-title" }, "Roles and permissions"),
      columns.map(({ scope, all }) => all.length > SHOWN && pager(page, scope, all.length)),
      h("button", { type: "button", onclick: () => askNew(page) }, icon("add"), "New role"),
    ),
    dangling(page),
    h(
      "div",
      { class: "matrix", tabindex: "0", role: "group", "aria-labelledby": "roles-title" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            { key: "scopes" },
            h("td", {}),
            columns.map(({ scope, shown }) =>
              h(
                "th",
                { scope: "colgroup", colspan: String(Math.max(1, shown.length)), class: "scope", key: scope },
                holdersOf(scope, service),
              ),
            ),
          ),
          h(
            "tr",
            { key: "roles" },
            h("td", { class: "corner" }, "Permission"),
            columns.map(({ scope, shown }) => [
              shown.map((role, at) =>
                h(
                  "th",
                  { scope: "col", key: role.sid, class: at === 0 ? "first" : null },
                  roleButton(page, role, scope),
                ),
              ),
              shown.length === 0 && h("td", { key: scope, class: "hint" }, "No role"),
            ]),
          ),
        ),
        groups.map(([group, permissions]) =>
          h(
            "tbody",
            { key: group },
            h(
              "tr",
              { class: "group", key: "group" },
              h(
                "th",
                {
                  scope: "rowgroup",
                  colspan: String(1 + columns.reduce((sum, { shown }) => sum + Math.max(1, shown.length), 0)),
                },
                h("span", {}, groupName(group, service)),
              ),
            ),
            permissions.map((permission) =>
              h(
                "tr",
                { key: permission.name, class: permission.half ? `pair ${permission.half}` : null },
                h("th", { scope: "row" }, h("code", {}, halves(permission))),
                columns.map(({ scope, shown }) => [
                  shown.map((role, at) => cell(page, role, scope, permission, at === 0)),
                  shown.length === 0 && h("td", { key: scope }),
                ]),
              ),
            ),
          ),
        ),
      ),
    ),
    changeBar(page),
  ];
}

/**
 * @param {Page} page
 * @param {Scope} scope
 */
function shownRoles({ workspace }, scope) {
  const all = workspace.rolesOf(scope);
  const last = Math.max(0, Math.ceil(all.length / SHOWN) - 1);
  pages[scope] = Math.min(pages[scope], last);
  return { all, shown: all.slice(pages[scope] * SHOWN, (pages[scope] + 1) * SHOWN) };
}

/**
 * @param {Page} page
 * @param {Scope} scope
 * @param {number} count
 */
function pager({ workspace }, scope, count) {
  const turn = (/** @type {number} */ by) => () => {
    pages[scope] += by;
    workspace.changed();
  };
  const first = pages[scope] * SHOWN;
  return h(
    "div",
    { class: "pager", role: "group", "aria-label": `${scope} roles`, key: scope },
    `${holdersOf(scope, workspace.service)} `,
    h(
      "button",
      { type: "button", disabled: first === 0, onclick: turn(-1), "aria-label": `Previous ${scope} roles` },
      "‹",
    ),
    `${first + 1}–${Math.min(count, first + SHOWN)} of ${count}`,
    h(
      "button",
      { type: "button", disabled: first + SHOWN >= count, onclick: turn(1), "aria-label": `Next ${scope} roles` },
      "›",
    ),
  );
}

/**
 * Whom the roles of a scope are for.
 *
 * @param {Scope} scope
 * @param {import("rolecall").Service} service
 */
const holdersOf = (scope, service) => (scope === "service" ? "Users" : capital(words(service).members));

/** @param {string} text */
const capital = (text) => text.replace(/^./u, (letter) => letter.toUpperCase());

/**
 * @param {string} group
 * @param {import("rolecall").Service} service
 */
function groupName(group, service) {
  if (group === "application") return "The application’s own";
  return capital(group in words(service) ? words(service)[/** @type {"channels"} */ (group)] : group);
}

/** A permission of a pair says which half it is. @param {ListedPermission} permission */
function halves({ name: permission, half }) {
  if (half === undefined) return permission;
  const [before = "", after = ""] = permission.split(capital(half));
  return [before, h("b", {}, capital(half)), after];
}

/**
 * @param {Page} page
 * @param {Role} role
 * @param {Scope} scope
 */
function roleButton(page, role, scope) {
  const { defaults } = page.workspace.rules;
  const isDefault = Object.values(defaults).includes(role.sid);
  return h(
    "button",
    { type: "button", class: "role", onclick: () => askRole(page, role, scope) },
    name(role.friendlyName),
    isDefault && [" ", h("span", { class: "badge" }, "default")],
  );
}

/**
 * @param {Page} page
 * @param {Role} role
 * @param {Scope} scope
 * @param {ListedPermission} permission
 * @param {boolean} first of its scope
 */
function cell({ workspace, draft, why }, role, scope, permission, first) {
  const held = role.permissions.includes(permission.name);
  const edge = first ? "first" : "";
  const explain = (/** @type {Event} */ event) => {
    event.preventDefault();
    why.show({ sid: role.sid, permission: permission.name }, /** @type {HTMLElement} */ (event.currentTarget));
  };
  if (!permission.scopes.includes(scope)) {
    return h(
      "td",
      { key: role.sid, class: `out ${edge}` },
      held
        ? h(
            "button",
            {
              type: "button",
              class: "icon-button",
              onclick: explain,
              "aria-label": `${permission.name} of ${role.friendlyName} is out of scope`,
            },
            "!",
          )
        : h("span", { class: "unseen" }, `not in ${scope} scope`),
    );
  }
  const changes = draft.changes(role.sid, permission.name);
  const checked = changes ? !held : held;
  return h(
    "td",
    { key: role.sid, class: `${edge} ${changes ? (checked ? "granted" : "revoked") : ""}` },
    h("input", {
      type: "checkbox",
      id: `cell ${role.sid} ${permission.name}`,
      "aria-label": `${permission.name}, ${role.friendlyName}`,
      checked,
      onclick: workspace.asking ? explain : null,
      onchange: () => draft.toggle(role.sid, permission.name),
      onkeydown: atQuestionMark(explain),
    }),
  );
}

/** @param {Page} page */
function changeBar({ workspace, draft }) {
  const { size, summary, refusal } = draft;
  return h(
    "div",
    { class: size === 0 ? "changes idle" : "changes", role: "group", "aria-label": "Changes that are not saved" },
    h(
      "div",
      { class: "row" },
      h(
        "p",
        { role: "status", id: "changes" },
        size === 0
          ? "Tick a box to see who would gain or lose what."
          : [h("b", {}, plural(size, "change"), " not saved."), " ", outcome(summary, refusal)],
      ),
      size > 0 && h("button", { type: "button", onclick: () => draft.discard() }, "Discard"),
      size > 0 &&
        h(
          "button",
          {
            type: "button",
            class: "primary",
            disabled: refusal?.code === "empty-permissions",
            onclick: () => draft.save(),
          },
          "Save",
        ),
    ),
    summary && summary.flips.length > 0 && flips(workspace, summary),
  );
}

/**
 * @param {Summary | undefined} summary
 * @param {import("../shadow.js").Refusal | undefined} refusal
 */
function outcome(summary, refusal) {
  if (refusal) return refusal.message;
  if (!summary) return "Looking whom it concerns …";
  const { gain, lose } = summary;
  if (gain + lose === 0) return "Nobody gains or loses anything.";
  const parts = [
    gain > 0 && `${plural(gain, "person gains", "people gain")}`,
    lose > 0 && `${plural(lose, "person loses", "people lose")}`,
  ];
  return `${parts.filter(Boolean).join(", ")} something.`;
}

/**
 * Who gains and who loses what.
 *
 * @param {import("../workspace.js").Workspace} workspace
 * @param {Summary} summary
 */
function flips({ chat, service }, summary) {
  return h(
    "ul",
    { class: "flips", tabindex: "0", "aria-label": "Who gains and who loses what" },
    ...summary.flips.map(({ action, owner, allowed, people, some, channels, channelCount }) =>
      h(
        "li",
        { key: `${allowed} ${owner} ${action}` },
        h("span", { class: `verdict ${allowed ? "yes" : "no"}` }, allowed ? "gains" : "loses"),
        h(
          "span",
          {},
          h("code", {}, action),
          owner && ` on ${owner === "self" ? "one’s own" : "others’"}`,
          ": ",
          some.map((identity, at) => [at > 0 && ", ", name(identity)]),
          people > some.length && ` and ${(people - some.length).toLocaleString("en")} more`,
          channels[0] !== undefined && [
            ", in ",
            channelCount > 2
              ? plural(channelCount, words(service).channel)
              : channels.map((sid, at) => [at > 0 && " and ", sid === undefined ? "no channel" : name(chat.name(sid))]),
          ],
        ),
      ),
    ),
  );
}

/**
 * Roles that somebody refers to and that are not there any more.
 *
 * @param {Page} page
 */
function dangling({ workspace }) {
  const { register, deleted } = workspace;
  const lost = [...register.holders]
    .map(([sid, { users, members }]) => ({ sid, count: users + members, role: deleted.get(sid) }))
    .filter(({ sid, count }) => sid !== "" && count > 0 && !workspace.role(sid));
  if (lost.length === 0) return null;
  return h(
    "ul",
    { class: "notices" },
    ...lost.slice(0, NAMED).map(({ sid, count, role }) =>
      h(
        "li",
        { key: sid },
        h(
          "span",
          {},
          plural(count, "reference"),
          " to ",
          role ? ["the deleted role ", name(role.friendlyName)] : "a role that is not there",
        ),
        role &&
          h(
            "button",
            {
              type: "button",
              onclick: () =>
                workspace.perform([["createRole", role]], () => `${role.friendlyName} is back, under its SID.`),
            },
            "Bring it back",
          ),
      ),
    ),
  );
}

/**
 * What can be done with a role.
 *
 * @param {Page} page
 * @param {Role} role
 * @param {Scope} scope
 */
function askRole(page, role, scope) {
  const { workspace, dialog } = page;
  const { sid, friendlyName, type } = role;
  const { service, rules, register } = workspace;
  const terms = words(service);
  const uses = /** @type {[Which, string][]} */ (
    scope === "service"
      ? [["user", "new users"]]
      : [
          ["member", `new ${terms.members}`],
          ["creator", `who creates a ${terms.channel}`],
        ]
  );
  dialog.ask({
    title: friendlyName || sid,
    body: () => {
      const { users, members } = register.holders.get(sid) ?? { users: 0, members: 0 };
      return [
        h(
          "dl",
          { class: "facts" },
          fact("Type", h("code", {}, type)),
          fact("SID", h("code", {}, sid)),
          fact("Held by", scope === "service" ? plural(users, "user") : plural(members, terms.member)),
          fact("Permissions", String(workspace.role(sid)?.permissions.length ?? 0)),
        ),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", onclick: () => askRename(page, role) }, icon("pen"), "Rename …"),
          h("button", { type: "button", onclick: () => askNew(page, sid) }, icon("add"), "Copy …"),
          h(
            "button",
            { type: "button", class: "danger", onclick: () => askDelete(page, role, scope) },
            icon("trash"),
            "Delete …",
          ),
        ),
        uses.map(([which, forWhom]) =>
          h(
            "p",
            { class: "row" },
            rules.defaults[which] === sid
              ? `The default role for ${forWhom}.`
              : h(
                  "button",
                  {
                    type: "button",
                    onclick: () =>
                      workspace.perform(
                        [["setDefaultRole", which, sid]],
                        () => `${friendlyName} is the default for ${forWhom}.`,
                      ),
                  },
                  `Make it the default for ${forWhom}`,
                ),
          ),
        ),
      ];
    },
  });
}

/** @param {string} term @param {import("../render.js").Children} detail */
const fact = (term, detail) => h("div", {}, h("dt", {}, term), h("dd", {}, detail));

/**
 * @param {Page} page
 * @param {string} [like] the SID of a role
 */
function askNew({ workspace, dialog }, like) {
  const templates = SCOPES.flatMap((scope) => {
    const roles = workspace.rolesOf(scope);
    const made = { sid: "", friendlyName: "" };
    const [only, type] = [lastOf(workspace.service, scope), typeOf(workspace.service, scope)];
    return roles.length > 0
      ? roles.map((role) => ({ value: role.sid, label: `${role.friendlyName} (${role.type})`, ...role }))
      : [{ ...made, value: scope, label: `only ${only} (${type})`, type, permissions: [only] }];
  });
  templates.sort((one, other) => Number(other.value === like) - Number(one.value === like));
  dialog.ask({
    title: "New role",
    body: () => [
      field("Name", "name", { maxlength: "64" }),
      chosen(
        "Starts with the permissions of",
        "like",
        templates.map(({ value, label }) => [value, label]),
      ),
    ],
    submit: "Create role",
    onsubmit: ({ name: friendlyName, like: chosenRole }) => {
      const { type, permissions } = templates.find(({ value }) => value === chosenRole) ?? {};
      return workspace.perform(
        [["createRole", { sid: newSid("RL"), friendlyName, type, permissions }]],
        () => `Created the role ${friendlyName}.`,
      );
    },
  });
}

/**
 * A permission for a role that is like no other: the last one listed, about one's own things.
 *
 * @param {import("rolecall").Service} service
 * @param {Scope} scope
 */
const lastOf = (service, scope) =>
  permissionGroups(service, [])
    .flatMap(([, permissions]) => permissions)
    .filter(({ scopes }) => scopes.includes(scope))
    .at(-1)?.name ?? "";

/**
 * @param {Page} page
 * @param {Role} role
 */
function askRename({ workspace, dialog }, { sid, friendlyName }) {
  dialog.ask({
    title: `Rename ${friendlyName}`,
    body: () => [
      field("New name", "name", { initial: friendlyName, maxlength: "64" }),
      h(
        "p",
        { class: "hint" },
        "The REST API cannot rename a role. Here it is deleted and created again under its SID, so that nobody loses it. ",
        "At Twilio a new role gets a new SID: give it to everybody before you delete the old one.",
      ),
    ],
    submit: "Rename",
    onsubmit: ({ name: renamed }) => {
      const { type, permissions } = workspace.role(sid) ?? {};
      return workspace.perform(
        [
          ["deleteRole", sid],
          ["createRole", { sid, friendlyName: renamed, type, permissions }],
        ],
        () => `${friendlyName} is ${renamed} now.`,
      );
    },
  });
}

/**
 * @param {Page} page
 * @param {Role} role
 * @param {Scope} scope
 */
function askDelete({ workspace, dialog }, role, scope) {
  const { sid, friendlyName } = role;
  const { register, rules, shadow, service } = workspace;
  const { users, members } = register.holders.get(sid) ?? { users: 0, members: 0 };
  const count = scope === "service" ? plural(users, "user") : plural(members, words(service).member);
  const some = register.someHolders(sid, NAMED);
  const isDefault = Object.values(rules.defaults).includes(sid);
  /** @type {Summary | undefined} */ let summary;
  /** @type {string | undefined} */ let tooMany;
  dialog.ask({
    title: `Delete ${friendlyName}?`,
    body: () => [
      isDefault &&
        h(
          "p",
          { class: "warning" },
          h("b", {}, "This is a default role."),
          " Whoever comes next would get a role that is not there. Better change what it may do, and keep it.",
        ),
      users + members === 0
        ? h("p", {}, "Nobody has it.")
        : h(
            "p",
            {},
            h("b", {}, `${count} would dangle: `),
            some.map((identity, at) => [at > 0 && ", ", name(identity)]),
            some.length === NAMED && " and others",
            ". They keep the reference, and lose what the role grants. Creating it again under the same SID heals them.",
          ),
      tooMany && h("p", {}, tooMany),
      summary && summary.flips.length > 0 && flips(workspace, summary),
    ],
    submit: "Delete role",
    danger: true,
    onsubmit: () => workspace.perform([["deleteRole", sid]], () => `Deleted ${friendlyName}; ${count} dangling.`),
  });
  shadow.ask({ preview: [["deleteRole", sid]] }).then(({ answer, refusal }) => {
    summary = answer;
    tooMany = refusal?.message;
    workspace.changed();
  });
}
