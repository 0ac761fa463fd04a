import { Component, EventEmitter, Input, inject, Output } from "@angular/core";
import { can } from "rolecall/angular";
import { Chat, follow } from "./chat.js";

@Component({
  selector: "app-participants",
  template: `
    <ul>
      @for (member of members(); track member.identity) {
        <li>
          {{ member.identity }}, {{ member.role }}
          @if (mayRemove()) {
            <button type="button" (click)="remove.emit(member.identity)">Remove</button>
          }
        </li>
      }
    </ul>
  `,
})
export class Participants {
  @Input({ required: true }) channel!: string;
  @Output() readonly remove = new EventEmitter<string>();

  readonly mayRemove = can(inject(Chat).ability, "removeParticipant");
  readonly members = follow(inject(Chat).service, (service) =>
    service.members(this.channel).map(({ identity, roleSid }) => ({
      identity,
      role: service.role(roleSid)?.friendlyName ?? "without a role",
    })),
  );
}
