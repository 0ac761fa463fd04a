// Writes docs/api/ from the comments of pkg-template/: `npm run docs`. With `--check` it only compares.
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./build.mjs";
import { main, root, Stop } from "./run.mjs";

const committed = join(root, "docs", "api");
const made = join(root, "target", "api");

const template = join(root, "pkg-template");

/** The sources of the package's entry points. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(template, "package.json"), "utf8"));
  const declared = Object.values(exports).flatMap((entry) => entry.import?.types ?? []);
  return declared.map((types) => join(template, types.replace(/\.d\.ts$/, ".ts")));
}

async function generate() {
  const { Application } = await import("typedoc");
  rmSync(made, { recursive: true, force: true });
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    outputs: [{ name: "markdown", path: made }],
    entryPoints: entryPoints(),
    tsconfig: join(root, "tsconfig.json"),
    readme: "none",
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    sort: ["source-order"],
    logLevel: "Error",
    router: "module",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
  });
  const project = await application.convert();
  if (!project) throw new Stop("typedoc could not read pkg-template/.");
  await application.generateOutputs(project);
}

function pages(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".md"));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

async function api() {
  const { values } = parseArgs({ options: { check: { type: "boolean" } } });
  // The sources import what a build generates.
  await ensureBuilt();
  await generate();
  if (!values.check) {
    rmSync(committed, { recursive: true, force: true });
    cpSync(made, committed, { recursive: true });
    return;
  }
  const now = pages(made);
  const before = pages(committed);
  const stale = [...new Set([...now.keys(), ...before.keys()])].filter((name) => now.get(name) !== before.get(name));
  if (stale.length > 0) throw new Stop(`Out of date in docs/api: ${stale.join(", ")}. \`npm run docs\` writes them.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(api);
