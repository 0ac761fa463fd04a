// @ts-check
import { byId, element, withShortSids } from "../dom.js";
import { spoken, words } from "../vocabulary.js";

/** A list longer than this is cut: the preview shows what a person would see, and nobody sees ten thousand rows. */
const LIMIT = 12;

/** @typedef {import("rolecall").Action} Action */

/**
 * A small chat with only the controls that the chosen user may use.
 *
 * @param {import("../state.js").State} state
 */
export function previewPanel(state) {
  const chat = byId("chat", HTMLDivElement);
  const who = byId("preview-who", HTMLElement);
  const why = byId("why", HTMLSpanElement);
  const outline = byId("outline", HTMLInputElement);

  chat.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element && target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.channel !== undefined) state.ask({ channel: pressed.dataset.channel });
    else explain(/** @type {Action} */ (pressed.dataset.action), pressed.dataset.owner);
  });
  outline.addEventListener("change", draw);
  state.subscribe(draw);

  function draw() {
    who.textContent = state.identity || "nobody";
    why.replaceChildren();
    const focused = document.activeElement;
    const opened = focused instanceof HTMLElement && chat.contains(focused) ? focused.dataset.channel : undefined;
    chat.replaceChildren(rail(state, control), ...room(state, control));
    // Who opened a channel with the keyboard stays on its name.
    if (opened !== undefined) {
      const links = /** @type {NodeListOf<HTMLElement>} */ (chat.querySelectorAll("[data-channel]"));
      [...links].find((link) => link.dataset.channel === opened)?.focus();
    }
  }

  /**
   * @param {Action} action
   * @param {string | undefined} owner
   */
  function explain(action, owner) {
    const { allowed, message } = state.ability.explain(action, owner ?? null);
    why.replaceChildren(element("strong", {}, allowed ? "Shown. " : "Hidden. "), ...withShortSids(message));
  }

  /**
   * A button, or nothing where the user may not press it. The outlined form of a hidden one stays reachable,
   * so that everybody can ask why.
   *
   * @type {Control}
   */
  function control(label, action, { owner, about } = {}) {
    const asked = spoken(state.service, action);
    if (asked === undefined) return [];
    const hidden = !state.ability.explain(asked, owner ?? null).allowed;
    if (hidden && !outline.checked) return [];
    const name = [label, ...(about ? [about] : []), ...(hidden ? ["(hidden)"] : [])].join(" ");
    const button = element(
      "button",
      {
        type: "button",
        "data-action": asked,
        "data-owner": owner ?? undefined,
        "aria-label": name === label ? undefined : name,
        class: hidden ? "hidden-control" : undefined,
      },
      label,
    );
    return [button];
  }
}

/**
 * @callback Control
 * @param {string} label
 * @param {string} action its Chat name, or an application's own
 * @param {{ owner?: string | null, about?: string }} [target] `about`: what a screen reader adds to the label
 * @returns {HTMLButtonElement[]} one, or none
 */

/**
 * The channels that the user may see, and the user.
 *
 * @param {import("../state.js").State} state
 * @param {Control} control
 */
function rail(state, control) {
  const { service, identity } = state;
  const { channel, channels } = words(service);
  const view = /** @type {Action} */ (spoken(service, "viewChannel"));
  const visible = [];
  for (const listed of service.channels()) {
    if (service.ability(identity, listed.sid).explain(view).allowed) visible.push(listed);
    if (visible.length > LIMIT) break;
  }
  return element(
    "div",
    { class: "rail" },
    element("h3", {}, channels),
    element(
      "ul",
      {},
      ...visible.slice(0, LIMIT).map(({ sid, type }) =>
        element(
          "li",
          {},
          element(
            "button",
            {
              type: "button",
              class: "room-link",
              "data-channel": sid,
              "aria-current": sid === state.channel ? "true" : undefined,
            },
            element("bdi", {}, state.channelName(sid)),
            ...(type === "private" ? [" ", element("span", { class: "hint" }, "private")] : []),
          ),
        ),
      ),
      ...(visible.length > LIMIT ? [element("li", { class: "hint" }, "and more")] : []),
      ...(visible.length === 0 ? [element("li", { class: "hint" }, `No ${channels} to see`)] : []),
    ),
    ...toolbar("", control(`New ${channel}`, "createChannel")),
    element(
      "div",
      { class: "me" },
      element("b", {}, element("bdi", {}, identity)),
      ...control("Edit profile", "editUserInfo", { owner: identity }),
    ),
  );
}

/**
 * The channel that is open, if any.
 *
 * @param {import("../state.js").State} state
 * @param {Control} control
 * @returns {HTMLElement[]}
 */
