// Starting other programs. Everything here uses only what Node brings, since it also runs before `npm ci`.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The end of a run that its reader can do something about: printed without a stack trace. */
export class Stop extends Error {}

/** Says what is being done, and how long that usually takes on two cores. */
export function say(what, takes) {
  console.log(`\n→ ${what}${takes ? ` (usually ${takes})` : ""}`);
}

/** Runs a program to its end with the terminal as its own; stops the run when it fails. */
export function run(program, args, options = {}) {
  const { status, error, signal } = spawnSync(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (error?.code === "ENOENT") throw new Stop(`${program} is not on the PATH.`);
  if (error) throw error;
  if (status !== 0) {
    throw new Stop(`\`${[program, ...args].join(" ")}\` ended with ${signal ?? `exit code ${status}`}.`);
  }
}

/** What a program prints on stdout, or undefined when it is missing or fails. */
export function read(program, args, options = {}) {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: "utf8", ...options });
  return status === 0 ? stdout : undefined;
}

/** Runs a program to its end, showing its output line by line behind a `name`; gives the exit code and all of the output. */
export async function watch(name, program, args, { env } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let output = "";
  for (const [stream, shown] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    createInterface({ input: stream }).on("line", (line) => {
      output += `${line}\n`;
      shown.write(`${name} | ${line}\n`);
    });
  }
  const [code] = await once(child, "close");
  return { code: code ?? 1, output };
}

/** npm's own program and first arguments: the npm that started this script, else the one on the PATH. */
export function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith(".js") ? [process.execPath, [script]] : ["npm", []];
}

/** Runs npm in a folder; gives what it prints on stdout. */
export function runNpm(args, cwd) {
  const [program, first] = npm();
  return execFileSync(program, [...first, ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Puts a folder of programs first on the PATH of this process and of all it starts. */
export function preferPrograms(folder) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (folders[0] !== folder) process.env.PATH = [folder, ...folders].join(delimiter);
}

/** A program that npm installed. */
export const npmProgram = (name) => join(root, "node_modules", ".bin", name);

/** Runs a script's main function and turns a `Stop` into one line and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
