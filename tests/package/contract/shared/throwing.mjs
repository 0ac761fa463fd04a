/** Throws, wherever it is called. */
export const bang = () => {
  throw new Error("the caller's own");
};

/** A proxy that throws at whatever is asked of it. */
export const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
