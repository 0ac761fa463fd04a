"use client";
import { useState } from "react";
import { Service } from "rolecall";
import { Can } from "rolecall/react";

export function Message({ access }) {
  const [service] = useState(() => Service.from(access));
  return (
    <>
      <Can ability={service.ability("alice", "CH1")} action="deleteMessage" owner="bob">
        <button id="delete" type="button">
          Delete
        </button>
      </Can>
      <button id="promote" type="button" onClick={() => service.grant("channel user", "deleteAnyMessage")}>
        Promote
      </button>
    </>
  );
}
