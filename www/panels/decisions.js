// @ts-check
import { byId, element, radios, withShortSids } from "../dom.js";
import { words } from "../vocabulary.js";

/** @typedef {import("rolecall").Decision} Decision */

/**
 * Every action, allowed or denied, and why.
 *
 * @param {import("../state.js").State} state
 */
export function decisionsPanel(state) {
  const ledger = byId("ledger", HTMLDivElement);
  const tally = byId("tally", HTMLParagraphElement);
  radios("shown", (value) => ledger.setAttribute("data-shown", value));

  state.subscribe(() => {
    const { channels, members } = words(state.service);
    /** @type {Record<import("../vocabulary.js").Group, string>} */
    const titles = {
      channels: sentence(channels),
      people: "The user",
      messages: "Messages",
      members: sentence(members),
      application: "This application’s own",
    };
    const decided = state.actions.map((action) => ({
      ...action,
      decision: state.ability.explain(action.name, state.owner),
    }));
    const allowed = decided.filter(({ decision }) => decision.allowed).length;
    const place = state.channel === undefined ? `no ${words(state.service).channel}` : state.channelName(state.channel);

    tally.replaceChildren(
      element("bdi", {}, state.identity),
      ", in ",
      element("bdi", {}, place),
      `: ${allowed} of ${decided.length} allowed`,
    );
    ledger.replaceChildren(
      ...Object.entries(titles).flatMap(([group, title]) => {
        const rows = decided.filter((action) => action.group === group);
        const answers = new Set(rows.map(({ decision }) => (decision.allowed ? "allowed" : "denied")));
        if (rows.length === 0) return [];
        return [
          element(
            "section",
            { class: "group card", "data-holds": [...answers].join(" ") },
            element("h3", {}, title),
            element("ul", {}, ...rows.map(({ name, owned, decision }) => row(name, owned, decision))),
          ),
        ];
      }),
      element("p", { class: "none none-allowed" }, "Nothing is allowed."),
      element("p", { class: "none none-denied" }, "Nothing is denied."),
    );
    ledger.classList.toggle("all-denied", allowed === 0);
    ledger.classList.toggle("all-allowed", allowed === decided.length);
  });
}

/**
 * @param {string} name
 * @param {boolean} owned
 * @param {Decision} decision
 */
function row(name, owned, decision) {
  const answer = decision.allowed ? "allowed" : "denied";
  return element(
    "li",
    { class: answer, "data-action": name },
    element(
      "p",
      { class: "verdict" },
      element(
        "span",
        {},
        element("code", { class: "verdict-action" }, name),
        ...(owned ? [" ", element("span", { class: "hint" }, "asks whose")] : []),
      ),
      element("strong", { class: "verdict-answer" }, sentence(answer)),
    ),
    element("p", { class: "message" }, ...withShortSids(decision.message)),
    element(
      "ul",
      { class: "facts" },
      ...facts(decision).map(([term, value]) => element("li", {}, `${term} `, element("code", {}, value))),
    ),
  );
}

/**
 * @param {Decision} decision
 * @returns {[term: string, value: string][]}
 */
function facts(decision) {
  if (decision.allowed) {
    const { role, permission } = decision;
    return [
      ...(role ? [/** @type {[string, string]} */ (["role", role.friendlyName])] : []),
      ...(permission ? [/** @type {[string, string]} */ (["permission", permission])] : []),
    ];
  }
  const { reason, missing, status, twilioCode } = decision;
  return [
    ["reason", reason],
    ...missing.map((permission) => /** @type {[string, string]} */ (["missing", permission])),
    ["status", String(status)],
    ["Twilio error", String(twilioCode)],
  ];
}

/** @param {string} word */
function sentence(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
