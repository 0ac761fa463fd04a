// @ts-check
import { ATTACH, CREATE, JOIN, MEMBER_ACTS, MESSAGE_ACTS, ownAct, PROFILE, ROOM_ACTS, SEND } from "../acts.js";
import { h } from "../render.js";
import { words } from "../vocabulary.js";
import { chosen, field, identityField } from "./dialog.js";
import { atQuestionMark, avatar, icon, name, plural, segments, select } from "./parts.js";

/**
 * @typedef {import("../acts.js").Act} Act
 * @typedef {import("../acts.js").Place} Place
 * @typedef {import("../chat.js").Message} Message
 * @typedef {import("../render.js").Children} Children
 * @typedef {import("../workspace.js").Asked} Asked
 * @typedef {import("../workspace.js").Workspace} Workspace
 *
 * @typedef {object} Page
 * @property {Workspace} workspace
 * @property {import("../draft.js").Draft} draft
 * @property {import("./dialog.js").Dialog} dialog
 * @property {import("./why.js").Why} why
 */

/** Nobody reads longer lists in a chat: there are other ways to find somebody. */
const SHOWN = { channels: 24, members: 12, messages: 40, choices: 30 };

/** What stands in a list for somebody who is not in it. */
const SOMEBODY = "\u0000";

/**
 * The chat, as two people see it.
 *
 * @param {Page} page
 */
export function chatView(page) {
  const { workspace } = page;
  return [
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "chat-title" }, "Chat"),
      segments(
        "Denied controls are",
        "denied",
        [
          ["hidden", "Hidden"],
          ["disabled", "Disabled"],
        ],
        workspace.disabled ? "disabled" : "hidden",
        (value) => workspace.look({ disabled: value === "disabled" }),
      ),
    ),
    h(
      "div",
      { class: "seats" },
      ...workspace.seats.map((identity, seat) => seatView(page, identity, /** @type {0 | 1} */ (seat))),
    ),
  ];
}

/**
 * @param {Page} page
 * @param {string} identity
 * @param {0 | 1} seat
 */
function seatView(page, identity, seat) {
  const { workspace } = page;
  const { channel = "" } = workspace;
  return h(
    "section",
    { class: "seat", "aria-label": `The chat as ${identity} sees it`, key: seat, tabindex: "-1" },
    h(
      "header",
      { class: "seat-head" },
      avatar(identity),
      h(
        "div",
        { class: "who" },
        select(
          { "aria-label": seat === 0 ? "Who is on the left" : "Who is on the right" },
          choices(workspace, identity),
          identity,
          (value) => (value === SOMEBODY ? askWho(page, seat) : workspace.sit(seat, value)),
        ),
        h("p", { class: "standing" }, rolesOf(workspace, identity)),
      ),
      control(page, PROFILE, { workspace, identity, channel, member: identity }),
    ),
    h("nav", { class: "channels", "aria-label": `What ${identity} may see` }, channels(page, identity)),
    room(page, { workspace, identity, channel }),
  );
}

/**
 * Who can be chosen at once: the members of the channel before any user.
 *
 * @param {Workspace} workspace
 * @param {string} identity
 * @returns {[string, string][]}
 */
function choices({ room, register }, identity) {
  const found = new Set([identity]);
  for (const source of [room?.members.keys() ?? [], register.users.keys()]) {
    for (const each of source) {
      if (found.size >= SHOWN.choices) break;
      found.add(each);
    }
  }
  return [
    ...[...found].sort().map((each) => /** @type {[string, string]} */ ([each, each || "nobody"])),
    [SOMEBODY, "Somebody else …"],
  ];
}

/**
 * @param {Page} page
 * @param {0 | 1} seat
 */
function askWho({ workspace, dialog }, seat) {
  // The list shows the choice that was not made.
  workspace.changed();
  dialog.ask({
    title: "Whose view?",
    body: () => identityField(workspace, "Any identity, known or not"),
    submit: "Show",
    onsubmit: ({ identity = "" }) => workspace.sit(seat, identity),
  });
}

