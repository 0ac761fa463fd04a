// Reads a caller's values for src/js/source.rs, which knows the fields and what the numbers mean; this knows kinds of values alone.
// Each distinct string crosses once, which halves the time of a load. What is thrown becomes a number: no exception crosses.
const [ABSENT, ILL_FORMED, TOO_LONG, UNREADABLE] = [-1, -9, -10, -11];
const loneSurrogate = /\p{Surrogate}/u;
const owns = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
const has = (of, key) =>
  ![null, Object.prototype, Array.prototype].includes(of) && (owns(of, key) || has(Object.getPrototypeOf(of), key));
export class Values {
  constructor() {
    this.numbers = new Map();
    this.fields = []; // of the object that is read: the same list for objects with the same fields, one after another
    this.isPolluted = Array.prototype.length > 0 || Reflect.ownKeys(Object.prototype).length > 12; // the language has twelve
  }
  spellings(names) {
    return { names, last: 0, lacking: undefined }; // the one that was found last is tried first
  }
  field(value, spellings) {
    try {
      if (value !== this.current) this.begin(value);
      if (spellings.lacking === this.fields) return ABSENT; // an object before had the same fields, and not this one
      const { names, last } = spellings;
      let kind = this.element(value, names[last]);
      for (let at = 0; kind === ABSENT && at < names.length; at++) {
        if (at !== last) kind = this.element(value, names[at]);
        if (kind !== ABSENT) spellings.last = at;
      }
      if (kind === ABSENT && !names.some((name) => this.fields.includes(name))) spellings.lacking = this.fields;
      return kind;
    } catch (_) {
      return UNREADABLE; // a proxy
    }
  }
  begin(value) {
    this.current = value;
    const fields = Object.getPrototypeOf(value) === Object.prototype ? Object.keys(value) : [value]; // a class is like no other
    if (fields.length !== this.fields.length || fields.some((key, at) => key !== this.fields[at])) this.fields = fields;
  }
  element(value, key) {
    try {
      const found = value[key];
      const isNone = typeof found === "function" ? !owns(value, key) : this.isPolluted && !has(value, key);
      return isNone ? ABSENT : this.kind(found);
    } catch (_) {
      return UNREADABLE;
    }
  }
  kind(found) {
    this.found = found;
    if (typeof found === "string") return this.string(found);
    if (typeof found === "object") return found === null ? -2 : Array.isArray(found) ? -6 : -7;
    if (typeof found === "boolean") return found ? -4 : -3;
    return found === undefined ? ABSENT : typeof found === "number" ? -5 : -8;
  }
  string(text) {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    if (text.length > 65536 || loneSurrogate.test(text)) return text.length > 65536 ? TOO_LONG : ILL_FORMED;
    return this.numbers.set(text, this.numbers.size).size - 1;
  }
}
