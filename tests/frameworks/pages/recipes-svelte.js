// The recipes of Svelte.
import { flushSync, mount, unmount } from "svelte";
import Composer from "../recipes/svelte/Composer.svelte";
import DeleteButton from "../recipes/svelte/DeleteButton.svelte";
import Messages from "../recipes/svelte/Messages.svelte";
import Participants from "../recipes/svelte/Participants.svelte";
import RoleSwitcher from "../recipes/svelte/RoleSwitcher.svelte";
import { question } from "./question.svelte.js";
import { testRecipes } from "./recipes.js";

const recipes = { Composer, DeleteButton, Messages, Participants, RoleSwitcher };

testRecipes(async (app, name, initial) => {
  const props = question(initial);
  const mounted = mount(recipes[name], { target: app, props });
  flushSync();
  const change = async (make) => {
    make();
    flushSync();
  };
  return { change, set: (more) => change(() => Object.assign(props, more)), end: () => unmount(mounted) };
});
