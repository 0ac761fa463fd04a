import { useDecision } from "rolecall/react";

export function DeleteButton({ ability, message, onDelete }) {
  const decision = useDecision(ability, "deleteMessage", message.author);
  const denied = decision?.allowed === false;
  const tooltip = `why-not-${message.id}`;
  // `disabled` would take the button out of the tab order, and its reason with it.
  return (
    <span>
      <button
        type="button"
        aria-disabled={!decision?.allowed}
        aria-describedby={denied ? tooltip : undefined}
        onClick={() => decision?.allowed && onDelete(message)}
      >
        Delete
      </button>
      {denied && (
        <span role="tooltip" id={tooltip}>
          {decision.message}
        </span>
      )}
    </span>
  );
}