/**
 * @param {Workspace} workspace
 * @param {string} identity
 */
function rolesOf(workspace, identity) {
  const { register, room } = workspace;
  const called = (/** @type {string | undefined} */ sid, /** @type {string} */ none) =>
    sid === undefined ? none : name(workspace.role(sid)?.friendlyName ?? "a deleted role");
  const { member } = words(workspace.service);
  return [
    called(register.users.get(identity), "not a user"),
    " · ",
    called(room?.members.get(identity), `not a ${member}`),
  ];
}

/**
 * The channels that somebody may see.
 *
 * @param {Page} page
 * @param {string} identity
 */
function channels(page, identity) {
  const { workspace } = page;
  const action = /** @type {import("rolecall").Action} */ (workspace.spoken("viewChannel"));
  const visible = [];
  for (const { sid, type, invites } of workspace.register.rooms.values()) {
    if (visible.length === SHOWN.channels) break;
    if (workspace.may({ identity, channel: sid, action, owner: undefined })) visible.push({ sid, type, invites });
  }
  return h(
    "ul",
    {},
    ...visible.map(({ sid, type, invites }) =>
      h(
        "li",
        { key: sid },
        h(
          "button",
          {
            type: "button",
            class: "channel",
            "aria-current": sid === workspace.channel ? "true" : null,
            onclick: () => workspace.look({ channel: sid }),
          },
          type === "private" ? icon("lock") : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
          name(workspace.chat.name(sid)),
          type === "private" && h("span", { class: "unseen" }, " private"),
          invites.has(identity) && [" ", h("span", { class: "badge" }, "invited")],
        ),
      ),
    ),
    visible.length === 0 && h("li", { class: "hint" }, `No ${words(workspace.service).channels} to see`),
    listed(control(page, CREATE, { workspace, identity, channel: "" }, { text: true })),
  );
}

/** @param {Children} shown */
const listed = (shown) => shown && h("li", { key: "act" }, shown);

/**
 * The channel that is open, if this person may see it.
 *
 * @param {Page} page
 * @param {Place} place
 */
function room(page, place) {
  const { workspace, identity, channel } = place;
  const said = words(workspace.service);
  const action = /** @type {import("rolecall").Action} */ (workspace.spoken("viewChannel"));
  const asked = { identity, channel, action, owner: undefined };
  const open = workspace.room;
  const acts = ROOM_ACTS.map((act) => control(page, act, place));
  if (!open) return h("div", { class: "closed", key: "none" }, h("p", {}, `Choose a ${said.channel}.`));
  if (!workspace.may(asked)) {
    return h(
      "div",
      { class: "closed", key: "closed" },
      icon("lock"),
      h("p", {}, name(identity), ` does not see this ${said.channel}.`),
      h("button", { type: "button", onclick: why(page, asked) }, "Why?"),
      h("div", { class: "tools" }, control(page, JOIN, place, { text: true }), acts),
    );
  }
  const talk = workspace.chat.talk(channel, open.members.keys());
  const messages = talk.messages.slice(-SHOWN.messages);
  const messageActs = [...MESSAGE_ACTS, ...workspace.rules.ownActions.map(({ action }) => ownAct(action))].map(
    (act) => ({
      act,
      action: /** @type {import("rolecall").Action} */ (workspace.spoken(act.action)),
    }),
  );
  const answers = workspace.service.ability(identity, channel).canEach(
    messageActs.map((each) => each.action),
    messages.map(({ author }) => author),
  );
  return h(
    "div",
    { class: "room", key: channel },
    h(
      "div",
      { class: "room-head" },
      h(
        "div",
        { class: "room-name" },
        h(
          "h3",
          {},
          name(workspace.chat.name(channel)),
          talk.muted.has(identity) && h("span", { class: "badge" }, "muted"),
        ),
        h("p", { class: "hint" }, talk.topic ? name(talk.topic) : `${open.type} ${said.channel}`),
      ),
      h("div", { class: "tools", role: "group", "aria-label": `Controls of the ${said.channel}` }, acts),
    ),
    fellows(page, place, open),
    h(
      "div",
      { class: "log", tabindex: "0", role: "group", "aria-label": "Messages" },
      h(
        "ol",
        {},
        ...messages.map((message, index) =>
          messageView(
            page,
            { ...place, message },
            messageActs.map(({ act, action }) => ({ act, allowed: answers[index]?.[action] ?? false })),
          ),
        ),
        messages.length === 0 && h("li", { class: "hint", key: "none" }, "No messages yet."),
      ),
    ),
    composer(page, place),
  );
}

