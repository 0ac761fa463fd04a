// Asks of every small change to the model whether a test notices it, with cargo-mutants: `npm run mutants [-- OPTIONS]`. What
// it looks at is in .cargo/mutants.toml; its options are cargo-mutants' own, such as `--file src/load.rs`.
import { main, run } from "./run.mjs";
import { ensure, ensureCargoTool, rust } from "./tools.mjs";

await main(() => {
  for (const need of rust) ensure(need);
  ensureCargoTool("cargo-mutants");
  run("cargo", ["mutants", ...process.argv.slice(2)]);
});
