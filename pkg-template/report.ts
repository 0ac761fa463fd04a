/** Tells of an error that nobody can catch: as an uncaught one, where that does not end the process. Node has no reportError. */
export function report(error: unknown): void {
  try {
    if (typeof reportError === "function") reportError(error);
    else console.error(error);
  } catch {
    // Showing it runs what is the thrower's own, and others wait to be told.
  }
}

/** What was thrown, as a text: converting it may throw as well. */
export function said(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
