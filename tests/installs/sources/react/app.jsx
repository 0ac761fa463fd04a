import { StrictMode, useRef } from "react";
import { useDecision } from "rolecall/react";
import { Message } from "./message.jsx";

/** Its answer does not change when alice is promoted, so that its attribute must not either. */
function Send({ ability }) {
  const renders = useRef(0);
  const { allowed, message } = useDecision(ability, "sendMessage");
  renders.current += 1;
  return (
    <button id="send" type="button" disabled={!allowed} title={message} data-renders={renders.current}>
      Send
    </button>
  );
}

export function App({ service }) {
  return (
    <StrictMode>
      <Message service={service} author="bob" />
      <Send ability={service.ability("alice", "CH1")} />
      <button id="promote" type="button" onClick={() => service.grant("channel user", "deleteAnyMessage")}>
        Promote
      </button>
    </StrictMode>
  );
}
