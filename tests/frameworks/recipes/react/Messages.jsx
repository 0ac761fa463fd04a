import { memo, useSyncExternalStore } from "react";

export function Messages({ ability, messages }) {
  useSyncExternalStore(
    ability.subscribe,
    () => ability.version,
    () => ability.version,
  );
  const authors = messages.map(({ author }) => author);
  const rows = ability.canEach(["editMessage", "deleteMessage"], authors);
  return (
    <ul>
      {messages.map((message, index) => (
        <Message key={message.id} message={message} may={rows[index]} />
      ))}
    </ul>
  );
}

// A row of canEach is the same object until an answer in it changes, so the other messages are not rendered again.
const Message = memo(({ message, may }) => (
  <li>
    {message.body}
    {may.editMessage && <button type="button">Edit</button>}
    {may.deleteMessage && <button type="button">Delete</button>}
  </li>
));