/**
 * @param {Page} page
 * @param {Place} place
 * @param {import("../register.js").Room} open
 */
function fellows(page, place, { members }) {
  const { workspace, identity } = place;
  const said = words(workspace.service);
  const shown = [];
  for (const [member, role] of members) if (shown.push({ member, role }) === SHOWN.members) break;
  const rest = members.size - shown.length;
  return h(
    "details",
    { class: "fellows" },
    h("summary", {}, icon("members"), plural(members.size, said.member)),
    h(
      "ul",
      {},
      ...shown.map(({ member, role }) =>
        h(
          "li",
          { key: member },
          avatar(member),
          h(
            "div",
            { class: "who" },
            h("b", {}, name(workspace.chat.people.get(member) ?? member)),
            h("p", { class: "hint" }, name(workspace.role(role)?.friendlyName ?? "a deleted role")),
          ),
          h(
            "div",
            { class: "tools" },
            member !== identity && control(page, PROFILE, { ...place, member }, { about: member }),
            MEMBER_ACTS.map((act) => control(page, act, { ...place, member }, { about: member })),
          ),
        ),
      ),
      rest > 0 && h("li", { class: "hint", key: "rest" }, `and ${rest.toLocaleString("en")} more`),
    ),
  );
}

/**
 * @param {Page} page
 * @param {Place & { message: Message }} place
 * @param {{ act: Act, allowed: boolean }[]} acts
 */
function messageView(page, place, acts) {
  const { workspace, identity, message } = place;
  const { id, author, at, body, file, edited, reactions, marks } = message;
  const about = author === null ? "the system’s message" : `the message of ${author}`;
  return h(
    "li",
    { class: `post ${author === null ? "system" : author === identity ? "own" : "other"}`, key: id },
    author === null ? h("span", { class: "avatar none", "aria-hidden": "true" }) : avatar(author),
    h(
      "div",
      { class: "said" },
      h(
        "p",
        { class: "author" },
        h("b", {}, author === null ? "System" : name(workspace.chat.people.get(author) ?? author)),
        " ",
        h("span", { class: "hint" }, at, edited && " · edited"),
      ),
      body && h("p", { class: "body", dir: "auto" }, body),
      file && h("p", { class: "attachment" }, h("span", { class: "photo", "aria-hidden": "true" }), file),
      (reactions.size > 0 || marks.length > 0) &&
        h(
          "p",
          { class: "badges" },
          reactions.size > 0 &&
            h(
              "span",
              { class: "badge" },
              h("span", { "aria-hidden": "true" }, "♥ "),
              plural(reactions.size, "reaction"),
            ),
          marks.map((mark) => h("span", { class: "badge" }, icon("pin"), mark)),
        ),
    ),
    h(
      "div",
      { class: "tools", role: "group", "aria-label": `Controls of ${about}` },
      acts.map(({ act, allowed }) => control(page, act, place, { about, allowed })),
    ),
  );
}

/**
 * @param {Page} page
 * @param {Place} place
 */
