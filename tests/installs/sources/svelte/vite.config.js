import { svelte } from "@sveltejs/vite-plugin-svelte";

export default {
  plugins: [svelte()],
  // Found at the start, not in the first page, which Vite would load again.
  optimizeDeps: { include: ["rolecall", "rolecall/svelte"] },
};
