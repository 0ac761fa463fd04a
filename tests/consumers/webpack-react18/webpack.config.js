module.exports = {
  mode: "production",
  entry: "./react.jsx",
  output: { path: `${__dirname}/dist`, filename: "main.js" },
  module: { rules: [{ test: /\.jsx$/, loader: "esbuild-loader", options: { jsx: "automatic", target: "es2022" } }] },
  performance: false,
};
