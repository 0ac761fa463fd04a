// @ts-check
import { bind } from "rolecall/dom";
import { ATTACH, CREATE, JOIN, MEMBER_ACTS, MESSAGE_ACTS, ownAct, PROFILE, ROOM_ACTS, SEND } from "../acts.js";
import { h } from "../render.js";
import { words } from "../vocabulary.js";
import { chosen, field, identityField } from "./dialog.js";
import { atQuestionMark, avatar, icon, name, plural, segments, select, withShortSids } from "./parts.js";

/**
 * @typedef {import("../acts.js").Act} Act
 * @typedef {import("../acts.js").Context} Context
 * @typedef {import("../chat.js").Message} Message
 * @typedef {import("../render.js").Children} Children
 * @typedef {import("../workspace.js").Question} Question
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

/** The value of “Somebody else …” in the list of people. */
const SOMEBODY = "\u0000";

/** @type {import("rolecall").ChannelState[]} */
const STATES = ["active", "inactive", "closed", "initializing"];

/**
 * The binding of each seat.
 *
 * @type {{ element: Element | undefined, ability: import("rolecall").Ability | undefined, stop: () => void }[]}
 */
const bindings = [];

/** The sentences that describe denied controls, each once, and their ids. @type {Map<string, string>} */
const reasons = new Map();

/**
 * Has `rolecall/dom` hide the controls that each of the two may not press. Where they stay, it is kept out: a press of
 * a denied control explains it here, and `rolecall/dom` lets no press through.
 *
 * @param {Workspace} workspace
 */
export function bindSeats({ service, seats, room, asking, disabled }) {
  const elements = document.querySelectorAll(".seat");
  for (const [seat, identity] of seats.entries()) {
    const element = elements[seat];
    const ability = element && !asking && !disabled ? service.ability(identity, room?.sid) : undefined;
    const bound = bindings[seat];
    if (bound && bound.element === element && bound.ability === ability) continue;
    bound?.stop();
    bindings[seat] = { element, ability, stop: element && ability ? bind(element, ability) : () => {} };
  }
}

/**
 * The chat, as two people see it.
 *
 * @param {Page} page
 */
export function chatView(page) {
  const { workspace } = page;
  reasons.clear();
  return [
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "chat-title" }, "Chat"),
      workspace.room && stateOf(page, workspace.room),
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
    h("div", { hidden: true }, ...[...reasons].map(([sentence, id]) => h("p", { id }, sentence))),
  ];
}

/**
 * The state of the channel that is open. At Twilio the back end or a timer sets it: no permission is for that.
 *
 * @param {Page} page
 * @param {import("../register.js").Room} room
 */
function stateOf({ workspace }, { sid, state }) {
  const { channel } = words(workspace.service);
  const set = (/** @type {string} */ to) =>
    workspace.perform([["setChannelState", sid, to]], () => `${workspace.chat.name(sid)} is ${to} now.`);
  return h(
    "div",
    { class: "pick" },
    h("label", { for: "state" }, `The ${channel} is`),
    select({ id: "state" }, options(state), state, set),
  );
}

/** The states, and one that is none of them but was loaded. @param {string} state @returns {[string, string][]} */
const options = (state) => [...new Set([...STATES, state])].map((each) => [each, each]);

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
    sid === undefined ? none : roleName(workspace, sid);
  const { member } = words(workspace.service);
  return [
    called(register.users.get(identity), "not a user"),
    " · ",
    called(room?.members.get(identity), `not a ${member}`),
  ];
}

/**
 * @param {Workspace} workspace
 * @param {string} sid empty: no role
 */
const roleName = (workspace, sid) => (sid ? name(workspace.role(sid)?.friendlyName ?? "a deleted role") : "no role");

/**
 * The channels that somebody may see.
 *
 * @param {Page} page
 * @param {string} identity
 */
function channels(page, identity) {
  const { workspace } = page;
  const action = /** @type {import("rolecall").Action} */ (workspace.inDialect("viewChannel"));
  const visible = [];
  for (const room of workspace.register.rooms.values()) {
    if (visible.length === SHOWN.channels) break;
    if (workspace.may({ identity, channel: room.sid, action, owner: undefined })) visible.push(room);
  }
  return h(
    "ul",
    {},
    ...visible.map(({ sid, type, state, invites }) =>
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
          state !== "active" && [" ", h("span", { class: "badge" }, state)],
        ),
      ),
    ),
    visible.length === 0 && h("li", { class: "hint" }, `No ${words(workspace.service).channels} to see`),
    h("li", { key: "act" }, control(page, CREATE, { workspace, identity, channel: "" }, { text: true })),
  );
}

