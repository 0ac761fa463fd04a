import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AccessProvider } from "./access.jsx";
import { Conversation } from "./Conversation.jsx";
import "./tooltip.css";

// Yours: who is signed in, the messages, and what sends and deletes them.
const identity = "alice";
const messages = [
  { id: 1, author: "alice", body: "Hello!" },
  { id: 2, author: "bob", body: "Hello, Alice!" },
];
const onSend = (body) => fetch("/messages", { method: "POST", body });
const onDelete = ({ id }) => fetch(`/messages/${id}`, { method: "DELETE" });

createRoot(document.getElementById("root")).render(
  <StrictMode>
    {/* Another user gets another service. */}
    <AccessProvider key={identity} identity={identity} conversation="CH1">
      <Conversation conversation="CH1" messages={messages} onSend={onSend} onDelete={onDelete} />
    </AccessProvider>
  </StrictMode>,
);
