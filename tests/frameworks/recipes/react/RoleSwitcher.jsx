import { useSyncExternalStore } from "react";

export function RoleSwitcher({ service, channel, identity, onSwitch }) {
  useSyncExternalStore(
    service.subscribe,
    () => service.version,
    () => service.version,
  );
  const member = service.members(channel).find((one) => one.identity === identity);
  return (
    <select
      aria-label={`Role of ${identity}`}
      value={member?.roleSid}
      onChange={(event) => onSwitch(identity, event.target.value)}
    >
      {service.roles("channel").map(({ sid, friendlyName }) => (
        <option key={sid} value={sid}>
          {friendlyName}
        </option>
      ))}
    </select>
  );
}
