import { Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { Service } from "rolecall";
import { can } from "rolecall/angular";
import access from "../access.json";

@Component({
  selector: "app-root",
  template: `
    @if (mayDelete()) {
      <button id="delete">Delete</button>
    }
    <button id="promote" (click)="promote()">Promote</button>
  `,
})
class Root {
  private readonly service = Service.from(access);
  protected readonly mayDelete = can(this.service.ability("alice", "CH1"), "deleteMessage", "bob");
  protected promote(): void {
    this.service.grant("channel user", "deleteAnyMessage");
  }
}

bootstrapApplication(Root);
