// The recipes of Angular.
import "@angular/compiler";
import {
  ApplicationRef,
  createComponent,
  type OutputEmitterRef,
  provideZonelessChangeDetection,
  type Type,
} from "@angular/core";
import { createApplication } from "@angular/platform-browser";
import { Chat } from "../recipes/angular/chat.js";
import { Composer } from "../recipes/angular/composer.js";
import { DeleteButton } from "../recipes/angular/delete-button.js";
import { Messages } from "../recipes/angular/messages.js";
import { Participants } from "../recipes/angular/participants.js";
import { RoleSwitcher } from "../recipes/angular/role-switcher.js";
import { testRecipes } from "./recipes.js";

const recipes: Record<string, Type<object>> = { Composer, DeleteButton, Messages, Participants, RoleSwitcher };

testRecipes(async (app: Element, name: string, { onDelete, onRemove, onSwitch, ...initial }) => {
  const application = await createApplication({ providers: [provideZonelessChangeDetection()] });
  const chat = application.injector.get(Chat);
  const component = createComponent(recipes[name] as Type<object>, {
    environmentInjector: application.injector,
    hostElement: app,
  });
  const inputs = { ...initial };
  const change = async (make: () => unknown) => {
    make();
    await application.injector.get(ApplicationRef).whenStable();
  };
  const set = (more: Record<string, unknown>) =>
    change(() => {
      Object.assign(inputs, more);
      for (const [input, value] of Object.entries(more)) {
        if (input === "service" || input === "ability") chat[input].set(value as never);
        else component.setInput(input, value);
      }
    });
  const {
    delete: deletes,
    remove,
    switch: switches,
  } = component.instance as Record<string, OutputEmitterRef<never> | undefined>;
  deletes?.subscribe(onDelete);
  remove?.subscribe(onRemove);
  switches?.subscribe((role: string) => onSwitch(inputs.identity, role));
  application.attachView(component.hostView);
  await set(initial);
  return { change, set, end: () => application.destroy() };
});
