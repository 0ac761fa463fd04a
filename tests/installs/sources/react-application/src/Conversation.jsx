import { Can } from "rolecall/react";
import { useAbility, useAccess } from "./access.jsx";
import { DeleteButton } from "./DeleteButton.jsx";

export function Conversation({ conversation, messages, onSend, onDelete }) {
  const { error, refresh } = useAccess();
  const ability = useAbility(conversation);

  const remove = async (message) => {
    // A refusal means that this page is stale.
    if ((await onDelete(message)).status === 403) refresh();
  };

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
          <li key={message.id}>
            {message.body} <DeleteButton ability={ability} message={message} onDelete={remove} />
          </li>
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
