// One shared way to open real pages in Chromium, Firefox and WebKitGTK.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Builder, Capabilities } from "selenium-webdriver";
import { engineNames, findEngine } from "../../scripts/browsers.mjs";

/** `ENGINES=firefox,webkit` runs the tests in these engines only. */
const chosen = process.env.ENGINES?.split(",") ?? engineNames;
const unknown = chosen.filter((name) => !engineNames.includes(name));
if (unknown.length > 0) throw new Error(`ENGINES names ${unknown.join(", ")}; there are ${engineNames.join(", ")}.`);

/** The names of the engines to run tests in: those that are chosen and installed. */
export const engines = chosen.filter((name) => findEngine(name));
if (engines.length === 0) throw new Error(`None of the engines ${chosen.join(", ")} is installed.`);

const capabilities = {
  chromium: ({ browser }) => ({
    browserName: "chrome",
    "goog:chromeOptions": {
      binary: browser,
      args: [
        "--headless",
        // The sandbox starts neither for root nor in most containers, and the pages are our own.
        "--no-sandbox",
        // The shared memory of a container is often too small for a page.
        "--disable-dev-shm-usage",
        ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync"],
      ],
    },
    "goog:loggingPrefs": { browser: "ALL" },
  }),
  firefox: ({ browser }) => ({
    browserName: "firefox",
    "moz:firefoxOptions": { binary: browser, args: ["-headless"] },
  }),
  webkit: ({ browser }) => ({
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
  }),
};

const running = new Set();
process.on("exit", () => {
  for (const child of running) killGroup(child, "SIGKILL");
});
// Without a listener these end the process before "exit" can clean up.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Ends a program together with what it started: a WebDriver server that is killed leaves its browser behind. */
function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function start(program, args, options) {
  // `detached` makes it a process group of its own.
  const child = spawn(program, args, { stdio: "ignore", detached: true, ...options });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  killGroup(child, "SIGTERM");
  await ended;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a screen without a monitor, on a number that the server itself finds free. */
async function startDisplay(program) {
  const child = start(program, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await Promise.race([
    once(child.stdio[3], "data"),
    once(child, "exit").then(() => Promise.reject(new Error("Xvfb did not start."))),
  ]);
  return { child, name: `:${String(number).trim()}` };
}

/** Waits until a WebDriver server answers that it is ready. It is asked over and over, since none of them says so by itself. */
async function ready(server, child) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with exit code ${child.exitCode}.`);
    const status = await fetch(`${server}/status`, { signal: AbortSignal.timeout(5000) }).then(
      (answer) => answer.json(),
      () => undefined,
    );
    if (status?.value?.ready) return;
    if (Date.now() > deadline) throw new Error(`${child.spawnfile} is not ready.`);
    await setTimeout(20);
  }
}

/**
 * Opens a browser. Gives selenium's driver, whose `quit()` also ends the WebDriver server and the screen, and is
 * safe to call twice.
 */
export async function open(engine) {
  const programs = findEngine(engine);
  if (!programs) throw new Error(`${engine} is not installed.`);
  const display = programs.display && (await startDisplay(programs.display));
  const port = await freePort();
  const portOption = engine === "firefox" ? ["--port", String(port)] : [`--port=${port}`];
  const driverServer = start(programs.driver, portOption, {
    env: { ...process.env, ...(display && { DISPLAY: display.name, GDK_BACKEND: "x11" }) },
  });
  const stopPrograms = async () => {
    await stop(driverServer);
    if (display) await stop(display.child);
  };
  try {
    const server = `http://127.0.0.1:${port}`;
    await ready(server, driverServer);
    const driver = await new Builder()
      .usingServer(server)
      .withCapabilities(new Capabilities(capabilities[engine](programs)))
      .build();
    const quitBrowser = driver.quit.bind(driver);
    let quitting;
    driver.quit = () => {
      quitting ??= quitBrowser().finally(stopPrograms);
      return quitting;
    };
    return driver;
  } catch (error) {
    await stopPrograms();
    throw error;
  }
}
