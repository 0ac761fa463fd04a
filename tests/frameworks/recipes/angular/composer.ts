import { Component, inject } from "@angular/core";
import { can } from "rolecall/angular";
import { Chat } from "./chat.js";

@Component({
  selector: "app-composer",
  template: `
    @if (!ability()) {
      <p>One moment …</p>
    } @else if (allowed()) {
      <textarea aria-label="Message"></textarea>
    } @else {
      <p>You may only read here.</p>
    }
  `,
})
export class Composer {
  readonly ability = inject(Chat).ability;
  readonly allowed = can(this.ability, "sendMessage");
}