/**
 * The channel that is open, if this person may see it.
 *
 * @param {Page} page
 * @param {Context} context
 */
function room(page, context) {
  const { workspace, identity, channel } = context;
  const terms = words(workspace.service);
  const action = /** @type {import("rolecall").Action} */ (workspace.inDialect("viewChannel"));
  const question = { identity, channel, action, owner: undefined };
  const open = workspace.room;
  const sees = workspace.may(question);
  const acts = ROOM_ACTS.map((act) => control(page, act, context, { text: !sees && !workspace.disabled }));
  if (!open) return h("div", { class: "closed", key: "none" }, h("p", {}, `Choose a ${terms.channel}.`));
  if (!sees) {
    return h(
      "div",
      { class: "closed", key: "closed" },
      icon("lock"),
      h("p", {}, name(identity), ` does not see this ${terms.channel}.`),
      h("button", { type: "button", onclick: why(page, question) }, "Why?"),
      h("div", { class: "tools" }, control(page, JOIN, context, { text: true }), acts),
    );
  }
  const talk = workspace.chat.talk(channel, open.members.keys());
  const messages = talk.messages.slice(-SHOWN.messages);
  const messageActs = [...MESSAGE_ACTS, ...workspace.rules.ownActions.map(({ action }) => ownAct(action))];
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
        h(
          "p",
          { class: "hint" },
          talk.topic
            ? name(talk.topic)
            : `${open.type} ${terms.channel}${open.state === "active" ? "" : `, ${open.state}`}`,
        ),
      ),
      h("div", { class: "tools", role: "group", "aria-label": `Controls of the ${terms.channel}` }, acts),
    ),
    fellows(page, context, open, talk.phones),
    h(
      "div",
      { class: "log", tabindex: "0", role: "group", "aria-label": "Messages" },
      h(
        "ol",
        {},
        ...messages.map((message) => messageView(page, { ...context, message }, messageActs)),
        messages.length === 0 && h("li", { class: "hint", key: "none" }, "No messages yet."),
      ),
    ),
    composer(page, context),
  );
}

/**
 * @param {Page} page
 * @param {Context} context
 * @param {import("../register.js").Room} open
 * @param {string[]} phones
 */
function fellows(page, context, { members }, phones) {
  const { workspace, identity } = context;
  const terms = words(workspace.service);
  const shown = [];
  for (const [member, role] of members) if (shown.push({ member, role }) === SHOWN.members) break;
  const rest = members.size - shown.length;
  return h(
    "details",
    { class: "fellows" },
    h("summary", {}, icon("members"), plural(members.size, terms.member)),
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
            h("p", { class: "hint" }, roleName(workspace, role)),
          ),
          h(
            "div",
            { class: "tools" },
            member !== identity && control(page, PROFILE, { ...context, member }, { about: member }),
            MEMBER_ACTS.map((act) => control(page, act, { ...context, member }, { about: member })),
          ),
        ),
      ),
      rest > 0 && h("li", { class: "hint", key: "rest" }, `and ${rest.toLocaleString("en")} more`),
      phones.map((number) =>
        h("li", { key: `phone ${number}` }, icon("phone"), number, h("span", { class: "hint" }, "by phone: no user")),
      ),
    ),
  );
}

/**
 * @param {Page} page
 * @param {Context & { message: Message }} context
 * @param {Act[]} acts
 */
function messageView(page, context, acts) {
  const { workspace, identity, message } = context;
  const { id, author, at, body, file, edited, reactions, marks } = message;
  const about = author === null ? "the system’s message" : `the message of ${author}`;
  return h(
    "li",
    { class: `post ${author === null ? "system" : author === identity ? "own" : "other"}`, key: id },
    author === null ? h("span", { class: "avatar none", "aria-hidden": "true" }) : avatar(author),
    h(
      "div",
      { class: "content" },
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
      acts.map((act) => control(page, act, context, { about })),
    ),
  );
}

/**
 * @param {Page} page
 * @param {Context} context
 */
function composer(page, context) {
  const { workspace, identity, channel } = context;
  const action = /** @type {import("rolecall").Action} */ (workspace.inDialect(SEND.action));
  const { allowed: writes, message } = workspace.service.ability(identity, channel).explain(action, undefined);
  return h(
    "form",
    {
      class: "composer",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.target);
        const body = String(new FormData(form).get("body") ?? "").trim();
        if (body === "" || !perform(page, SEND, context, { body })) return;
        form.reset();
      },
    },
    control(page, ATTACH, context),
    writes || workspace.disabled
      ? h("input", {
          ...{ type: "text", name: "body", "aria-label": `Message from ${identity}`, autocomplete: "off" },
          ...{ placeholder: writes ? "Write a message" : `${identity} may not write here`, readonly: !writes },
          ...(!writes && { "aria-disabled": "true", "aria-describedby": describing(message) }),
        })
      : h("p", { class: "hint" }, withShortSids(message)),
    workspace.room?.members.has(identity) ? null : control(page, JOIN, context, { text: true }),
    control(page, SEND, context, { submit: true }),
  );
}

