// The package as its users get it: packed, and installed into an empty project.
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { pack } from "../../scripts/pack.mjs";
import { runNpm } from "../../scripts/run.mjs";

/** Gives the project's folder, the tarball, the paths of the files that were packed, `resolve()` and `remove()`. */
export function installPackage() {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { path, files } = pack(folder);
  runNpm(["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", path], folder);
  return {
    folder,
    tarball: path,
    /** The file, relative to the folder, that a page or a bundler loads for an import of `specifier`. */
    resolve(specifier) {
      const program = `console.log(import.meta.resolve(${JSON.stringify(specifier)}))`;
      const url = execFileSync(process.execPath, ["--conditions=module", "--input-type=module", "--eval", program], {
        cwd: folder,
        encoding: "utf8",
      });
      return relative(realpathSync(folder), fileURLToPath(url.trim()));
    },
    files,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The first program of a user: a service, an ability, two checks. */
export const firstProgram = (specifier) => `import { Service } from ${JSON.stringify(specifier)};
const service = new Service();
service.setUser("alice");
service.createChannel({ sid: "CH1", createdBy: "alice" });
service.joinChannel("CH1", "alice");
const allowed = service.ability("alice", "CH1").can("sendMessage");
const denied = service.ability("bob", "CH1").can("sendMessage");
`;
