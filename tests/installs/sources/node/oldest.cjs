// Must be what `npm run` finds first.
const assert = require("node:assert/strict");
const { engines } = require("rolecall/package.json");

assert.equal(process.version, "v18.18.0");
assert.match(engines.node, /^>=\s*18\.18/);
