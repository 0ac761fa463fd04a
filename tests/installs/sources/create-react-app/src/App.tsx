import { useMemo, useState } from "react";
import { Service } from "rolecall";
import access from "./access.json";
import ConversationMenu from "./ConversationMenu";

function App() {
  const service = useMemo(() => Service.from(access), []);
  const [isManaging, setIsManaging] = useState(false);

  return (
    <main>
      <ConversationMenu ability={service.ability("alice", "CH1")} onManageParticipants={() => setIsManaging(true)} />
      {isManaging && <p>Participants</p>}
      <button type="button" id="promote" onClick={() => service.grant("participant", "addParticipant")}>
        Promote
      </button>
    </main>
  );
}

export default App;
