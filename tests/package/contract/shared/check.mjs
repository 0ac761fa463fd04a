/** Every code that a test has seen the package throw. */
export const produced = new Set();

/** Every code of a warning that a test has seen. */
export const warnedOf = new Set();

/** Throws, wherever it is called. */
export const bang = () => {
  throw new Error("the caller's own");
};

/** A proxy that throws at everything. */
export const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/**
 * Calls it, and checks everything about the `RolecallError` that it must throw: the code, the path (absent unless one is
 * passed), and that the `service`, if one is passed, is as before and told no listener. Returns the error.
 */
export function refuses({ rolecall, assert, service }, call, code, path, about = code) {
  const before = service && JSON.stringify(service);
  const version = service?.version;
  let calls = 0;
  const stop = service?.subscribe(() => calls++);
  let error;
  try {
    const answer = call();
    assert.fail(`${about}: returned ${String(answer)} instead of throwing ${code}`);
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
    assert.equal(JSON.stringify(service), before, `${about}: changed something`);
    assert.equal(service.version, version, `${about}: changed the version`);
    assert.equal(calls, 0, `${about}: called a listener`);
  }
  produced.add(error.code);
  return error;
}

/** The warnings of a report as codes and paths, in their order; each must have a message. */
export function warned(assert, { warnings }) {
  for (const warning of warnings) {
    assert.hasAllKeys(warning, ["code", "path", "message"]);
    assert.match(warning.message, /\S/);
    warnedOf.add(warning.code);
  }
  return warnings.map(({ code, path }) => [code, path]);
}
