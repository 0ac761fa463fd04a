// All contenders. Apart from what each one is, so that a program with one of them has only that one in it.
import { bitmask, caslOfRole, caslOfUser, permix, rolecall } from "./contenders.mjs";

/** Each with the name of its export. */
export const contenders = Object.entries({ rolecall, bitmask, caslOfUser, caslOfRole, permix }).map(
  ([id, contender]) => ({ id, ...contender }),
);

/** Ratios are to this one. */
export const baseline = bitmask.name;
