/**
 * The projects that install the package: which versions of what, and how each is type-checked, tested, built and run.
 *
 * | field | |
 * | --- | --- |
 * | `name` | of the project, and of its folder |
 * | `why` | who has such a project |
 * | `dependencies` | what it installs beside the package |
 * | `sources` | the folders of `sources/` that make it up; of two files with one name the later counts |
 * | `json` | further files, as values |
 * | `recipes` | recipes of docs/frameworks.md that it has in `src` |
 * | `manifest` | further fields of its package.json |
 * | `check`, `test`, `build` | commands: the type check, the tests, and what leaves a page in `page` |
 * | `recheck` | a further type check, for `npm run test:installs` alone |
 * | `page` | the folder that is served and visited after the build; `dist` unless it says otherwise |
 * | `shows` | the id of the control that the page shows only once alice is promoted; or `verdict`: the page tests itself |
 * | `policy` | the Content-Security-Policy of the page |
 * | `start`, `asks` | a command that serves the built project; addresses, the answers that they must give, and with which headers |
 * | `dev`, `component` | the command of a development server, and the component that is edited while its page is open |
 * | `copies` | folders that get a copy of the package of their own |
 * | `quick` | is in `npm test`; `npm run test:installs` has all |
 */

/** A page that esbuild's own command bundles. Minified, it is for production. */
const esbuild = (entries, options = "") => ({
  build: `esbuild ${entries} --bundle --minify --format=esm --outdir=dist ${options} && cp index.html dist/`,
  dependencies: { esbuild: "0.28.2" },
});
const page = esbuild("main.js");
const react = (version) => ({ react: version, "react-dom": version });
const types17 = { ...react("17.0.2"), "@types/react": "17.0.93", "@types/react-dom": "17.0.26" };
const types18 = { ...react("18.3.1"), "@types/react": "18.3.32" };
const types19 = { ...react("19.3.1"), "@types/react": "19.3.0" };

/** The vendor's SDK, whose declarations name those of Node and of `ws`. */
const twilio2 = (version) => ({ "@twilio/conversations": version, "@types/node": "16.18.126", "@types/ws": "7.4.7" });
const twilio3 = { "@twilio/conversations": "3.0.1", "@types/node": "20.19.43", "@types/ws": "8.18.2" };

