// The browsers and their WebDriver servers: finding them, and installing the missing ones where that can be done.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { read, run, Stop } from "./run.mjs";
import { cargoToolPath, ensureCargoTool, findProgram } from "./tools.mjs";

const { env } = process;
const fromFolder = (folder, name) => folder && join(folder, name);

function findMiniBrowser() {
  // Not on the PATH: it lies beside the library, in a folder named after the architecture.
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib").map((folder) => join("/usr/lib", folder)) : [];
  const libraries = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
  return findProgram(
    env.MINIBROWSER_BIN,
    ...["/usr/lib", "/usr/libexec", ...folders].flatMap((folder) =>
      libraries.map((library) => join(folder, library, "MiniBrowser")),
    ),
  );
}

const finders = {
  chromium: () => ({
    browser: findProgram(
      env.CHROME_BIN,
      "chromium",
      "google-chrome",
      "google-chrome-stable",
      "chromium-browser",
      "chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    driver: findProgram(env.CHROMEDRIVER, fromFolder(env.CHROMEWEBDRIVER, "chromedriver"), "chromedriver"),
  }),
  firefox: () => ({
    browser: findProgram(env.FIREFOX_BIN, "firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    driver: findProgram(
      env.GECKODRIVER,
      fromFolder(env.GECKOWEBDRIVER, "geckodriver"),
      "geckodriver",
      cargoToolPath("geckodriver"),
    ),
  }),
  webkit: () => ({
    browser: findMiniBrowser(),
    driver: findProgram("WebKitWebDriver"),
    // MiniBrowser has no mode without a window.
    display: findProgram("Xvfb"),
  }),
};

/** The engines that the package promises to work in. */
export const engineNames = Object.keys(finders);

/** The programs of one engine, or undefined when one of them is missing. */
export function findEngine(name) {
  const programs = finders[name]();
  return Object.values(programs).every(Boolean) ? programs : undefined;
}

/** Ubuntu has Chromium and Firefox only as snaps, which bring their drivers and do not run everywhere. */
const systems = {
  debian: {
    packages: {
      chromium: ["chromium", "chromium-driver"],
      firefox: ["firefox-esr"],
      webkit: ["webkit2gtk-driver", "xvfb"],
    },
  },
  ubuntu: {
    packages: { chromium: [], firefox: [], webkit: ["webkit2gtk-driver", "xvfb"] },
    otherwise: "sudo snap install chromium firefox",
  },
};

function thisSystem() {
  if (!existsSync("/etc/os-release")) return undefined;
  const description = readFileSync("/etc/os-release", "utf8");
  const word = (key) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(description)?.[1] ?? "";
  const name = [word("ID"), ...word("ID_LIKE").split(" ")].find((id) => id in systems);
  return systems[name];
}

/** How to become root without being asked for a password, or undefined. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return read("sudo", ["-n", "true"], { stdio: ["ignore", "pipe", "ignore"] }) === undefined
    ? undefined
    : ["sudo", "-n"];
}

/** geckodriver is no Debian package, so cargo builds it; the other drivers come with their browsers. */
function ensureGeckodriver() {
  const { browser, driver } = finders.firefox();
  if (browser && !driver) ensureCargoTool("geckodriver");
}

function installWithApt(packages) {
  const prefix = asRoot();
  const command = ["apt-get", "install", "--yes", "--no-install-recommends", ...packages];
  if (prefix === undefined) {
    console.log(`Browsers for the tests are missing. To install them:\n  sudo ${command.join(" ")}`);
    return;
  }
  console.log(`Installing ${packages.join(", ")}`);
  const [program, ...args] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive"];
  run(program, [...args, "apt-get", "update", "--quiet"]);
  run(program, [...args, ...command, "--quiet"]);
}

/** Installs the missing browsers where that can be done; gives the engines that are there then, by name. */
export function ensureBrowsers() {
  // A browser counts without geckodriver here, since apt cannot bring that one.
  const lacksPackages = (name) => {
    const { driver, ...programs } = finders[name]();
    return !Object.values(programs).every(Boolean) || (name !== "firefox" && !driver);
  };
  const lacking = engineNames.filter(lacksPackages);
  const system = thisSystem();
  const packages = lacking.flatMap((name) => system?.packages[name] ?? []);
  if (packages.length > 0) installWithApt(packages);
  ensureGeckodriver();

  const present = engineNames.filter((name) => findEngine(name));
  const missing = engineNames.filter((name) => !present.includes(name));
  if (missing.length > 0) {
    const hint = system?.otherwise ?? "install the browser and its WebDriver server";
    const list = missing.join(", ");
    if (env.CI === "true") throw new Stop(`CI needs every engine; missing: ${list}. ${hint}`);
    console.log(`Skipped engines, because they are not installed: ${list} (${hint})`);
  }
  return present;
}
