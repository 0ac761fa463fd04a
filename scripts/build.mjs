// Builds the npm package into pkg/: `npm run build`. With `--typescript` the WebAssembly is the one of the last build.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inlineDeclarations, inlineModule } from "./inline.mjs";
import { lowerGenerated, publishForms } from "./published.mjs";
import { main, npmProgram, root, run, Stop, say } from "./run.mjs";
import { setUpBuild } from "./setup.mjs";
import { checkSizes } from "./size.mjs";

const template = join(root, "pkg-template");
const packageFolder = join(root, "pkg");
/** Where the package is assembled, so that a build that fails leaves the last good one. */
const stage = join(root, "target", "package");
/** What wasm-bindgen and this script generate; tsconfig.json lays it over pkg-template/. */
const generated = join(root, "target", "bindgen");

function checkVersions() {
  const cargo = /^version = "(.+)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1];
  const { version } = JSON.parse(readFileSync(join(template, "package.json"), "utf8"));
  if (cargo !== version) throw new Stop(`Cargo.toml has version ${cargo}, pkg-template/package.json ${version}.`);
}

/** The features of the crate that is in the package. */
export const packageFeatures = "js";

/** Flags that keep the folders of this machine out of what panics say, so that every machine builds the same bytes. */
function withoutPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const names = [
    [root, "rolecall"],
    [join(cargoHome, "registry", "src"), "crates"],
  ];
  return names.map(([folder, name]) => `--remap-path-prefix=${folder}=${name}`).join(" ");
}

async function generateFromRust() {
  say("Compiling the model to WebAssembly", "half a minute, later 10 seconds");
  const target = "wasm32-unknown-unknown";
  // Told even if CARGO_TARGET_DIR says otherwise, since what follows must find the result.
  const targetFolder = join(root, "target");
  const build = [
    // As a cdylib alone: beside an rlib, link-time optimisation leaves the file a fifth bigger.
    ...["rustc", "--release", "--locked", "--lib", "--crate-type", "cdylib"],
    ...["--target", target, "--target-dir", targetFolder],
    ...["--no-default-features", "--features", packageFeatures],
  ];
  run("cargo", build, { env: { ...process.env, RUSTFLAGS: withoutPaths() } });
  rmSync(generated, { recursive: true, force: true });
  const compiled = join(targetFolder, target, "release", "rolecall.wasm");
  run("wasm-bindgen", ["--target", "bundler", "--out-dir", generated, compiled]);

  say("Making the WebAssembly smaller", "10 seconds");
  const wasm = join(generated, "rolecall.wasm");
  run(npmProgram("wasm-opt"), [
    join(generated, "rolecall_bg.wasm"),
    ...["--output", wasm, "-Oz"],
    ...["--strip-debug", "--strip-producers", "--strip-target-features"],
    // What rustc and wasm-bindgen emit by default, spelled out since the stripped section told it.
    ...["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map(
      (feature) => `--enable-${feature}`,
    ),
  ]);

  writeFileSync(join(generated, "wasm-inline.js"), await inlineModule(readFileSync(wasm)));
  writeFileSync(join(generated, "wasm-inline.d.ts"), inlineDeclarations);
  // wasm-bindgen puts src/js/values.js into a folder with a hash in its name, by which the WebAssembly asks for it.
  const [folder] = readdirSync(join(generated, "snippets"));
  const module = JSON.stringify(`./snippets/${folder}/src/js/values.js`);
  writeFileSync(join(generated, "values.js"), `export * from ${module};\nexport const module = ${module};\n`);
  writeFileSync(
    join(generated, "values.d.ts"),
    "/** The name by which the WebAssembly imports this module. */\nexport const module: string;\n",
  );
  // wasm-bindgen declares the module that loads the file by itself; its parts are the same.
  writeFileSync(
    join(generated, "rolecall_bg.d.ts"),
    `${readFileSync(join(generated, "rolecall.d.ts"), "utf8")}
/** Gives the module its instance. */
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
`,
  );
}

async function assemblePackage() {
  say("Compiling the TypeScript, and putting the package together", "5 seconds");
  const modules = join(stage, "esm");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  run(npmProgram("tsc"), ["--project", "tsconfig.package.json"]);
  const names = ["rolecall_bg.js", "values.js", "wasm-inline.js"];
  await lowerGenerated(
    names.map((name) => join(generated, name)),
    modules,
  );
  for (const name of ["package.json", "README.md"]) {
    if (existsSync(join(template, name))) copyFileSync(join(template, name), join(stage, name));
  }
  for (const name of readdirSync(root).filter((file) => /^(LICENSE|CHANGELOG)/.test(file))) {
    copyFileSync(join(root, name), join(stage, name));
  }
  copyFileSync(join(generated, "rolecall.wasm"), join(stage, "rolecall.wasm"));
  await publishForms(stage);

  rmSync(packageFolder, { recursive: true, force: true });
  renameSync(stage, packageFolder);
}

/** Makes `import "rolecall"` mean pkg/ for Node, tsc and esbuild, through its exports map like anywhere else. */
function linkPackage() {
  const link = join(root, "node_modules", "rolecall");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join("..", "pkg"), link, "dir");
}

/** Builds the package; the sizes take some more seconds. */
export async function build({ withSizes = true, withRust = true } = {}) {
  setUpBuild();
  checkVersions();
  if (withRust) await generateFromRust();
  await assemblePackage();
  linkPackage();
  if (withSizes) await checkSizes();
}

/** For what reads the package, or what is generated for it: builds unless both are there, however old they are. */
export async function ensureBuilt() {
  setUpBuild();
  const made = [join(generated, "rolecall_bg.d.ts"), join(packageFolder, "package.json")];
  if (!made.every((file) => existsSync(file))) await build();
  // `npm ci` takes the link away.
  linkPackage();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const typescriptOnly = process.argv.includes("--typescript");
  await main(() => build({ withRust: !typescriptOnly, withSizes: !typescriptOnly }));
}