function composer(page, place) {
  const { workspace, identity, channel } = place;
  const action = /** @type {import("rolecall").Action} */ (workspace.spoken(SEND.action));
  const writes = workspace.may({ identity, channel, action, owner: undefined });
  return h(
    "form",
    {
      class: "composer",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.target);
        const body = String(new FormData(form).get("body") ?? "").trim();
        if (body === "" || !perform(page, SEND, place, { body })) return;
        form.reset();
      },
    },
    control(page, ATTACH, place),
    writes || workspace.disabled
      ? h("input", {
          ...{ type: "text", name: "body", "aria-label": `Message from ${identity}`, autocomplete: "off" },
          ...{ placeholder: writes ? "Write a message" : `${identity} may not write here`, disabled: !writes },
        })
      : h("p", { class: "hint" }, name(identity), " may not write here."),
    workspace.room?.members.has(identity) ? null : control(page, JOIN, place, { text: true }),
    control(page, SEND, place, { submit: true }),
  );
}

/**
 * A button that is there if the action is allowed; else hidden, or disabled, in which case it explains itself.
 *
 * @param {Page} page
 * @param {Act} act
 * @param {Place} place
 * @param {object} [how]
 * @param {string} [how.about] what a screen reader adds to the label
 * @param {boolean} [how.text] the label is on screen
 * @param {boolean} [how.submit] it submits the form around it
 * @param {boolean} [how.allowed] the answer, where it is known
 * @returns {Children}
 */
function control(page, act, place, { about, text, submit, allowed: known } = {}) {
  const { workspace } = place;
  const asked = questionOf(act, place);
  if (!asked) return null;
  const allowed = known ?? workspace.may(asked);
  if (!allowed && !workspace.disabled && !workspace.asking) return null;
  const label = act.label(words(workspace.service));
  const explain = why(page, asked);
  const does = submit && allowed && !workspace.asking;
  return h(
    "button",
    {
      key: act.action,
      type: does ? "submit" : "button",
      class: text ? "control" : "control icon-button",
      title: text ? null : label,
      "aria-label": text && !about ? null : about ? `${label}: ${about}` : label,
      "aria-disabled": allowed ? null : "true",
      "data-action": asked.action,
      onclick: allowed && !workspace.asking ? (does ? null : () => begin(page, act, place)) : explain,
      onkeydown: atQuestionMark(explain),
    },
    icon(act.icon),
    text && label,
  );
}

/**
 * @param {Act} act
 * @param {Place} place
 * @returns {Asked | undefined} nothing where the service's dialect has no such action
 */
function questionOf(act, place) {
  const { workspace, identity, channel } = place;
  const action = workspace.spoken(act.action);
  return action && { identity, channel: act.anywhere ? undefined : channel, action, owner: act.owner?.(place) };
}

/**
 * @param {Page} page
 * @param {Asked} asked
 * @returns {(event: Event) => void}
 */
const why = (page, asked) => (event) => page.why.tell({ asked }, /** @type {HTMLElement} */ (event.currentTarget));

/**
 * Asks the person first, where there is something to ask.
 *
 * @param {Page} page
 * @param {Act} act
 * @param {Place} place
 */
function begin(page, act, place) {
  const { workspace, dialog } = page;
  const said = words(workspace.service);
  const fields = act.asks?.(place) ?? [];
  if (fields.length === 0 && !act.danger) return void perform(page, act, place, {});
  dialog.ask({
    title: `${act.label(said)}?`,
    body: () => [
      act.danger && h("p", {}, "Everybody loses it, with its messages."),
      fields.map(({ name, label, value, kind }) =>
        kind === "identity"
          ? identityField(workspace, label)
          : kind === "type"
            ? chosen(label, name, [
                ["public", "Everybody who may join"],
                ["private", "Only who is invited"],
              ])
            : field(label, name, { initial: value ?? "" }),
      ),
    ],
    submit: act.label(said),
    danger: act.danger ?? false,
    onsubmit: (answers) => void perform(page, act, place, answers),
  });
}

/**
 * @param {Page} page
 * @param {Act} act
 * @param {Place} place
 * @param {Record<string, string>} answers
 */
function perform({ workspace }, act, place, answers) {
  const asked = questionOf(act, place);
  if (!asked) return false;
  const done = workspace.attempt(
    asked,
    () => act.edits(place, answers),
    () => act.news(place, answers),
  );
  if (done && act === CREATE) workspace.look({ channel: [...workspace.register.rooms.keys()].at(-1) });
  return done;
}
