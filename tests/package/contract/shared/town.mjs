/**
 * The service that most tests ask: root is Service Admin and nowhere a member; alice made the private channel CH1 and so
 * is Channel Admin of it; bob is Channel User there; carl is invited; dora is a user only. CH2 is public and empty.
 */
export function town({ Service }, options) {
  const service = new Service(options);
  service.setUser("root", "Service Admin");
  for (const identity of ["alice", "bob", "carl", "dora"]) service.setUser(identity);
  service.createChannel({ sid: "CH1", createdBy: "alice" });
  service.setMember("CH1", "bob");
  if (service.dialect === "chat") {
    service.invite("CH1", "carl");
    service.createChannel({ sid: "CH2", type: "public" });
  }
  return service;
}

/** The SID of the role of that friendly name. */
export const sidOf = (service, name) => service.role(name).sid;
