import vue from "@vitejs/plugin-vue";

export default {
  plugins: [vue()],
  // Found at the start, not in the first page, which Vite would load again.
  optimizeDeps: { include: ["rolecall", "rolecall/vue", "vue"] },
};
