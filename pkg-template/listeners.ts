import { RolecallError } from "./errors.js";

/** How often listeners may change the service in answer to one change before that counts as an endless loop. */
const mostRounds = 1000;

/** Who is called after a change of a service, and who at its end. */
export class Listeners {
  /** Each calls its listener if what that one listens to has changed. */
  private readonly checks = new Set<() => void>();
  private readonly ends = new Set<() => void>();
  private isCalling = false;
  private isDue = false;

  /**
   * Adds a listener. Each compares with what was current at its last call: so one that comes in the middle of a change is not
   * called for it, and what was changed and changed back is no change.
   *
   * @param current returns what the listener wants to know the changes of
   * @returns a function that removes it
   */
  add(listener: () => void, current: () => unknown): () => void {
    let known = current();
    const check = () => {
      const found = current();
      if (found === known) return;
      known = found;
      listener();
    };
    this.checks.add(check);
    return () => void this.checks.delete(check);
  }

  /** Adds a listener for the end. */
  addEnd(listener: () => void): () => void {
    const end = () => listener();
    this.ends.add(end);
    return () => void this.ends.delete(end);
  }

  /** Calls everybody whom a change concerns. A listener that changes the service is no nested call: the loop goes on. */
  call(): void {
    this.isDue = true;
    if (this.isCalling) return;
    this.isCalling = true;
    for (let round = 0; this.isDue && round < mostRounds; round++) {
      this.isDue = false;
      // Whoever comes in the middle waits for the next round, and whoever was removed is not called.
      for (const check of Array.from(this.checks)) if (this.checks.has(check)) attempt(check);
    }
    this.isCalling = false;
    if (this.isDue) {
      report(new RolecallError("endless-listeners", `listeners changed the service ${mostRounds} times in a row`));
    }
  }

  /** Removes everybody, and calls those who listen to the end. */
  end(): void {
    this.checks.clear();
    const ends = Array.from(this.ends);
    this.ends.clear();
    for (const end of ends) attempt(end);
  }
}

/** Calls a listener. What it throws must reach neither who made the change nor the other listeners. */
function attempt(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    report(error);
  }
}

/** Reports an error that nobody can catch: as an uncaught one where the engine can, without ending a process of Node. */
export function report(error: unknown): void {
  try {
    if (typeof reportError === "function") reportError(error);
    else console.error(error);
  } catch {
    // Printing an error runs code of whoever threw it, and other listeners wait.
  }
}

/** What was thrown, as a string. Converting it may throw as well. */
export function printed(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
