// Looks into a caller's values for src/js/source.rs, which knows what to look for and what the numbers mean; this knows kinds of
// values alone. Each distinct string becomes a number and crosses once, which halves the time that loading takes. What a getter
// or a proxy throws becomes a number, too, since an exception must not cross WebAssembly.
const [ABSENT, ILL_FORMED, TOO_LONG, UNREADABLE] = [-1, -9, -10, -11];
const loneSurrogate = /\p{Surrogate}/u;
const builtIn = [Object.prototype, Array.prototype, Function.prototype];
const hasOwn = (value, key) => Object.prototype.hasOwnProperty.call(value, key);

export class Values {
  constructor() {
    this.numbers = new Map();
    this.fields = []; // of the row that is read
    this.polluted = false; // whether somebody has assigned something to the prototype of all objects or lists
    for (const _ in []) this.polluted = true;
  }
  row(value) {
    this.current = Object.getPrototypeOf(value) === Object.prototype ? value : undefined;
    const fields = this.current === undefined ? [] : Object.keys(value);
    const isAlike = fields.length === this.fields.length && fields.every((key, at) => key === this.fields[at]);
    if (!isAlike) this.fields = fields;
  }
  spellings(names) {
    return { names: names.split(" "), last: 0, lacking: undefined }; // the one that was found last is tried first
  }
  field(value, spellings) {
    const isRow = value === this.current;
    if (isRow && spellings.lacking === this.fields) return ABSENT; // the row before had the same fields, and not this one
    const { names, last } = spellings;
    let kind = this.element(value, names[last]);
    for (let at = 0; kind === ABSENT && at < names.length; at++) {
      if (at !== last) kind = this.element(value, names[at]);
      if (kind !== ABSENT) spellings.last = at;
    }
    if (isRow && kind === ABSENT && !names.some((name) => this.fields.includes(name))) spellings.lacking = this.fields;
    return kind;
  }
  element(value, key) {
    try {
      const found = value[key];
      const isMethod = typeof found === "function" && !hasOwn(value, key);
      const isInherited = this.polluted && !hasOwn(value, key) && builtIn.some((type) => type[key] === found);
      return isMethod || isInherited ? ABSENT : this.kind(found);
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
