// Looks into a caller's values for src/js/source.rs, which knows what to look for and what the numbers mean; this knows kinds of
// values alone. Each distinct string becomes a number and crosses once, which halves the time that loading takes. What a getter
// or a proxy throws becomes a number, too, since an exception must not cross WebAssembly.
const [ABSENT, ILL_FORMED, TOO_LONG, UNREADABLE] = [-1, -9, -10, -11];
const longestString = 65536;
const loneSurrogate = /\p{Surrogate}/u;
const isBuiltIn = (value) => [Object.prototype, Array.prototype, Function.prototype].includes(value);
const hasOwn = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
const chain = (value) => (value === null ? [] : [value, ...chain(Object.getPrototypeOf(value))]);
const holderOf = (value, key) => chain(value).find((holder) => hasOwn(holder, key));

export class Values {
  constructor() {
    this.numbers = new Map();
    this.polluted = false; // whether somebody has assigned something to the prototype of all objects or lists
    for (const _ in []) this.polluted = true;
  }
  spellings(names) {
    return { names: names.split(" "), last: 0 }; // the one that was found last is tried first
  }
  field(value, spellings) {
    const { names, last } = spellings;
    let kind = this.element(value, names[last]);
    for (let at = 0; kind === ABSENT && at < names.length; at++) {
      if (at !== last) kind = this.element(value, names[at]);
      if (kind !== ABSENT) spellings.last = at;
    }
    return kind;
  }
  element(value, key) {
    try {
      const found = value[key];
      if (typeof found === "function" && !hasOwn(value, key)) return ABSENT; // a method
      return this.polluted && isBuiltIn(holderOf(value, key)) ? ABSENT : this.kind(found);
    } catch (_) {
      return UNREADABLE;
    }
  }
  toJSON(value) {
    try {
      return typeof value.toJSON === "function" ? this.kind(value.toJSON()) : ABSENT;
    } catch (_) {
      return UNREADABLE;
    }
  }
  kind(found) {
    this.found = found;
    if (typeof found === "string") return this.numbers.get(found) ?? this.add(found);
    if (typeof found === "object") return found === null ? -2 : Array.isArray(found) ? -6 : -7;
    if (typeof found === "boolean") return found ? -4 : -3;
    return found === undefined ? ABSENT : typeof found === "number" ? -5 : -8;
  }
  add(text) {
    if (text.length > longestString) return TOO_LONG;
    if (loneSurrogate.test(text)) return ILL_FORMED;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }
  names(value) {
    return chain(value).flatMap((holder) => (isBuiltIn(holder) ? [] : Object.getOwnPropertyNames(holder))).slice(0, 10);
  }
}
