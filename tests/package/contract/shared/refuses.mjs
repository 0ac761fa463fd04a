/** Every code that a test has seen the package throw. */
export const produced = new Set();

/**
 * Calls it, and checks all there is to a `RolecallError`: its code, its path (absent unless given), and that what the
 * `service` holds, if one is given, and what its listeners know is as before.
 */
export function refuses({ rolecall, assert, service }, call, code, path, about = code) {
  const before = service && JSON.stringify(service);
  let told = 0;
  const stop = service?.subscribe(() => told++);
  let error;
  try {
    const answer = call();
    assert.fail(`${about}: answered ${String(answer)} instead of throwing ${code}`);
  } catch (thrown) {
    error = thrown;
  }
  stop?.();
  assert.instanceOf(error, rolecall.RolecallError, `${about}: ${error}`);
  assert.instanceOf(error, Error, about);
  assert.equal(error.code, code, `${about}: ${error.message}`);
  assert.equal(error.name, code === "permission-denied" ? "PermissionDenied" : "RolecallError", about);
  assert.equal(error.path, path, `${about}: ${error.message}`);
  assert.equal(Object.hasOwn(error, "path"), path !== undefined, `${about}: a path that is absent`);
  assert.match(error.message, /\S/, about);
  if (path !== undefined) assert.isTrue(error.message.startsWith(`${path}: `), `${about}: ${error.message}`);
  assert.match(String(error), /^(RolecallError|PermissionDenied): /, about);
  if (service) {
    assert.equal(JSON.stringify(service), before, `${about}: changed nothing`);
    assert.equal(told, 0, `${about}: told nobody`);
  }
  produced.add(error.code);
  return error;
}
