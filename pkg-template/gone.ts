// What an ability tells the bindings, and nobody else: whether it still has answers. By symbols that all copies of the
// package have in common, since the bindings of one copy may be given abilities of another.

/** Whether its service was freed or came to grief, so that nothing is allowed and everything throws. */
export const isGone: unique symbol = Symbol.for("rolecall.isGone") as never;

/** Calls a listener once when that happens. */
export const whenGone: unique symbol = Symbol.for("rolecall.whenGone") as never;
