// The browsers and their WebDriver servers: finding them, and installing the missing ones where that can be done.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "./run.mjs";
import { installSystemPackages, system } from "./system.mjs";
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

/** geckodriver is no Debian package, so cargo builds it; the other drivers come with their browsers. */
function ensureGeckodriver() {
  const { browser, driver } = finders.firefox();
  if (browser && !driver) ensureCargoTool("geckodriver");
}

/** Installs the missing browsers where that can be done; gives the engines that are there then, by name. */
export function ensureBrowsers() {
  const lacksPackages = (name) => {
    const { driver, ...programs } = finders[name]();
    const complete = Object.values(programs).every(Boolean);
    return !complete || (name !== "firefox" && !driver);
  };
  const packages = engineNames.filter(lacksPackages).flatMap((name) => systemPackages[system]?.[name] ?? []);
  if (packages.length > 0) installSystemPackages(packages);
  ensureGeckodriver();

  const missing = engineNames.filter((name) => !findEngine(name));
  if (missing.length > 0) {
    const list = missing.map((name) => `  ${name}: ${hints[name]}`).join("\n");
    if (env.CI === "true") throw new Stop(`CI needs every engine; missing:\n${list}`);
    console.log(`Skipped engines, because they are not installed:\n${list}`);
  }
  return engineNames.filter((name) => !missing.includes(name));
}