function room(state, control) {
  const { service, ability, identity, channel } = state;
  const { channel: word, noun, members } = words(service);
  if (channel === undefined) {
    return [
      element("div", { class: "room closed" }, element("p", {}, `No ${word} is open: only the service role counts.`)),
    ];
  }
  const name = state.channelName(channel);
  const view = ability.explain(/** @type {Action} */ (spoken(service, "viewChannel")));
  const tools = [
    ...control("Rename", "editChannelName"),
    ...control("Edit topic", "editChannelAttributes"),
    ...control("Invite", "inviteMember"),
    ...control(`Add ${words(service).member}`, "addMember"),
    ...control("Add by phone", "addNonChatParticipant"),
    ...control("Notifications", "editNotificationLevel"),
    ...control("Leave", "leaveChannel"),
    ...control(`Delete ${word}`, "destroyChannel"),
  ];
  if (!view.allowed) {
    return [
      element(
        "div",
        { class: "room closed" },
        element("p", {}, element("bdi", {}, identity), ` does not see this ${word}.`),
        element("p", { class: "hint" }, ...withShortSids(view.message)),
        ...toolbar(`${noun} controls`, [...control("Join", "joinChannel"), ...tools]),
      ),
    ];
  }
  const fellows = service.members(channel);
  return [
    element(
      "div",
      { class: "room" },
      element(
        "div",
        { class: "bar" },
        element("h3", {}, element("bdi", {}, name)),
        ...toolbar(`${noun} controls`, tools),
      ),
      element(
        "ol",
        { class: "messages", "aria-label": "Messages" },
        message(state, control, state.somebodyElse, "Is the gate code still the old one?"),
        message(state, control, identity, "It changed on Monday. I’ll post the new one."),
        message(state, control, null, "The notice board was tidied up."),
      ),
      composer(control),
    ),
    element(
      "div",
      { class: "fellows" },
      element("h3", {}, members),
      element(
        "ul",
        {},
        ...fellows.slice(0, LIMIT).map((member) =>
          element(
            "li",
            {},
            element("b", {}, element("bdi", {}, member.identity)),
            element("span", { class: "hint" }, service.role(member.roleSid)?.friendlyName ?? "no role"),
            ...toolbar("", [
              ...control("Edit", "editMemberAttributes", {
                owner: member.identity,
                about: `${member.identity} here`,
              }),
              ...(member.identity === identity ? [] : control("Remove", "removeMember", { about: member.identity })),
            ]),
          ),
        ),
        ...(fellows.length > LIMIT ? [element("li", { class: "hint" }, `and ${fellows.length - LIMIT} more`)] : []),
      ),
    ),
  ];
}

/**
 * @param {import("../state.js").State} state
 * @param {Control} control
 * @param {string | null} author `null`: a system message
 * @param {string} text
 */
function message(state, control, author, text) {
  const kind = author === null ? "nobody" : author === state.identity ? "self" : "other";
  const about = { nobody: "the system message", self: "the own message", other: `the message of ${author}` }[kind];
  const target = { owner: author, about };
  return element(
    "li",
    { class: `post ${kind}`, "data-asked": kind === state.whose },
    element("p", { class: "author" }, author === null ? "System" : element("bdi", {}, author)),
    element("p", { class: "bubble" }, text),
    ...toolbar(`Controls of ${about}`, [
      ...control("React", "editMessageAttributes", target),
      ...control("Edit", "editMessage", target),
      ...control("Delete", "deleteMessage", target),
      ...state.ownActions.flatMap((action) => control(action, action, target)),
    ]),
  );
}

/** @param {Control} control */
function composer(control) {
  const send = control("Send", "sendMessage");
  const controls = [...control("Join", "joinChannel"), ...control("Attach", "sendMediaMessage"), ...send];
  const writable = send.some((button) => !button.classList.contains("hidden-control"));
  return element(
    "div",
    { class: "composer" },
    writable
      ? element("input", { type: "text", "aria-label": "Message", placeholder: "Write a message", autocomplete: "off" })
      : element("p", { class: "hint" }, "There is no message box here."),
    ...toolbar("", controls),
  );
}

/**
 * @param {string} label for a screen reader; empty where the place says it
 * @param {HTMLElement[]} controls
 * @returns {HTMLElement[]} nothing, when there are no controls
 */
function toolbar(label, controls) {
  if (controls.length === 0) return [];
  return [
    element(
      "div",
      { class: "tools", role: label ? "group" : undefined, "aria-label": label || undefined },
      ...controls,
    ),
  ];
}
