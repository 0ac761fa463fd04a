/** Runs what the page is about; its verdict becomes an element. */
export async function verdict(run) {
  const element = Object.assign(document.createElement("p"), { id: "verdict" });
  try {
    await run();
    element.textContent = "passed";
  } catch (error) {
    element.textContent = String(error?.stack ?? error);
  }
  document.body.append(element);
}

export function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
}

/** The error that `run` ends with. */
export async function failure(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
