import { Can, useCan } from "rolecall/react";

export function Message({ service, author }) {
  const alice = service.ability("alice", "CH1");
  const mayDelete = useCan(alice, "deleteMessage", author);
  return (
    <Can ability={alice} action="deleteMessage" owner={author} fallback={<p>Not yours.</p>}>
      <button id="delete" type="button">
        Delete{mayDelete ? "" : "?"}
      </button>
    </Can>
  );
}
