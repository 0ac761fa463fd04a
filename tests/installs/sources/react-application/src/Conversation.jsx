import { Can, useDecision } from "rolecall/react";
import { useAbility, useAccess } from "./access.jsx";

export function Conversation({ conversation, messages, onSend, onDelete }) {
  const { error, refresh } = useAccess();
  const ability = useAbility(conversation);
  return (
    <section>
      {error && (
        <p role="alert">
          What you may do here could not be loaded.{" "}
          <button type="button" onClick={refresh}>
            Try again
          </button>
        </p>
      )}
      <ul>
        {messages.map((message) => (
          <Message key={message.id} ability={ability} message={message} onDelete={onDelete} />
        ))}
      </ul>
      <Can
        ability={ability}
        action="sendMessage"
        loading={<p>One moment …</p>}
        fallback={<p>You may only read here.</p>}
      >
        <Composer onSend={onSend} />
      </Can>
    </section>
  );
}

function Message({ ability, message, onDelete }) {
  const deletion = useDecision(ability, "deleteMessage", message.author);
  const { refresh } = useAccess();

  const remove = async () => {
    // A refusal means that this page is stale.
    if ((await onDelete(message)).status === 403) refresh();
  };

  return (
    <li>
      {message.body}{" "}
      <button
        type="button"
        disabled={!deletion?.allowed}
        title={deletion?.allowed ? undefined : deletion?.message}
        onClick={remove}
      >
        Delete
      </button>
    </li>
  );
}

function Composer({ onSend }) {
  const submit = (event) => {
    event.preventDefault();
    onSend(new FormData(event.target).get("body"));
    event.target.reset();
  };
  return (
    <form onSubmit={submit}>
      <input name="body" aria-label="Message" />
      <button type="submit">Send</button>
    </form>
  );
}
