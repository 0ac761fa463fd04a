/** The two buttons: one that is there for those who may delete bob's message, and one that promotes alice to them. */
export function show(service) {
  const alice = service.ability("alice", "CH1");
  const button = (id, text) => Object.assign(document.createElement("button"), { id, textContent: text });
  const remove = button("delete", "Delete");
  const promote = button("promote", "Promote");
  promote.onclick = () => service.grant("channel user", "deleteAnyMessage");

  const update = () => {
    remove.hidden = alice.cannot("deleteMessage", "bob");
  };
  alice.subscribe(update);
  update();
  document.querySelector("#app").append(remove, promote);
}
