// A reporter for `node --test` that ends with one line for scripts/test.mjs. Node's own count takes a file
// without tests for a passed test.
export default async function* count(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isTest = data.details?.type !== "suite" && !/\.test\.mjs$/.test(data.name);
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    if (!isTest || isSkipped) continue;
    if (type === "test:pass") passed += 1;
    else failed += 1;
  }
  yield `test result: ${failed === 0 ? "ok" : "FAILED"}. ${passed} passed; ${failed} failed\n`;
}
