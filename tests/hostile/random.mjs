// Random choices that a seed repeats, in every engine alike.

/** A text as a number of 32 bits (FNV-1a). */
function hash(text) {
  let found = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) found = Math.imul(found ^ text.charCodeAt(at), 0x01000193);
  return found >>> 0;
}

export class Random {
  #state;

  /** Each thing that is given makes it another sequence. */
  constructor(...seeds) {
    this.#state = hash(seeds.join("\n"));
  }

  /** A number from 0 to `end`, without `end` (mulberry32). */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end) | 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
