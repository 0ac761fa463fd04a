import { Component, computed, EventEmitter, Input, inject, Output } from "@angular/core";
import { decision } from "rolecall/angular";
import { Chat } from "./chat.js";

@Component({
  selector: "app-delete-button",
  template: `
    <!-- "disabled" would take the button out of the tab order, and its reason with it. -->
    <button
      type="button"
      [attr.aria-disabled]="!decision()?.allowed"
      [attr.aria-describedby]="reason() && tooltip"
      (click)="decision()?.allowed && delete.emit(message)"
    >
      Delete
    </button>
    @if (reason()) {
      <span role="tooltip" [id]="tooltip">{{ reason() }}</span>
    }
  `,
})
export class DeleteButton {
  @Input({ required: true }) message!: { id: number; author: string };
  @Output() readonly delete = new EventEmitter<object>();

  readonly decision = decision(inject(Chat).ability, "deleteMessage", () => this.message.author);
  readonly reason = computed(() => (this.decision()?.allowed ? undefined : this.decision()?.message));

  get tooltip() {
    return `why-not-${this.message.id}`;
  }
}
