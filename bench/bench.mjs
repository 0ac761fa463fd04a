// `npm run bench`: rolecall beside a bitmask written by hand, CASL in two styles and permix, in Node and in Chromium.
// `-- --quick` is short and rough, `-- --counts` leaves out what is timed, `-- --verify` only checks that every contender
// answers right, `-- --write` puts the tables and sizes into README.md and docs/performance.md.
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/build.mjs";
import { main } from "../scripts/run.mjs";

await main(async () => {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      counts: { type: "boolean" },
      verify: { type: "boolean" },
      write: { type: "boolean" },
    },
  });
  await ensureBuilt();
  // Imported now, since it takes the packages that are compared, rolecall among them.
  const { report } = await import("./report.mjs");
  await report(values);
});
