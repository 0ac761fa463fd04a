// The tools that npm does not bring: the Rust toolchain, and programs that cargo builds.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { preferPrograms, read, root, run, Stop, say } from "./run.mjs";
import { installSystemPackages, system } from "./system.mjs";

/** Where tools built with cargo are kept, one folder a version, so that no other project's tool is replaced. */
const toolFolder =
  process.env.ROLECALL_TOOLS ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "rolecall");

/** The first of these programs, by name on the PATH or by full path, that can be run. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of names.filter(Boolean)) {
    const places = name.includes("/") ? [name] : folders.map((folder) => join(folder, name));
    const found = places.find((place) => {
      try {
        accessSync(place, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
    if (found) return found;
  }
  return undefined;
}

/** What is installed before something longer can start: how it is called, how long it usually takes, and how it is done. */
export function ensure({ what, takes, isThere, install }) {
  if (isThere()) return;
  say(`Installing ${what}`, takes);
  install();
}

/** Rust needs a C compiler to link. */
const compiler = {
  what: "a C compiler",
  takes: "half a minute",
  isThere: () => findProgram("cc") !== undefined,
  install() {
    if (system) installSystemPackages(["gcc", "libc6-dev"]);
    if (!findProgram("cc")) throw new Stop("A C compiler, `cc`, is missing. Install one and run this again.");
  },
};

/** What rust-toolchain.toml names. */
function wantedRust() {
  const wanted = readFileSync(join(root, "rust-toolchain.toml"), "utf8");
  const list = (key) =>
    [...(new RegExp(`^${key} = \\[(.*)\\]`, "m").exec(wanted)?.[1] ?? "").matchAll(/"(.+?)"/g)].map(
      (match) => match[1],
    );
  const channel = /^channel = "(.+)"/m.exec(wanted)[1];
  return { channel, components: list("components"), targets: list("targets") };
}

const toolchain = {
  what: "the Rust toolchain of rust-toolchain.toml",
  takes: "a minute",
  isThere() {
    // A shell opened before rustup was installed does not have its folder on the PATH.
    const cargoPrograms = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
    if (!findProgram("rustup") && existsSync(join(cargoPrograms, "rustup"))) preferPrograms(cargoPrograms);
    if (!findProgram("rustup"))
      throw new Stop("rustup is missing. Install it from https://rustup.rs and run this again.");
    const { channel, components, targets } = wantedRust();
    const installed = read("rustup", ["component", "list", "--installed", "--toolchain", channel])?.split("\n") ?? [];
    const has = (name) => installed.some((line) => line === name || line.startsWith(`${name}-`));
    return components.every(has) && targets.every((target) => has(`rust-std-${target}`));
  },
  install() {
    const { channel, components, targets } = wantedRust();
    // Spelled out, because RUSTUP_AUTO_INSTALL=0 keeps rustup from reading rust-toolchain.toml by itself.
    run("rustup", [
      ...["toolchain", "install", channel, "--profile", "minimal", "--no-self-update"],
      ...components.flatMap((component) => ["--component", component]),
      ...targets.flatMap((target) => ["--target", target]),
    ]);
  },
};

export const rust = [compiler, toolchain];

/** wasm-bindgen's program must be of the very version of the crate. */
const wasmBindgenVersion = () => {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = /name = "wasm-bindgen"\nversion = "(.+)"/.exec(lock)?.[1];
  if (!version) throw new Stop("Cargo.lock names no version of wasm-bindgen.");
  return version;
};

function versionOf(program) {
  // Some of cargo's commands take a word only after their own name, as cargo itself gives it.
  const command = /(?:^|\/)cargo-([\w-]+)$/.exec(program)?.slice(1) ?? [];
  return /\d+\.\d+\.\d+/.exec(read(program, [...command, "--version"]) ?? "")?.[0];
}

/** Whether `version` is `least` or newer. */
const atLeast = (version, least) => version !== undefined && version.localeCompare(least, "en", { numeric: true }) >= 0;

