import { useSyncExternalStore } from "react";
import { useCan } from "rolecall/react";

export function Participants({ service, channel, ability, onRemove }) {
  useSyncExternalStore(
    service.subscribe,
    () => service.version,
    () => service.version,
  );
  const mayRemove = useCan(ability, "removeParticipant");
  return (
    <ul>
      {service.members(channel).map(({ identity, roleSid }) => (
        <li key={identity}>
          {identity}, {service.role(roleSid)?.friendlyName ?? "without a role"}
          {mayRemove && (
            <button type="button" onClick={() => onRemove(identity)}>
              Remove
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
