// What an ability tells the bindings, and nobody else. By symbols that all copies of the package have in common, since the
// bindings of one copy may be given abilities of another.

/** `ability[isGone]`: whether its service was freed or broke, so that nothing is allowed and every call throws. */
export const isGone: unique symbol = Symbol.for("rolecall.isGone") as never;

/** `ability[whenGone](listener)`: calls the listener once when that happens; returns the function that unsubscribes. */
export const whenGone: unique symbol = Symbol.for("rolecall.whenGone") as never;

/**
 * `ability[changes]`: the version of its whole service, and how to follow each change of it. A decision's sentence may change
 * where no answer of the ability does, such as when another role gets to grant a permission or a conversation its name.
 */
export const changes: unique symbol = Symbol.for("rolecall.changes") as never;

/** What an ability has under {@link changes}; a `Service` is one. */
export interface Changes {
  readonly version: number;
  /** Calls the listener after every change; returns the function that unsubscribes. */
  subscribe(this: void, listener: () => void): () => void;
}
