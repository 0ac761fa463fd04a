import type { Ability } from "rolecall";
import { Can, useCan, useDecision } from "rolecall/react";

export function Delete({ ability, author }: { ability: Ability | undefined; author: string | null }) {
  const mayDelete: boolean = useCan(ability, "deleteMessage", author);
  const decision = useDecision(ability, "deleteMessage", author);
  // @ts-expect-error: an owned action asks for the owner.
  useCan(ability, "deleteMessage");
  // @ts-expect-error: there is no such action.
  useCan(ability, "sendMesage");
  return (
    <>
      <button type="button" disabled={!mayDelete} title={decision?.message}>
        Delete
      </button>
      <Can ability={ability} action="deleteMessage" owner={author} fallback="Not yours" loading={<i>Soon</i>}>
        <button type="button">Delete</button>
      </Can>
      <Can ability={ability} action="sendMessage">
        {(allowed) => (
          <button type="button" disabled={!allowed}>
            Send
          </button>
        )}
      </Can>
      {/* @ts-expect-error: there is no such action. */}
      <Can ability={ability} action="sendMesage" />
    </>
  );
}
