import assert from "node:assert/strict";

/** The error that `run` ends with, which must be one of the package's with a code, and a sentence on what to do. */
export async function refusal(run, code) {
  let error;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  assert.equal(error?.name, "RolecallError", String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, /(\w+\W+){6}/, "The message is no sentence.");
}
