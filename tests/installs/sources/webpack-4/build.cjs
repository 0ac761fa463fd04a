// Babel sees what the application wrote; what it installed reaches webpack's own parser as it is.
const { cpSync } = require("node:fs");
const webpack = require("webpack");

const settings = {
  mode: "production",
  context: __dirname,
  entry: "./main.jsx",
  output: { path: `${__dirname}/dist`, filename: "main.js" },
  module: {
    rules: [
      {
        test: /\.jsx$/,
        exclude: /node_modules/,
        loader: "babel-loader",
        options: { presets: ["@babel/preset-env", ["@babel/preset-react", { runtime: "automatic" }]] },
      },
    ],
  },
  performance: false,
};
webpack(settings, (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) {
    // Not thrown: webpack's promises would swallow it.
    console.error(error ?? stats.toString("errors-warnings"));
    process.exit(1);
  }
  cpSync("index.html", "dist/index.html");
});
