import { Component, Input, inject } from "@angular/core";
import { Chat, follow } from "./chat.js";

@Component({
  selector: "app-messages",
  template: `
    <ul>
      @for (message of messages; track message.id) {
        <li>
          {{ message.body }}
          @if (rows()?.[$index]?.editMessage) {
            <button type="button">Edit</button>
          }
          @if (rows()?.[$index]?.deleteMessage) {
            <button type="button">Delete</button>
          }
        </li>
      }
    </ul>
  `,
})
export class Messages {
  @Input({ required: true }) messages!: { id: number; author: string; body: string }[];

  readonly rows = follow(inject(Chat).ability, (ability) => {
    const authors = this.messages.map(({ author }) => author);
    return ability.canEach(["editMessage", "deleteMessage"], authors);
  });
}
