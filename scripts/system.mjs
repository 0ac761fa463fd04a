// Packages of the operating system: Debian's and Ubuntu's, since their browsers and drivers are known to work.
import { existsSync, readFileSync } from "node:fs";
import { read, run, Stop } from "./run.mjs";

function systemName() {
  if (!existsSync("/etc/os-release")) return undefined;
  const description = readFileSync("/etc/os-release", "utf8");
  const words = (key) => (new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(description)?.[1] ?? "").split(" ");
  return [...words("ID"), ...words("ID_LIKE")].find((name) => name === "debian" || name === "ubuntu");
}

/** "debian", "ubuntu" (or something like one of them), or undefined. */
export const system = systemName();

/** What to put before a command to be root without being asked for a password, or undefined. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  const quiet = { stdio: ["ignore", "pipe", "ignore"] };
  return read("sudo", ["-n", "true"], quiet) === undefined ? undefined : ["sudo", "-n"];
}

/** Installs packages where that can be done, else prints the command; who needs them looks whether they are there. */
export function installSystemPackages(packages) {
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", ...packages];
  const prefix = asRoot();
  if (prefix === undefined) {
    console.log(`Missing on this machine: ${packages.join(", ")}. To install:\n  sudo ${install.join(" ")}`);
    return;
  }
  console.log(`Installing ${packages.join(", ")}`);
  const [program, ...args] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive"];
  try {
    run(program, [...args, "apt-get", "update", "--quiet"]);
    run(program, [...args, ...install, "--quiet"]);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(error.message);
  }
}
