import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Service } from "rolecall";
import access from "./access.json";
import { Message } from "./message.jsx";

const service = Service.from(access);

createRoot(document.querySelector("#app")).render(
  <StrictMode>
    <Message service={service} author="bob" />
    <button id="promote" type="button" onClick={() => service.grant("channel user", "deleteAnyMessage")}>
      Promote
    </button>
  </StrictMode>,
);