/** A tool of the crate of its name, of which the machine's own will do if it is not older than `least`. */
const fromCrate = (crate, version, least, takes) => () => ({
  crate,
  version,
  takes,
  goodEnough: (found) => atLeast(found, least),
  options: ["--locked"],
});

const cargoTools = {
  "wasm-bindgen": () => {
    const version = wasmBindgenVersion();
    return {
      crate: "wasm-bindgen-cli",
      version,
      takes: "3 minutes",
      // The runner of browser tests comes with it, but a package of the system may leave it out.
      goodEnough: (found) => found === version && findProgram("wasm-bindgen-test-runner") !== undefined,
      // With --locked a dependency cannot be had any more.
      options: [],
    };
  },
  "wasm-pack": fromCrate("wasm-pack", "0.15.1", "0.13.0", "2 minutes"),
  geckodriver: fromCrate("geckodriver", "0.37.1", "0.34.0", "2 minutes"),
  "cargo-deny": fromCrate("cargo-deny", "0.20.2", "0.20.0", "4 minutes"),
  "cargo-fuzz": fromCrate("cargo-fuzz", "0.13.2", "0.13.0", "a minute"),
  "cargo-mutants": fromCrate("cargo-mutants", "27.1.0", "27.0.0", "3 minutes"),
  "cargo-cyclonedx": fromCrate("cargo-cyclonedx", "0.5.9", "0.5.7", "2 minutes"),
};

const folderOf = ({ crate, version }) => join(toolFolder, `${crate}-${version}`);

/** Where the tool is, or will be, when it is installed for this project. */
export const cargoToolPath = (name) => join(folderOf(cargoTools[name]()), "bin", name);

/** The tool's program, on the machine or in the tool folder, or undefined. */
export const findCargoTool = (name) => findProgram(name, cargoToolPath(name));

/** Has cargo compile a tool. */
function compile({ crate, version, options }) {
  const buildFolder = join(toolFolder, `build-${crate}-${version}`);
  const into = ["--root", folderOf({ crate, version }), "--force"];
  run("cargo", ["install", crate, "--version", `=${version}`, ...into, ...options], {
    // These tools work for seconds: building them fast matters more than how fast they are.
    env: {
      ...process.env,
      CARGO_TARGET_DIR: buildFolder,
      CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
      CARGO_PROFILE_RELEASE_LTO: "off",
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
      CARGO_PROFILE_RELEASE_DEBUG: "0",
    },
  });
  rmSync(buildFolder, { recursive: true, force: true });
}

/** Has cargo-binstall fetch a tool that somebody else has compiled; tells whether there was one. */
function fetchCompiled({ crate, version }) {
  const options = ["--no-confirm", "--root", folderOf({ crate, version }), "--disable-strategies", "compile"];
  return read("cargo-binstall", [...options, `${crate}@${version}`]) !== undefined;
}

/**
 * A tool that cargo installs, on the PATH once it is there. The machine's own is left alone, and used if it is good enough.
 */
export function cargoTool(name) {
  const tool = cargoTools[name]();
  const canFetch = findProgram("cargo-binstall") !== undefined;
  const folder = folderOf(tool);
  return {
    what: `${tool.crate} ${tool.version} into ${folder}, ${canFetch ? "by cargo-binstall" : "compiled by cargo"}`,
    takes: canFetch ? "some seconds" : tool.takes,
    isThere() {
      if (findProgram(name) && tool.goodEnough(versionOf(name))) return true;
      const program = cargoToolPath(name);
      if (versionOf(program) !== tool.version) return false;
      preferPrograms(dirname(program));
      return true;
    },
    install() {
      mkdirSync(folder, { recursive: true });
      if (!(canFetch && fetchCompiled(tool))) compile(tool);
      preferPrograms(join(folder, "bin"));
    },
  };
}

export const ensureCargoTool = (name) => ensure(cargoTool(name));
