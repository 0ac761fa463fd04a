// Fuzzes one target with libFuzzer: `npm run fuzz -- loading --seconds 600`. It starts from fuzz/seeds; what it finds grows in
// fuzz/corpus, which git ignores.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root, run, Stop } from "./run.mjs";
import { ensure, ensureCargoTool, rust } from "./tools.mjs";

const targets = readdirSync(join(root, "fuzz", "seeds"));

await main(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string", default: "60" } },
  });
  const [target] = positionals;
  if (positionals.length !== 1 || !targets.includes(target))
    throw new Stop(`Name one target: ${targets.join(" or ")}.`);
  for (const need of rust) ensure(need);
  ensureCargoTool("cargo-fuzz");
  const folders = ["corpus", "seeds"].map((folder) => join(root, "fuzz", folder, target));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const options = [
    // The crate has no unsafe code, so that a sanitizer of memory would find nothing and cost half of the speed.
    ...["--sanitizer", "none", "--features", "libfuzzer", target, ...folders],
    ...["--", "-max_len=4096", "-timeout=30", `-max_total_time=${values.seconds}`],
  ];
  run("cargo", ["fuzz", "run", ...options], {
    env: {
      ...process.env,
      // libFuzzer asks rustc for instrumentation by flags that only a nightly toolchain takes unasked.
      RUSTC_BOOTSTRAP: "1",
      // The release profile is the package's: small rather than fast.
      CARGO_PROFILE_RELEASE_OPT_LEVEL: "2",
      CARGO_PROFILE_RELEASE_LTO: "off",
      CARGO_PROFILE_RELEASE_PANIC: "unwind",
    },
  });
});
