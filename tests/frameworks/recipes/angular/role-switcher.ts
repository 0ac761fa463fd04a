import { Component, EventEmitter, Input, inject, Output } from "@angular/core";
import { Chat, follow } from "./chat.js";

@Component({
  selector: "app-role-switcher",
  template: `
    <select [attr.aria-label]="'Role of ' + identity" (change)="switch.emit($any($event.target).value)">
      @for (role of roles(); track role.sid) {
        <option [value]="role.sid" [selected]="role.sid === present()">{{ role.friendlyName }}</option>
      }
    </select>
  `,
})
export class RoleSwitcher {
  @Input({ required: true }) channel!: string;
  @Input({ required: true }) identity!: string;
  @Output() readonly switch = new EventEmitter<string>();

  readonly roles = follow(inject(Chat).service, (service) => service.roles("channel"));
  readonly present = follow(
    inject(Chat).service,
    (service) => service.members(this.channel).find(({ identity }) => identity === this.identity)?.roleSid,
  );
}
