// The recipes of Vue.
import { createApp, h, nextTick, shallowReactive } from "vue";
import Composer from "../recipes/vue/Composer.vue";
import DeleteButton from "../recipes/vue/DeleteButton.vue";
import Messages from "../recipes/vue/Messages.vue";
import Participants from "../recipes/vue/Participants.vue";
import RoleSwitcher from "../recipes/vue/RoleSwitcher.vue";
import { testRecipes } from "./recipes.js";

const recipes = { Composer, DeleteButton, Messages, Participants, RoleSwitcher };

testRecipes(async (app, name, initial) => {
  const props = shallowReactive(initial);
  const mounted = createApp({ render: () => h(recipes[name], props) });
  mounted.mount(app);
  const change = async (make) => {
    make();
    await nextTick();
  };
  return { change, set: (more) => change(() => Object.assign(props, more)), end: () => mounted.unmount() };
});