/** The id of what says that sentence. @param {string} sentence */
function describing(sentence) {
  const id = reasons.get(sentence) ?? `reason-${reasons.size}`;
  reasons.set(sentence, id);
  return id;
}

/**
 * A button that {@link bindSeats} hides where it is denied; or else it has the reason, and tells it when it is pressed.
 *
 * @param {Page} page
 * @param {Act} act
 * @param {Context} context
 * @param {object} [how]
 * @param {string} [how.about] what a screen reader adds to the label
 * @param {boolean} [how.text] the label is on screen
 * @param {boolean} [how.submit] it submits the form around it
 * @returns {Children}
 */
function control(page, act, context, { about, text, submit } = {}) {
  const { asking, disabled, service } = context.workspace;
  const question = questionFor(act, context);
  if (!question) return null;
  const { identity, channel, action, owner } = question;
  const label = act.label(words(service));
  const explain = why(page, question);
  const denied = (asking || disabled) && !context.workspace.may(question);
  const reason = denied ? service.ability(identity, channel).explain(action, owner ?? null).message : null;
  const explains = asking || denied;
  return h(
    "button",
    {
      key: act.action,
      type: submit && !explains ? "submit" : "button",
      class: text ? "control" : "control icon-button",
      title: reason ?? (text ? null : label),
      "aria-label": text && !about ? null : about ? `${label}: ${about}` : label,
      "data-can": action,
      "data-can-owner": owner,
      "aria-disabled": denied ? "true" : null,
      "aria-describedby": reason && describing(reason),
      onclick: explains ? explain : submit ? null : () => begin(page, act, context),
      onkeydown: atQuestionMark(explain),
    },
    icon(act.icon),
    text && label,
  );
}

/**
 * @param {Act} act
 * @param {Context} context
 * @returns {Question | undefined} `undefined` where the service's dialect has no such action
 */
function questionFor(act, context) {
  const { workspace, identity, channel } = context;
  const action = workspace.inDialect(act.action);
  return action && { identity, channel: act.anywhere ? undefined : channel, action, owner: act.owner?.(context) };
}

/**
 * @param {Page} page
 * @param {Question} question
 * @returns {(event: Event) => void}
 */
const why = (page, question) => (event) =>
  page.why.show({ question }, /** @type {HTMLElement} */ (event.currentTarget));

/**
 * Asks the person first, where there is something to ask.
 *
 * @param {Page} page
 * @param {Act} act
 * @param {Context} context
 */
function begin(page, act, context) {
  const { workspace, dialog } = page;
  const terms = words(workspace.service);
  const fields = act.asks?.(context) ?? [];
  if (fields.length === 0 && !act.danger) return void perform(page, act, context, {});
  dialog.ask({
    title: `${act.label(terms)}?`,
    body: () => [
      act.danger && h("p", {}, "Everybody loses it, with its messages."),
      fields.map(({ name, label, value, kind }) =>
        kind === "identity"
          ? identityField(workspace, label)
          : kind === "role"
            ? chosen(label, name, channelRoles(workspace))
            : kind === "type"
              ? chosen(label, name, [
                  ["public", "Everybody who may join"],
                  ["private", "Only who is invited"],
                ])
              : field(label, name, { initial: value ?? "" }),
      ),
    ],
    submit: act.label(terms),
    danger: act.danger ?? false,
    onsubmit: (answers) => void perform(page, act, context, answers),
  });
}

/** The roles of a channel, the default one first. @param {Workspace} workspace @returns {[string, string][]} */
function channelRoles(workspace) {
  const isDefault = (/** @type {string} */ sid) => Number(sid === workspace.rules.defaults.member);
  return workspace
    .rolesOf("channel")
    .sort((one, other) => isDefault(other.sid) - isDefault(one.sid))
    .map(({ sid, friendlyName }) => [sid, friendlyName]);
}

/**
 * @param {Page} page
 * @param {Act} act
 * @param {Context} context
 * @param {Record<string, string>} answers
 */
function perform({ workspace }, act, context, answers) {
  const question = questionFor(act, context);
  if (!question) return false;
  const done = workspace.attempt(
    question,
    () => act.edits(context, answers),
    () => act.news(context, answers),
  );
  if (done && act === CREATE) workspace.look({ channel: [...workspace.register.rooms.keys()].at(-1) });
  return done;
}
