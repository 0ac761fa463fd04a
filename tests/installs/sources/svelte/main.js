import * as svelte from "svelte";
import App from "./App.svelte";

const options = { target: document.querySelector("#app") };
// Svelte 4 has no `mount`, and makes components by `new`.
if (svelte.mount) svelte.mount(App, options);
else new App(options);
