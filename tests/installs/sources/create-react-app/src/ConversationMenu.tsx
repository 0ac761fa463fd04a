import type React from "react";
import type { Ability } from "rolecall";
import { Can, useCan, useDecision } from "rolecall/react";

interface ConversationMenuProps {
  ability: Ability | undefined;
  onManageParticipants: () => void;
}

const ConversationMenu: React.FC<ConversationMenuProps> = (props: ConversationMenuProps) => {
  const mayManage = useCan(props.ability, "addParticipant");
  const rename = useDecision(props.ability, "editConversationName");

  return (
    <menu aria-label="Preferences">
      {mayManage && (
        <li>
          <button type="button" id="manage-participants" onClick={props.onManageParticipants}>
            Manage Participants
          </button>
        </li>
      )}
      <li>
        <button type="button" aria-disabled={!rename?.allowed} aria-describedby="why-not-rename">
          Edit Conversation Name
        </button>
        {rename?.allowed === false && (
          <span role="tooltip" id="why-not-rename">
            {rename.message}
          </span>
        )}
      </li>
      <Can ability={props.ability} action="leaveConversation" loading={<li>Loading</li>}>
        <li>
          <button type="button">Leave Conversation</button>
        </li>
      </Can>
    </menu>
  );
};

export default ConversationMenu;
