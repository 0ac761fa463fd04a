// @ts-check
import { byId, element, radios } from "../dom.js";
import { words } from "../vocabulary.js";

/** A SID that no payload has, to see how a channel that was never loaded is answered. */
const NEVER_LOADED = "CH-never-loaded";

/**
 * Who, where and whose.
 *
 * @param {import("../state.js").State} state
 */
export function questionPanel(state) {
  const who = byId("who", HTMLSelectElement);
  const stranger = byId("stranger", HTMLInputElement);
  const where = byId("where", HTMLSelectElement);
  const whereLabel = byId("where-label", HTMLLabelElement);

  // Options are told apart by position: an identity or a SID may be any text, the empty one too.
  /** @type {string[]} */ let identities = [];
  /** @type {(string | undefined)[]} */ let channels = [];

  who.addEventListener("change", () => {
    const identity = identities[who.selectedIndex];
    if (identity === undefined) stranger.focus();
    else {
      stranger.value = "";
      state.ask({ identity });
    }
  });
  stranger.addEventListener("input", () => {
    state.ask({ identity: stranger.value || (identities[0] ?? "") });
  });
  where.addEventListener("change", () => state.ask({ channel: channels[where.selectedIndex] }));
  const whose = radios("whose", (value) => state.ask({ whose: /** @type {import("../state.js").Whose} */ (value) }));

  state.subscribe(() => {
    const { service } = state;
    const { channel, noun } = words(service);

    identities = service.users().map(({ identity }) => identity);
    fill(who, [...identities, "someone who isn’t loaded"]);
    who.selectedIndex = identities.includes(state.identity) ? identities.indexOf(state.identity) : identities.length;
    if (identities.includes(state.identity)) stranger.value = stranger.value === state.identity ? stranger.value : "";

    const listed = service.channels();
    channels = [...listed.map(({ sid }) => sid), undefined, NEVER_LOADED];
    fill(where, [
      ...listed.map(({ sid, type }) => `${state.channelName(sid)} (${type})`),
      `no ${channel}`,
      `a ${channel} that isn’t loaded`,
    ]);
    where.selectedIndex = channels.indexOf(state.channel);
    whereLabel.textContent = `In which ${noun.toLowerCase()}`;

    for (const input of whose) input.checked = input.value === state.whose;
  });
}

/**
 * Leaves a list that is already right alone, so that one that is open stays open.
 *
 * @param {HTMLSelectElement} select
 * @param {string[]} texts
 */
function fill(select, texts) {
  const shown = [...select.options].map(({ text }) => text);
  if (shown.length === texts.length && shown.every((text, index) => text === texts[index])) return;
  select.replaceChildren(...texts.map((text) => element("option", {}, text)));
}
