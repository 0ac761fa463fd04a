// The browsers and their WebDriver servers: finding them, and installing the missing ones where that can be done.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "./run.mjs";
import { installSystemPackages, system } from "./system.mjs";
import { cargoTool, cargoToolPath, findProgram } from "./tools.mjs";

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

const debianPackages = {
  chromium: ["chromium", "chromium-driver"],
  firefox: ["firefox-esr"],
  webkit: ["webkit2gtk-driver", "xvfb"],
};

const systemPackages = {
  debian: debianPackages,
  // Ubuntu has the other two only as snaps, which do not run everywhere.
  ubuntu: { ...debianPackages, chromium: [], firefox: [] },
};

const hints = {
  chromium: "install Chrome or Chromium, and chromedriver of its version",
  firefox: "install Firefox",
  webkit: "install WebKitGTK with its WebKitWebDriver and MiniBrowser, and Xvfb",
};

/** Whether packages of the system could add something: geckodriver is none. */
function lacksPackages(name) {
  const { driver, ...programs } = finders[name]();
  return !Object.values(programs).every(Boolean) || (name !== "firefox" && !driver);
}

const packagesOf = (names) => names.flatMap((name) => systemPackages[system]?.[name] ?? []);

/** What opening pages needs that can be installed here. */
export function browsers() {
  const packages = packagesOf(engineNames.filter(lacksPackages));
  const geckodriver = cargoTool("geckodriver");
  return [
    {
      what: `${packages.join(", ")}, by apt-get`,
      takes: "2 minutes",
      isThere: () => packages.length === 0,
      install: () => installSystemPackages(packages),
    },
    {
      ...geckodriver,
      isThere() {
        const { browser, driver } = finders.firefox();
        return !browser || Boolean(driver) || geckodriver.isThere();
      },
    },
  ];
}

/** The names of the engines that are installed. The others are named, with how to install them; with `CI=true` they must not be missing. */
export function availableEngines() {
  const missing = engineNames.filter((name) => !findEngine(name));
  if (missing.length > 0) {
    const list = missing.map((name) => `  ${name}: ${hints[name]}`).join("\n");
    if (env.CI === "true") throw new Stop(`CI needs every engine; missing:\n${list}`);
    console.log(`Skipped engines, because they are not installed:\n${list}`);
  }
  return engineNames.filter((name) => !missing.includes(name));
}
