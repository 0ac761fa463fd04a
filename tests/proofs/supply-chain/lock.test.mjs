// What is downloaded to build and test is named exactly, with its hash.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../../scripts/run.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");

describe("npm packages", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const { "": workshop, ...installed } = packages;
  const all = Object.entries(installed);
  const wrong = (isRight) => all.filter(([, entry]) => !isRight(entry)).map(([path]) => path);

  test("come from a registry, not from a repository or a folder", () => {
    assert.ok(all.length > 100, `${all.length} packages`);
    assert.deepEqual(
      // A lock file without addresses leaves them to the registry that npm is set to; the hash holds either way.
      wrong(
        ({ resolved = "https://registry.npmjs.org/", link }) =>
          !link && /^https:\/\/registry\.npmjs\.org\//.test(resolved),
      ),
      [],
    );
  });

  test("have their SHA-512", () => {
    assert.deepEqual(
      wrong(({ integrity }) => /^sha512-[\w+/]{86}==$/.test(integrity ?? "")),
      [],
    );
  });

  test("are asked for by exact version", () => {
    const asked = Object.entries(workshop.devDependencies);
    assert.ok(asked.length > 0);
    assert.deepEqual(
      asked.filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  test("are installed without running their scripts", () => {
    assert.match(read("scripts/setup.mjs"), /"ci".*"--ignore-scripts"/);
  });
});

describe("crates", () => {
  const crates = read("Cargo.lock")
    .split("[[package]]")
    .slice(1)
    .map((entry) =>
      Object.fromEntries([...entry.matchAll(/^(\w+) = "(.+)"$/gm)].map(([, key, value]) => [key, value])),
    );

  test("come from crates.io, with their SHA-256, but for the project's own", () => {
    assert.ok(crates.length > 30, `${crates.length} crates`);
    const odd = crates.filter(
      ({ source, checksum }) =>
        source !== "registry+https://github.com/rust-lang/crates.io-index" || !/^[\da-f]{64}$/.test(checksum ?? ""),
    );
    assert.deepEqual(
      odd.map(({ name }) => name).filter((name) => !/^rolecall(-|$)/.test(name)),
      [],
    );
  });
});
