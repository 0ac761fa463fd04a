import react from "@vitejs/plugin-react";

export default {
  plugins: [react()],
  // Found at the start, not in the first page, which Vite would load again.
  optimizeDeps: { include: ["react", "react-dom/client", "rolecall", "rolecall/react"] },
};
