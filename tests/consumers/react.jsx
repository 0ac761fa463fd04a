import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Service } from "rolecall";
import { Can, useCan } from "rolecall/react";
import access from "./access.json";

const service = Service.from(access);

function Message({ author }) {
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

createRoot(document.querySelector("#app")).render(
  <StrictMode>
    <Message author="bob" />
    <button id="promote" type="button" onClick={() => service.grant("channel user", "deleteAnyMessage")}>
      Promote
    </button>
  </StrictMode>,
);
