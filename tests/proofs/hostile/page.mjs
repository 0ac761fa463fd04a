// The attack and the tables, for Node and for pages: in a page as the address says, with the results left for the test.

import { assert } from "chai";
import * as rolecall from "rolecall";
import { attack } from "./attack.mjs";
import { ENTRIES } from "./calls.mjs";
import { tests as mishaps } from "./mishaps.mjs";
import { tests as staleness } from "./staleness.mjs";

const tables = { ...mishaps, ...staleness };
export const tableNames = Object.keys(tables);

/** What one of the tests threw, or null. */
export async function runTable(name, options) {
  try {
    await tables[name](rolecall, assert, options);
    return null;
  } catch (error) {
    return `${error}\n${error.stack}`;
  }
}

if (typeof document !== "undefined") {
  const options = JSON.parse(decodeURIComponent(location.search.slice(1)));
  const results = {};
  // The title says how far it is.
  const note = async (name, result) => {
    document.title = name;
    await new Promise((resolve) => setTimeout(resolve));
    results[name] = await result();
  };
  for (const name of tableNames) await note(name, () => runTable(name, options));
  for (const entry of Object.keys(ENTRIES)) await note(entry, () => attack(entry, options));
  globalThis.results = results;
  document.title = "done";
}
