// The recipes of Angular.
import "@angular/compiler";
import {
  ApplicationRef,
  createComponent,
  type EventEmitter,
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

testRecipes(async (app: Element, name: string, { service, ability, onDelete, onRemove, onSwitch, ...inputs }) => {
  const application = await createApplication({ providers: [provideZonelessChangeDetection()] });
  const chat = application.injector.get(Chat);
  chat.service.set(service);
  chat.ability.set(ability);
  const component = createComponent(recipes[name] as Type<object>, {
    environmentInjector: application.injector,
    hostElement: app,
  });
  for (const [input, value] of Object.entries(inputs)) component.setInput(input, value);
  const {
    delete: deletes,
    remove,
    switch: switches,
  } = component.instance as Record<string, EventEmitter<never> | undefined>;
  deletes?.subscribe(onDelete);
  remove?.subscribe(onRemove);
  switches?.subscribe((role: string) => onSwitch(inputs.identity, role));
  application.attachView(component.hostView);
  const change = async (make: () => unknown) => {
    make();
    await application.injector.get(ApplicationRef).whenStable();
  };
  await change(() => {});
  return { change, set: ({ ability }) => change(() => chat.ability.set(ability)), end: () => application.destroy() };
});
