// Attacks the package in a page, as the address says, and leaves the results where the test looks for them.

import { attack, attacked, runTables, tableNames } from "./entries.mjs";

const options = JSON.parse(decodeURIComponent(location.search.slice(1)));
const results = await runTables(tableNames, options);
for (const entry of attacked) results[entry] = await attack(entry, options);
globalThis.results = results;
document.title = "done";
