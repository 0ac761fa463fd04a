// rolecall/angular in a page, without zones.
import "@angular/compiler";
import {
  ApplicationRef,
  ChangeDetectionStrategy,
  Component,
  Input,
  provideZonelessChangeDetection,
  signal,
} from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { assert } from "chai";
import type { Ability, Action } from "rolecall";
import { can, decision } from "rolecall/angular";
import { concerned, messages, sentences, test, town } from "./in-page.js";

async function show(app: Element, component: new () => unknown) {
  app.innerHTML = "<app-root></app-root>";
  const application = await bootstrapApplication(component, { providers: [provideZonelessChangeDetection()] });
  const settled = () => application.injector.get(ApplicationRef).whenStable();
  await settled();
  return {
    change: async (make: () => unknown) => {
      make();
      await settled();
    },
    end: () => application.destroy(),
  };
}

test("a thousand rows: each is updated when its own answer has changed, and for no other change", async ({ app }) => {
  const { bob, changes, listening } = town();
  // A set, since Angular renders twice in development, to find templates that change what they show.
  const rendered = new Set<number>();

  @Component({
    selector: "app-row",
    template: "{{ shown(allowed()) }}",
    changeDetection: ChangeDetectionStrategy.OnPush,
  })
  class Row {
    @Input() message = messages[0] as (typeof messages)[number];
    allowed = can(bob, "deleteMessage", () => this.message.author);
    shown(allowed: boolean) {
      rendered.add(this.message.id);
      return allowed ? "yes" : "no";
    }
  }

  @Component({
    selector: "app-root",
    imports: [Row],
    template: '@for (message of rows; track message.id) { <app-row [message]="message" /> }',
  })
  class Rows {
    rows = messages;
  }

  const page = await show(app, Rows);
  assert.equal(app.textContent?.replaceAll(/\s/g, ""), "yesno".repeat(500));
  assert.equal(listening(), 1000);

  for (const [make, expected] of changes) {
    rendered.clear();
    await page.change(make);
    assert.deepEqual([...rendered], expected, String(make));
  }
  page.end();
  assert.equal(listening(), 0);
});

test("a thousand decisions: each is updated when its own sentence has changed, and is never out of date", async ({
  app,
}) => {
  const { bob, decisionChanges, service, listening } = town();
  const rendered = new Set<number>();

  @Component({
    selector: "app-row",
    template: "{{ shown(answer()?.message) }}",
    changeDetection: ChangeDetectionStrategy.OnPush,
  })
  class Row {
    @Input() message = messages[0] as (typeof messages)[number];
    answer = decision(bob, "deleteMessage", () => this.message.author);
    shown(text: string | undefined) {
      rendered.add(this.message.id);
      return text;
    }
  }

  @Component({
    selector: "app-root",
    imports: [Row],
    template: '@for (message of rows; track message.id) {<app-row [message]="message" />}',
  })
  class Rows {
    rows = messages;
  }

  const page = await show(app, Rows);
  assert.equal(app.textContent, sentences(bob));
  assert.equal(listening(), 1000);

  for (const [make, expected] of decisionChanges) {
    rendered.clear();
    await page.change(make);
    assert.equal(app.textContent, sentences(bob), String(make));
    assert.deepEqual(concerned([...rendered], expected), expected, String(make));
  }
  await page.change(() => service.removeMember("CH1", "bob"));
  assert.equal(app.textContent, sentences(bob));
  page.end();
  assert.equal(listening(), 0);
});

test("a decision is undefined while there is nobody to ask, and after its service was freed", async ({ app }) => {
  const { service, bob } = town();
  const ability = signal<Ability | null | undefined>(undefined);

  @Component({ selector: "app-root", template: "{{ answer()?.message ?? 'not loaded' }}" })
  class Button {
    answer = decision(ability, "sendMessage");
  }

  const page = await show(app, Button);
  assert.equal(app.textContent, "not loaded");
  await page.change(() => ability.set(null));
  assert.equal(app.textContent, "not loaded");
  await page.change(() => ability.set(bob));
  assert.equal(app.textContent, bob.explain("sendMessage").message);
  await page.change(() => service.free());
  assert.equal(app.textContent, "not loaded");
  page.end();
});

test("a list in one component is not updated by a change of other answers", async ({ app }) => {
  const { bob, promote, elsewhere, service } = town();
  let rendered = 0;

  @Component({
    selector: "app-root",
    template: "@for (allowed of rows; track $index) { {{ shown(allowed()) }} }",
  })
  class Rows {
    rows = messages.map(({ author }) => can(bob, "deleteMessage", author));
    shown(allowed: boolean) {
      rendered++;
      return allowed ? "yes" : "no";
    }
  }

  const page = await show(app, Rows);
  rendered = 0;
  await page.change(elsewhere);
  await page.change(() => service.revoke("Channel User", "sendMediaMessage"));
  assert.equal(rendered, 0);
  await page.change(promote);
  assert.notEqual(rendered, 0);
  page.end();
});

test("what is asked may be signals, may change, and may not be there yet", async ({ app }) => {
  const { bob, alice, promote, listening } = town();
  const ability = signal<Ability | null | undefined>(undefined);
  const action = signal<Action>("deleteMessage");
  const owner = signal<string | null>("bob");

  @Component({ selector: "app-root", template: "{{ allowed() ? 'yes' : 'no' }}" })
  class Button {
    allowed = can(ability, action as () => "deleteMessage", () => owner());
  }

  const page = await show(app, Button);
  assert.equal(app.textContent, "no");
  const table: [() => unknown, string][] = [
    [() => ability.set(null), "no"],
    [() => ability.set(bob), "yes"],
    [() => owner.set("alice"), "no"],
    [() => owner.set(null), "no"],
    [() => action.set("sendMessage"), "yes"],
    [() => action.set("deleteMessage"), "no"],
    [() => owner.set("alice"), "no"],
    [() => ability.set(alice), "yes"],
    [() => ability.set(bob), "no"],
    [promote, "yes"],
  ];
  for (const [make, expected] of table) {
    await page.change(make);
    assert.equal(app.textContent, expected, String(make));
  }
  assert.equal(listening(), 1);
  page.end();
  assert.equal(listening(), 0);
});

test("a change before the first effects is not missed", async ({ app }) => {
  const { bob, promote } = town();

  @Component({ selector: "app-root", template: "{{ allowed() ? 'yes' : 'no' }}" })
  class Button {
    allowed = can(bob, "deleteMessage", "alice");
    constructor() {
      assert.equal(this.allowed(), false);
      promote();
    }
  }

  const page = await show(app, Button);
  assert.equal(app.textContent, "yes");
  page.end();
});

test("a service that is freed leaves nothing shown, is no error when it is asked again, and is left by destroying", async ({
  app,
}) => {
  const { service, bob } = town();
  const action = signal<Action>("sendMessage");

  @Component({ selector: "app-root", template: "{{ allowed() ? 'yes' : 'no' }}" })
  class Button {
    allowed = can(bob, action as () => "sendMessage");
  }

  const page = await show(app, Button);
  assert.equal(app.textContent, "yes");
  await page.change(() => service.free());
  const afterFree = app.textContent;
  let thrown: unknown;
  try {
    await page.change(() => action.set("viewChannel"));
  } catch (error) {
    thrown = (error as { code: unknown }).code;
  }
  const later = app.textContent;
  page.end();
  assert.deepEqual([afterFree, later, thrown], ["no", "no", undefined]);
});
