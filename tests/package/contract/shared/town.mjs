/**
 * The service that most tests ask. root is Service Admin and nowhere a member; alice created the private channel CH1, joined
 * it, and so is Channel Admin of it; bob is Channel User there; carl is invited; dora is a user only. CH2 is public and empty.
 */
export function town({ Service }, options) {
  const service = new Service(options);
  service.setUser("root", "Service Admin");
  for (const identity of ["alice", "bob", "carl", "dora"]) service.setUser(identity);
  service.createChannel({ sid: "CH1", createdBy: "alice" });
  service.joinChannel("CH1", "alice");
  service.setMember("CH1", "bob");
  if (service.dialect === "chat") {
    service.invite("CH1", "carl");
    service.createChannel({ sid: "CH2", type: "public" });
  }
  return service;
}

/** The SID of the role of that friendly name. */
export const sidOf = (service, name, scope) => service.role(name, scope).sid;

/** A channel as `channels()` returns it, where nothing else is known of it. */
export const channelOf = (sid, known) => ({
  sid,
  uniqueName: null,
  type: "private",
  createdBy: null,
  state: "active",
  ...known,
});
