import { Can } from "rolecall/react";

export function Composer({ ability }) {
  return (
    <Can ability={ability} action="sendMessage" loading={<p>One moment …</p>} fallback={<p>You may only read here.</p>}>
      <textarea aria-label="Message" />
    </Can>
  );
}
