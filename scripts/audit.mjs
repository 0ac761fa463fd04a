// What is known against the packages that build and test this one: `npm run audit`. What needs the network and cannot
// have it is skipped, and says so; `AUDIT=required` makes that a failure.
import { spawnSync } from "node:child_process";
import { main, npm, root, run, Stop } from "./run.mjs";
import { setUpBuild } from "./setup.mjs";
import { ensureCargoTool } from "./tools.mjs";

/** A line that scripts/test.mjs repeats at its end. */
function skip(what, why) {
  if (process.env.AUDIT === "required") throw new Stop(`${what}: ${why}`);
  console.log(`Skipped: ${what}, because ${why}`);
}

const deny = (...args) => run("cargo", ["deny", "--locked", "--all-features", "check", "--show-stats", ...args]);

function auditCrates() {
  deny("licenses", "bans", "sources");
  const fetched = spawnSync("cargo", ["deny", "fetch", "db"], { cwd: root, encoding: "utf8" });
  if (fetched.status === 0) deny("--disable-fetch", "advisories");
  else skip("advisories about crates", "RustSec's database on GitHub cannot be fetched");
}

/** What npm answers as JSON, whether it exits well or not. */
function askNpm(...args) {
  const [program, first] = npm();
  // One try: without a network the usual three take more than a minute.
  const { stdout } = spawnSync(program, [...first, ...args, "--json", "--fetch-retries=0"], {
    cwd: root,
    encoding: "utf8",
  });
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}

function auditNpmPackages() {
  const { auditReportVersion, vulnerabilities } = askNpm("audit");
  if (auditReportVersion === undefined) skip("advisories about npm packages", "the registry answers no audit");
  else {
    const found = Object.values(vulnerabilities).map(({ name, severity, range }) => `  ${name} ${range}: ${severity}`);
    if (found.length > 0)
      throw new Stop(`Advisories about npm packages; \`npm audit\` tells more:\n${found.join("\n")}`);
    console.log("No advisory about an npm package");
  }

  const { invalid, missing } = askNpm("audit", "signatures");
  if (invalid === undefined) skip("signatures of npm packages", "Sigstore's keys cannot be fetched");
  else {
    const wrong = [...invalid, ...missing].map(({ name, version }) => `  ${name} ${version}`);
    if (wrong.length > 0) throw new Stop(`npm packages without a good signature:\n${wrong.join("\n")}`);
    console.log("Every npm package has a good signature");
  }
}

await main(() => {
  setUpBuild();
  ensureCargoTool("cargo-deny");
  auditCrates();
  auditNpmPackages();
});