/** How each resolution of modules is asked for. */
const resolutions = {
  node: { module: "commonjs", moduleResolution: "node" },
  node16: { module: "node16", moduleResolution: "node16" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/** A project that is only type-checked, by each of the resolutions. */
function typescript(name, version, { resolve, sources, deprecated, ...project }) {
  const options = (resolution) => ({
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: "es2020",
    lib: ["es2020", "dom"],
    skipDefaultLibCheck: true,
    types: [],
    jsx: "react-jsx",
    esModuleInterop: true,
    ...(deprecated && resolution === "node" && { ignoreDeprecations: deprecated }),
    ...resolutions[resolution],
  });
  const configurations = resolve.map((resolution) => [
    `tsconfig.${resolution}.json`,
    {
      compilerOptions: options(resolution),
      include: ["*.ts", "*.tsx", ...(resolution === "node16" ? ["*.cts"] : [])],
    },
  ]);
  const each = (flag) => configurations.map(([file]) => `tsc -p ${file} --skipLibCheck ${flag}`).join(" && ");
  // Every declaration, imported or not: of those that are not resolved and not checked, what is wrong is the syntax.
  const declarations = {
    compilerOptions: { noEmit: true, noResolve: true, skipLibCheck: true, types: [] },
    include: ["node_modules/rolecall/**/*.d.ts"],
    // Angular needs a newer TypeScript than it parses with.
    exclude: ["node_modules/rolecall/cjs/frameworks/angular.d.ts"],
  };
  return {
    name,
    why: `types with moduleResolution ${resolve.join(", ")}`,
    ...project,
    dependencies: { typescript: version, ...project.dependencies },
    sources: ["typescript", ...sources],
    json: { ...Object.fromEntries(configurations), "tsconfig.declarations.json": declarations },
    check: `${each(false)} && tsc -p tsconfig.declarations.json`,
    ...(sources.includes("typescript-twilio") && { test: "node sdk.mjs" }),
    // It hides errors, and can find none that the other does not.
    recheck: each(true),
  };
}

/** A page of Angular. From 20 on it is without zone.js. */
const angular = (name, why, version, dependencies) => ({
  name,
  why,
  dependencies: {
    ...Object.fromEntries(
      ["common", "compiler", "compiler-cli", "core", "platform-browser"].map((part) => [`@angular/${part}`, version]),
    ),
    rxjs: "7.8.2",
    tslib: "2.8.1",
    ...dependencies,
  },
  manifest: { type: undefined },
  sources: ["page", "angular"],
  build: dependencies["zone.js"] ? "ng build --polyfills zone.js" : "ng build",
  page: "build/browser",
});

export const projects = [
  // Node.
  {
    name: "node",
    why: "ES modules and CommonJS",
    sources: ["page", "node"],
    test: "node program.mjs && node program.cjs && node slim.mjs",
    quick: true,
  },
  {
    name: "node-18.18",
    why: "the oldest Node that is supported",
    dependencies: { [`node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`]: "18.18.0" },
    sources: ["page", "node"],
    test: "node oldest.cjs && node program.mjs && node program.cjs && node slim.mjs",
    quick: true,
  },

  // Types. The vendor's React demo has TypeScript 4 and version 2 of the SDK.
  typescript("typescript-4.7", "4.7.4", {
    dependencies: { ...types17, ...twilio2("2.0.0") },
    sources: ["typescript-react", "typescript-twilio"],
    resolve: ["node", "node16"],
    quick: true,
  }),
  typescript("typescript-4.9", "4.9.5", {
    dependencies: { ...types17, ...twilio2("2.7.0") },
    sources: ["typescript-react", "typescript-twilio"],
    resolve: ["node", "node16"],
    quick: true,
  }),
  typescript("typescript-4.9-react-18", "4.9.5", {
    dependencies: types18,
    sources: ["typescript-react"],
    resolve: ["node", "node16"],
  }),
  typescript("typescript-5.9", "5.9.3", {
    dependencies: { ...types18, ...twilio3, svelte: "5.57.3", vue: "3.5.45" },
    sources: ["typescript-react", "typescript-twilio", "typescript-frameworks"],
    resolve: ["node", "node16", "bundler"],
  }),
  typescript("typescript-6.0", "6.0.3", {
    dependencies: { ...types19, ...twilio3, svelte: "5.57.3", vue: "3.5.45" },
    sources: ["typescript-react", "typescript-twilio", "typescript-frameworks"],
    resolve: ["node", "node16", "bundler"],
    deprecated: "6.0",
  }),
  typescript("typescript-7.0", "7.0.2", {
    dependencies: { ...types19, ...twilio3, svelte: "5.57.3", vue: "3.5.45" },
    sources: ["typescript-react", "typescript-twilio", "typescript-frameworks"],
    resolve: ["node16", "bundler"],
  }),

  // React, from the oldest to today's.
  {
    name: "react-16.8",
    why: "the first React with hooks",
    dependencies: { ...page.dependencies, ...react("16.8.6") },
    sources: ["page", "react", "react-16", "esbuild-react"],
    test: "node server.cjs",
    build: esbuild("main.jsx", "--inject:react.js").build,
  },
  {
    name: "react-17-webpack-4",
    why: "plugins of Flex: React 17, and Babel for the application's own code only",
    dependencies: {
      ...react("17.0.2"),
      "@babel/core": "7.29.13",
      "@babel/preset-env": "7.29.14",
      "@babel/preset-react": "7.29.7",
      "babel-loader": "8.4.1",
      webpack: "4.46.0",
    },
    sources: ["page", "react", "react-16", "webpack-4"],
    test: "node server.cjs",
    build: "node --openssl-legacy-provider build.cjs",
    quick: true,
  },
  {
    name: "create-react-app-5",
    why: "the vendor's React demo: React 17, TypeScript 4.9, settings as they are generated",
    dependencies: {
      ...types17,
      "@testing-library/jest-dom": "5.17.0",
      "@testing-library/react": "12.1.5",
      "@types/jest": "27.5.2",
      "@types/node": "16.18.126",
      "react-scripts": "5.0.1",
      typescript: "4.9.5",
    },
    manifest: {
      type: undefined,
      eslintConfig: { extends: ["react-app", "react-app/jest"] },
      browserslist: {
        production: [">0.2%", "not dead", "not op_mini all"],
        development: ["last 1 chrome version", "last 1 firefox version", "last 1 safari version"],
      },
    },
    sources: ["create-react-app"],
    // First Create React App's own generator of tsconfig.json and react-app-env.d.ts.
    build: "node -e \"require('react-scripts/scripts/utils/verifyTypeScriptSetup')()\" && react-scripts build",
    check: "tsc -p .",
    test: "react-scripts test --watchAll=false",
    page: "build",
    shows: "manage-participants",
  },
  {
    name: "react-18-webpack-5",
    why: "React 18",
    dependencies: { ...react("18.3.1"), webpack: "5.113.0", "webpack-cli": "7.3.1", "esbuild-loader": "4.3.0" },
    sources: ["page", "react", "react-18", "webpack-5"],
    test: "node server.cjs",
    build: "webpack --config webpack.config.cjs",
  },
  {
    name: "react-19-vite",
    why: "today's React, with hot reload",
    dependencies: { ...react("19.3.1"), "@vitejs/plugin-react": "6.3.0", vite: "8.3.8" },
    sources: ["page", "react", "react-18", "vite-react"],
    test: "node server.cjs",
    build: "vite build --base ./",
    dev: "vite --port 0 --strictPort",
    component: "message.jsx",
  },
  {
    name: "react-application",
    why: "the application of docs/frameworks.md: built, and its components tested",
    dependencies: {
      ...react("19.3.1"),
      "@testing-library/dom": "10.4.2",
      "@testing-library/react": "16.3.3",
      "@vitejs/plugin-react": "6.3.0",
      jsdom: "26.1.0",
      vite: "8.3.8",
      vitest: "4.1.12",
    },
    sources: ["react-application"],
    recipes: ["tooltip.css", "react/DeleteButton.jsx"],
    test: "vite build && vitest run",
    quick: true,
  },
  {
    name: "next",
    why: "server components, and middleware at the edge",
    dependencies: { next: "16.4.6", ...react("19.3.1") },
    sources: ["page", "next"],
    build: "next build",
    start: "next start --port 0",
    asks: [
      ["moderate", 403, "“alice” may not delete this message", {}],
      ["moderate", 200, "Moderation", { cookie: "is=moderator" }],
    ],
  },

  // The other frameworks.
  {
    name: "vue",
    why: "Vue 3, with hot reload",
    dependencies: { "@vitejs/plugin-vue": "6.0.11", vite: "8.3.8", vue: "3.5.45" },
    sources: ["page", "vue"],
    build: "vite build --base ./",
    dev: "vite --port 0 --strictPort",
    component: "App.vue",
  },
  {
    name: "svelte",
    why: "Svelte 5, with hot reload",
    dependencies: { "@sveltejs/vite-plugin-svelte": "7.3.1", svelte: "5.57.3", vite: "8.3.8" },
    sources: ["page", "svelte"],
    build: "vite build --base ./",
    dev: "vite --port 0 --strictPort",
    component: "App.svelte",
  },
  {
    name: "vue-3.4",
    why: "the oldest Vue that is supported",
    dependencies: { "@vitejs/plugin-vue": "6.0.11", vite: "8.3.8", vue: "3.4.0" },
    sources: ["page", "vue"],
    build: "vite build --base ./",
  },
  {
    name: "svelte-4",
    why: "the oldest Svelte that is supported",
    dependencies: { "@sveltejs/vite-plugin-svelte": "3.1.2", svelte: "4.0.0", vite: "5.4.9" },
    sources: ["page", "svelte"],
    build: "vite build --base ./",
  },
  angular("angular", "Angular's command line, with strict templates", "21.2.26", {
    "@angular/build": "21.2.27",
    "@angular/cli": "21.2.27",
    typescript: "5.9.3",
  }),
  angular("angular-19", "the oldest Angular that is supported, with zone.js", "19.0.0", {
    "@angular/build": "19.0.0",
    "@angular/cli": "19.0.0",
    typescript: "5.6.3",
    "zone.js": "0.15.0",
  }),

  // Bundlers and test runners alone.
  {
    name: "import-map",
    why: "no bundler: the package's folder is served as it is, and an import map names its entry",
    sources: ["page", "import-map"],
    build: "mkdir -p dist && cp -rL node_modules/rolecall index.html main.js access.json dist/",
    quick: true,
  },
  {
    name: "worker",
    why: "the model in a Web Worker",
    ...esbuild("main.js worker.js"),
    sources: ["page", "worker"],
    quick: true,
  },
  {
    name: "slim",
    why: "the WebAssembly as a file, for those who serve it so",
    ...esbuild("main.js", "--loader:.wasm=file"),
    sources: ["page", "slim"],
    quick: true,
  },
  {
    name: "rollup",
    why: "warnings are errors",
    dependencies: { "@rollup/plugin-json": "6.1.0", "@rollup/plugin-node-resolve": "16.0.3", rollup: "4.68.7" },
    sources: ["page", "rollup"],
    build: "rollup --config rollup.config.js && cp index.html dist/",
  },
  {
    name: "parcel",
    why: "a bundler without settings",
    dependencies: { parcel: "2.16.4" },
    manifest: { source: "index.html", type: undefined },
    sources: ["page"],
    build: "parcel build --no-cache --dist-dir dist --no-source-maps",
  },
  ...[
    ["jest-26", "plugins of Flex", { jest: "26.6.3", ...react("17.0.2") }],
    ["jest-27", "a resolver that knows no exports, and jsdom 16", { jest: "27.5.1", ...react("17.0.2") }],
    ["jest-28", "the first Jest that knows exports", { jest: "28.1.3", "jest-environment-jsdom": "28.1.3" }],
    ["jest-29", "the Jest of most applications", { jest: "29.7.0", "jest-environment-jsdom": "29.7.0" }],
    ["jest-30", "today's Jest", { jest: "30.5.2", "jest-environment-jsdom": "30.5.2" }],
  ].map(([name, why, dependencies]) => ({
    name,
    why,
    dependencies,
    manifest: { type: undefined },
    sources: ["page", "jest", ...(dependencies.react === "17.0.2" ? ["jest-react"] : [])],
    test: "jest",
    quick: dependencies.react === "17.0.2",
  })),
  {
    name: "vitest",
    why: "today's test runner of Vite",
    dependencies: { vitest: "4.1.12" },
    sources: ["page", "vitest"],
    test: "vitest run",
  },

  // Where it starts differently, or cannot start.
  {
    name: "workerd",
    why: "Cloudflare Workers: only a module that was deployed along",
    dependencies: { ...page.dependencies, workerd: "1.20261117.1" },
    sources: ["page", "workerd"],
    // As wrangler bundles a Worker: its conditions, and the WebAssembly as a file beside the script.
    test: [
      "esbuild worker.js tests.js --bundle --format=esm --target=es2022 --conditions=workerd,worker,browser",
      "--loader:.wasm=copy --asset-names=[name] --outdir=dist && workerd test config.capnp",
    ].join(" "),
    quick: true,
  },
  {
    name: "cannot-start",
    why: "engines without WebAssembly, or that compile only asynchronously; too early for rolecall/slim",
    sources: ["page", "cannot-start"],
    test: "node --jitless missing.mjs && node init-required.mjs && node not-ready.mjs",
    quick: true,
  },
  {
    name: "blocked",
    why: "a policy without wasm-unsafe-eval",
    ...page,
    sources: ["page", "verdict", "blocked"],
    policy: "default-src 'self'; script-src 'self'",
    shows: "verdict",
    quick: true,
  },
  {
    name: "two-copies",
    why: "an application and a widget with a copy each",
    ...page,
    sources: ["page", "verdict", "two-copies"],
    copies: ["widget"],
    shows: "verdict",
    quick: true,
  },
];
