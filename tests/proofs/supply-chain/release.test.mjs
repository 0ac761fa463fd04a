// What `npm run release` makes, made for real: the tarball of pkg/, its bills of materials, their checksums. Takes
// cargo-cyclonedx, which `npm test` builds only with `RELEASE=required`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { packageFeatures } from "../../../scripts/build.mjs";
import { read, root } from "../../../scripts/run.mjs";
import { findCargoTool } from "../../../scripts/tools.mjs";

const skip = process.env.RELEASE !== "required" && !findCargoTool("cargo-cyclonedx");
if (skip) console.log("Skipped: what a release consists of, because cargo-cyclonedx is missing (`npm run release`)");

const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
const name = `rolecall-${version}`;

/** What is compiled into the WebAssembly or compiles it, as cargo itself tells. */
function crates() {
  const options = ["--prefix=none", "--format={p}", "--edges=normal,build", "--no-default-features"];
  const target = ["--target", "wasm32-unknown-unknown", "--features", packageFeatures];
  const lines = read("cargo", ["tree", "--locked", ...options, ...target]).matchAll(/^([\w-]+) v([\d.]+\S*)/gm);
  const all = new Set([...lines].map(([, crate, version]) => `${crate}@${version}`));
  all.delete(name.replace("-", "@"));
  return [...all];
}

/** What Cargo.lock says a crate's bytes hash to. */
function checksum(crate) {
  const [name, version] = crate.split("@");
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  return new RegExp(`name = "${name}"\nversion = "${version}"\nsource = .*\nchecksum = "(.+)"`).exec(lock)[1];
}

/** What is in node_modules after `npm ci`, on any machine. */
const npmPackages = () =>
  Object.entries(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages)
    .filter(([path]) => path !== "")
    .map(([path, { name, version }]) => `${name ?? path.replace(/.*node_modules\//, "")}@${version}`);

const distinct = (list) => [...new Set(list)].sort();

describe("a release", { skip }, () => {
  let folder;
  let output;
  const bytes = (file) => readFileSync(join(folder, file));
  const hash = (file) => createHash("sha256").update(bytes(file)).digest("hex");
  const bill = (part) => JSON.parse(bytes(`${name}.${part}.cdx.json`));
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rolecall-release-"));
    const args = ["scripts/release.mjs", "--built", "--into", folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    output = stdout;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("is a tarball, two bills of materials and their checksums", () => {
    assert.deepEqual(readdirSync(folder).sort(), [
      "SHA256SUMS",
      `${name}.build.cdx.json`,
      `${name}.crates.cdx.json`,
      `${name}.tgz`,
    ]);
  });

  test("has the checksum of each file", () => {
    const sums = bytes("SHA256SUMS").toString().trimEnd().split("\n");
    const files = readdirSync(folder).filter((file) => file !== "SHA256SUMS");
    assert.deepEqual(sums.sort(), files.map((file) => `${hash(file)}  ${file}`).sort());
  });

  test("came out of two builds with the same bytes", () => {
    const sums = [...output.matchAll(/^([\da-f]{64}) {2}(\/.+\.tgz)$/gm)];
    assert.equal(new Set(sums.map(([, , path]) => path)).size, 2);
    for (const [, sum] of sums) assert.equal(sum, hash(`${name}.tgz`));
  });

  for (const [part, whose, expected] of [
    ["crates", "cargo/rolecall", crates],
    ["build", "npm/rolecall-workshop", npmPackages],
  ]) {
    test(`lists exactly the packages of ${whose}, by their hashes`, () => {
      const { bomFormat, metadata, components } = bill(part);
      assert.equal(bomFormat, "CycloneDX");
      assert.ok(metadata.component.purl.startsWith(`pkg:${whose}@`), metadata.component.purl);
      const listed = components.map(({ name, group, version }) => `${group ? `${group}/` : ""}${name}@${version}`);
      assert.ok(listed.length > 10, `${listed.length} packages`);
      assert.deepEqual(distinct(listed), distinct(expected()));
      const [registry] = whose.split("/");
      for (const { purl, hashes } of components) {
        assert.ok(purl.startsWith(`pkg:${registry}/`), purl);
        assert.ok(hashes.length > 0, purl);
      }
    });
  }

  test("has crates of the bytes that Cargo.lock names", () => {
    for (const { name, version, hashes } of bill("crates").components)
      assert.deepEqual(hashes, [{ alg: "SHA-256", content: checksum(`${name}@${version}`) }], name);
  });

  test("needs no npm package where it is installed", () => {
    const development = { name: "cdx:npm:package:development", value: "true" };
    for (const { purl, properties } of bill("build").components)
      assert.ok(
        properties.some(({ name, value }) => name === development.name && value === development.value),
        purl,
      );
  });

  test("does not tell where it was built", () => {
    for (const part of ["crates", "build"]) assert.ok(!JSON.stringify(bill(part)).includes(root), part);
  });
});
