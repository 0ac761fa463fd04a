// Formats everything that `npm test` checks the format of: `npm run format`.
import { main, npmProgram, run } from "./run.mjs";
import { setUpBuild } from "./setup.mjs";

await main(() => {
  setUpBuild();
  run("cargo", ["fmt", "--all"]);
  run(npmProgram("biome"), ["check", "--write"]);
});
