const { cpSync } = require("node:fs");

cpSync("index.html", "dist/index.html");
module.exports = {
  mode: "production",
  entry: "./main.jsx",
  output: { path: `${__dirname}/dist`, filename: "main.js" },
  module: { rules: [{ test: /\.jsx$/, loader: "esbuild-loader", options: { jsx: "automatic", target: "es2022" } }] },
  performance: false,
};
