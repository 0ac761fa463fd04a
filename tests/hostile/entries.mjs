// Every entry point of the package that is attacked, and the tables. For Node and for pages.

import { assert } from "chai";
import * as rolecall from "rolecall";
import * as angular from "rolecall/angular";
import * as cedar from "rolecall/cedar";
import * as dom from "rolecall/dom";
import * as react from "rolecall/react";
import * as slim from "rolecall/slim";
import * as svelte from "rolecall/svelte";
import * as twilio from "rolecall/twilio";
import * as vue from "rolecall/vue";
import { Attack, functionsOf } from "./attack.mjs";
import { tests as faults } from "./faults.mjs";
import { tests as mishaps } from "./mishaps.mjs";
import { tests as pollution } from "./pollution.mjs";
import { tests as staleness } from "./staleness.mjs";

export const ENTRIES = {
  rolecall,
  "rolecall/slim": slim,
  "rolecall/angular": angular,
  "rolecall/cedar": cedar,
  "rolecall/dom": dom,
  "rolecall/react": react,
  "rolecall/svelte": svelte,
  "rolecall/twilio": twilio,
  "rolecall/vue": vue,
};

export const attacked = Object.keys(ENTRIES);

/** What works on elements. */
export const inPagesOnly = ["rolecall/dom"];

/** What an entry point gives and does not export. */
const INSTANCES = {
  rolecall: (service) => ({ Ability: service.ability("bob") }),
  "rolecall/cedar": (service) => ({ Cedar: cedar.toCedar(service) }),
};

/** What an entry point exports that `rolecall` does not. */
function own(entry) {
  const known = new Set(entry === "rolecall" ? [] : Object.values(rolecall));
  return Object.fromEntries(Object.entries(ENTRIES[entry]).filter(([, value]) => !known.has(value)));
}

export const functionsOfEntry = (entry) => functionsOf(own(entry), INSTANCES[entry]?.(new rolecall.Service()) ?? {});

/** Attacks what an entry point exports that `rolecall` does not; gives what came of it. */
export async function attack(entry, options) {
  const attack = new Attack(rolecall, options);
  await attack.run(entry, own(entry), functionsOfEntry(entry));
  return attack.result;
}

const tables = { ...pollution, ...mishaps, ...faults, ...staleness };

export const tableNames = Object.keys(tables);

/** What each of the tests threw, or null. */
export async function runTables(names, options) {
  const results = {};
  for (const name of names) {
    results[name] = null;
    try {
      await tables[name](rolecall, assert, options);
    } catch (error) {
      results[name] = `${error}\n${error.stack}`;
    }
  }
  return results;
}
