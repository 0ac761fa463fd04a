import json from "@rollup/plugin-json";
import resolve from "@rollup/plugin-node-resolve";

export default {
  input: "main.js",
  output: { file: "dist/main.js", format: "es" },
  plugins: [resolve(), json()],
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
};
