// A project's folder: its sources, what it depends on, and the package as npm would publish it.
//
// The folders are outside of the repository, whose own node_modules would be found from inside of it. They stay from one
// run to the next, so that only what has changed is downloaded; sources and package are always today's.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "../../scripts/run.mjs";
import { blocksOf } from "../package/pages.mjs";

const sources = fileURLToPath(new URL("sources", import.meta.url));

/** The folder that stays; while another run is in it, one of this run's own. */
function takeFolder() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "rolecall-installs");
  const lock = join(folder, ".process");
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isRunning(Number(readFileSync(lock, "utf8")))) {
      const own = mkdtempSync(join(tmpdir(), "rolecall-installs-"));
      process.once("exit", () => rmSync(own, { recursive: true, force: true }));
      return own;
    }
    writeFileSync(lock, String(process.pid));
  }
  process.once("exit", () => rmSync(lock, { force: true }));
  return folder;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const parent = takeFolder();

/** How npm says that something is not to be had: not on this registry, not for this machine, or not from here. */
const unavailable =
  /npm error code (E404|E403|ETARGET|EBADPLATFORM|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH)/;

const unpack = (tarball, folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", folder]);
};

/** What is installed depends on these alone: what the project and the package say they need. */
function keyOf(manifest, tarball) {
  const text = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  const { dependencies, peerDependencies, peerDependenciesMeta, engines } = JSON.parse(text);
  return JSON.stringify([manifest.dependencies, dependencies, peerDependencies, peerDependenciesMeta, engines]);
}

/**
 * Lays a project out and installs what it needs. Gives its folder; or why it cannot be had here.
 *
 * @param project one of projects.mjs
 * @param tarball the packed package
 */
export function install(project, tarball) {
  const folder = join(parent, project.name);
  const modules = join(folder, "node_modules");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name !== "node_modules") rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const name of project.sources) cpSync(join(sources, name), folder, { recursive: true });
  for (const { source, recipe } of project.recipes ? blocksOf("docs/frameworks.md") : []) {
    if (project.recipes.includes(recipe)) writeFileSync(join(folder, "src", basename(recipe)), source);
  }
  const { check, recheck, test, build, start, dev } = project;
  const manifest = {
    private: true,
    type: "module",
    scripts: { check, recheck, test, build, start, dev },
    dependencies: project.dependencies,
    ...project.manifest,
  };
  const write = (name, value) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  for (const [name, value] of Object.entries({ ...project.json, "package.json": manifest })) write(name, value);

  const keyFile = join(modules, ".installed.json");
  const key = keyOf(manifest, tarball);
  if (existsSync(keyFile) && readFileSync(keyFile, "utf8") === key) {
    unpack(tarball, join(modules, "rolecall"));
  } else {
    rmSync(modules, { recursive: true, force: true });
    const [program, first] = npm();
    const options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline"];
    const { status, stderr } = spawnSync(program, [...first, "install", ...options, tarball], {
      cwd: folder,
      encoding: "utf8",
    });
    if (status !== 0) {
      const [, code] = unavailable.exec(stderr) ?? [];
      if (!code) throw new Error(`npm could not install it:\n${stderr}`);
      const [, what] = /npm error (?:\d+|notarget|network|Unsupported platform for) (.+)/.exec(stderr) ?? [];
      return { missing: [code, what].filter(Boolean).join(", ") };
    }
    mkdirSync(modules, { recursive: true });
    writeFileSync(keyFile, key);
  }
  for (const copy of project.copies ?? []) unpack(tarball, join(folder, copy, "node_modules", "rolecall"));
  return { folder };
}
