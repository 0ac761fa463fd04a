// @ts-check
import { byId, element } from "../dom.js";
import { listPermissions, words } from "../vocabulary.js";

/**
 * What the roles of the chosen user add up to.
 *
 * @param {import("../state.js").State} state
 */
export function permissionsPanel(state) {
  const roles = byId("roles", HTMLParagraphElement);
  const held = byId("held", HTMLUListElement);
  const lacking = byId("lacking", HTMLUListElement);

  state.subscribe(() => {
    const { service, ability, identity, channel } = state;
    const user = service.users().find((user) => user.identity === identity);
    const member =
      channel === undefined ? undefined : service.members(channel).find((member) => member.identity === identity);

    roles.replaceChildren(
      "Service role: ",
      element("b", {}, user ? roleName(state, user.roleSid) : "not a user here"),
      ` · ${words(service).noun} role: `,
      element(
        "b",
        {},
        member
          ? roleName(state, member.roleSid)
          : channel === undefined
            ? "none without one"
            : `not a ${words(service).member}`,
      ),
    );
    const permissions = listPermissions(service);
    held.replaceChildren(...chips(permissions.filter((permission) => ability.has(permission))));
    lacking.replaceChildren(...chips(permissions.filter((permission) => !ability.has(permission))));
  });
}

/** @param {string[]} permissions */
function chips(permissions) {
  if (permissions.length === 0) return [element("li", { class: "none" }, "None")];
  return permissions.map((permission) => element("li", {}, element("code", {}, permission)));
}

/**
 * @param {import("../state.js").State} state
 * @param {string | undefined} sid
 */
function roleName({ service }, sid) {
  if (!sid) return "none";
  return service.role(sid)?.friendlyName ?? `${sid}, which isn’t loaded`;
}
