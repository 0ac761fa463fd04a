// Calls every function that the package exports with hostile values, and looks at what comes of it. For Node and for pages.

import { CALLS, OfWorld } from "./calls.mjs";
import { inDialect, Naive } from "./naive.mjs";
import { Random } from "./random.mjs";
import { TOWNS } from "./town.mjs";
import { FIELDS, hostile, infested } from "./values.mjs";

export const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/**
 * The functions and the accessors of an entry point: exported ones, and those of classes and of the instances given, which it
 * gives and does not export.
 */
export function functionsOf(namespace, instances) {
  const found = new Map();
  const add = (name, owner, key) => {
    const { value, get } = Object.getOwnPropertyDescriptor(owner, key);
    // Engines call that symbol differently, where they have it at all.
    const said = key === dispose ? "[dispose]" : String(key);
    if (get || typeof value === "function") found.set(name + said, { owner, key, isAccessor: get !== undefined });
  };
  const addMembers = (name, prototype) => {
    for (const key of Reflect.ownKeys(prototype)) if (key !== "constructor") add(`${name}.prototype.`, prototype, key);
  };
  for (const [name, value] of Object.entries(namespace)) {
    if (typeof value !== "function") continue;
    found.set(name, { owner: namespace, key: name, isAccessor: false });
    for (const key of Reflect.ownKeys(value)) {
      if (!["length", "name", "prototype", "arguments", "caller"].includes(key)) add(`${name}.`, value, key);
    }
    if (value.prototype) addMembers(name, value.prototype);
  }
  for (const [name, instance] of Object.entries(instances)) {
    const prototype = Object.getPrototypeOf(instance);
    if (prototype !== Object.prototype) addMembers(name, prototype);
    else for (const key of Object.keys(instance)) add(`${name}.`, instance, key);
  }
  return found;
}

/** A service and bob's ability, and what the service was when it was last changed on purpose. */
export class World {
  calledBack = false;
  freed = false;
  /** Whether the service told of a change. */
  told = false;

  constructor(rolecall, namespace, town) {
    Object.assign(this, { rolecall, namespace, town });
    this.service = rolecall.Service.from(town);
    this.ability = this.service.ability("bob", "CH1");
    this.service.subscribe(() => {
      this.told = true;
    });
  }

  get isAsBefore() {
    return !this.calledBack && !this.told;
  }

  /** What a getter does in the middle of a call. */
  callBack(random) {
    this.calledBack = true;
    if (this.freed) return;
    const { service, ability } = this;
    random.pick([
      () => ability.can("deleteMessage", "bob"),
      () => ability.explain("removeMember"),
      () => service.toJSON(),
      () => service.preview((draft) => draft.removeUser("bob")),
      () => service.setUser("zoe"),
      () => service.load({ users: [{ identity: "zoe", role_sid: "RLSU" }] }),
      () => service.removeMember("CH1", "bob"),
      () => this.free(),
    ])();
    if (!this.freed) this.text = JSON.stringify(service);
  }

  free() {
    this.service.free();
    this.freed = true;
  }
}

/** What reading each field once makes of a value. Throws where a getter does, and where a value holds itself. */
function plain(value, Service, within = []) {
  if (["function", "symbol", "bigint"].includes(typeof value)) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (within.includes(value)) throw new Error("JSON has no cycles");
  const inside = [...within, value];
  if (Array.isArray(value)) {
    const length = Math.min(Number(value.length) || 0, 100);
    return Array.from({ length }, (_, at) => plain(value[at], Service, inside));
  }
  // Inside of a payload services and promises are objects like others.
  if (within.length === 0) {
    if (value instanceof Promise) return Promise.resolve();
    const snapshot = snapshotOf(value, Service);
    if (snapshot) return snapshot;
  }
  const copy = {};
  for (const field of FIELDS) {
    const found = plain(value[field], Service, inside);
    if (found !== undefined) copy[field] = found;
  }
  return copy;
}

/** Of a service, and of nothing that only looks like one. */
function snapshotOf(value, { prototype }) {
  try {
    return prototype.toJSON.call(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** From a little before where they differ. */
function differing(text, other) {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return text.slice(Math.max(0, at - 40), at + 200);
}

/** After how many calls that changed nothing the whole state is looked at. */
const mostUnseen = 16;

/** One of the towns, and what is in it while it is attacked. */
class Place {
  world;
  /** The world in which the plain twins of calls are done. */
  twin;
  /** How many calls were made since the whole state was looked at. */
  unseen = 0;

  constructor(town, { Service }) {
    this.town = town;
    this.naive = new Naive(town);
    this.text = JSON.stringify(Service.from(town));
  }

  leave() {
    if (this.world && !this.world.freed) this.world.service.free();
    this.world = undefined;
    this.unseen = 0;
  }

  leaveTwin() {
    if (!this.twin.freed) this.twin.service.free();
    this.twin = undefined;
  }
}

/** Right arguments by the names of a dialect. */
function translated(value, dialect) {
  if (typeof value === "string") return inDialect(dialect, value);
  if (Array.isArray(value)) return value.map((one) => translated(one, dialect));
  if (typeof value !== "object" || value === null || value instanceof OfWorld) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, translated(one, dialect)]));
}

export class Attack {
  /** What came of it: how much was done, and what went wrong. `judged`: by the naive model; `compared`: with a plain twin. */
  result = { functions: 0, calls: 0, refused: 0, answered: 0, judged: 0, compared: 0, failures: [] };

  #places;
  #pending = [];

  /** `only`: the one case to run, as a failure names it. */
  constructor(rolecall, { seed, cases, only }) {
    Object.assign(this, { rolecall, seed, cases, only });
  }

  /** All functions of an entry point, as {@link functionsOf} finds them. */
  async run(entry, namespace, functions) {
    this.namespace = namespace;
    const { random } = Math;
    const { stackTraceLimit } = Error;
    const { reportError } = globalThis;
    const { warn } = console;
    // Most calls throw, and V8 takes longer for the stack than for the rest.
    Error.stackTraceLimit = 0;
    // So that two services generate the same SIDs.
    Math.random = () => 0.5;
    // What is reported is nobody's who calls, and of Vue's warnings there are thousands.
    globalThis.reportError = console.warn = () => {};
    try {
      this.#places = TOWNS.map((town) => new Place(town, this.rolecall));
      await this.#run(entry, functions);
      while (this.#pending.length > 0) await this.#pending.pop();
    } finally {
      Math.random = random;
      Error.stackTraceLimit = stackTraceLimit;
      globalThis.reportError = reportError;
      console.warn = warn;
    }
  }

  async #run(entry, functions) {
    const calls = CALLS[entry];
    for (const name of functions.keys()) {
      if (!Object.hasOwn(calls, name)) this.#fail(`${entry} ${name}`, "is exported and not in calls.mjs");
    }
    for (const [name, call] of Object.entries(calls)) {
      const known = functions.get(name);
      if (!known) this.#fail(`${entry} ${name}`, "is in calls.mjs and not exported");
      else if (known.isAccessor !== Boolean(call.property)) this.#fail(`${entry} ${name}`, "is a property or is none");
      else if (!call.property) this.#attack(`${entry} ${name}`, { ...caller(name, known.key), ...call });
      // So that the browser sees that the page lives.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  #fail(about, message) {
    const { failures } = this.result;
    if (failures.length < 20) failures.push(`${about}: ${message.slice(0, 2000)}`);
  }

  #attack(name, call) {
    this.result.functions++;
    const inEach = this.#places.map(({ naive }) => ({ ...call, good: translated(call.good, naive.dialect) }));
    for (let number = 0; number < this.cases; number++) {
      const about = `${name} ${number}`;
      if (this.only !== undefined && this.only !== about) continue;
      this.result.calls++;
      // The towns in turn.
      const at = number % this.#places.length;
      this.#case(this.#places[at], inEach[at], about);
      if (this.#places[at].unseen > mostUnseen) this.#look(this.#places[at], about);
    }
    for (const place of this.#places) this.#look(place, `${name} ${this.cases - 1}`);
  }

  #case(place, call, about) {
    place.world ??= new World(this.rolecall, this.namespace, place.town);
    const { world } = place;
    const given = argumentsOf(call, world, new Random(this.seed, about));
    const outcome = attempt(() => call.run(world, given));
    if (outcome.failed) this.#refusal(call, about, outcome.error, given);
    else if (isPromise(outcome.answer)) this.#later(place, call, about, outcome.answer, given);
    else this.result.answered++;
    const stays = world.isAsBefore && !call.frees;
    if (stays) place.unseen++;
    if (stays && (outcome.failed || !call.changes)) this.#stillAnswers(world, about);
    const isJudged = !outcome.failed && call.judge && !isPromise(outcome.answer);
    if (stays && isJudged) this.#judge(place, call.judge, about, outcome.answer, given);
    if (world.freed && isJudged && !call.allowsNothing?.(outcome.answer)) {
      this.#fail(about, "answered after the service was freed");
    }
    if (world.told && !world.calledBack && (outcome.failed || !call.changes)) this.#fail(about, "changed the service");
    if ((call.changes || call.judgeTwin) && !call.hasNoTwin && !world.calledBack) {
      this.#compare(place, call, about, outcome);
    }
    if (!stays) place.leave();
  }

  /** An error of the package's; or of the caller's own, where it is the caller's function that threw. */
  #refusal(call, about, error, given) {
    this.result.refused++;
    const isCallers = call.converts || call.isCallers?.(given) || (call.callsBack && typeof given[0] === "function");
    if (!isCallers && !(error instanceof this.rolecall.RolecallError)) this.#fail(about, `threw ${said(error)}`);
  }

  #later(place, call, about, promise, given) {
    const answered = (answer) => {
      this.result.answered++;
      if (call.judge) this.#judge(place, call.judge, about, answer, given);
    };
    this.#pending.push(promise.then(answered, (error) => this.#refusal(call, about, error, given)));
  }

  #judge({ naive }, judge, about, answer, given) {
    this.result.judged++;
    const wrong = judge(naive, answer, ...given);
    if (wrong) this.#fail(about, `answered ${wrong}`);
  }

  /** Looks whether the whole state is as it was, byte for byte. */
  #look(place, about) {
    if (!place.world) return;
    const text = JSON.stringify(place.world.service);
    const within = `the ${place.unseen} calls up to here changed`;
    if (text !== place.text)
      this.#fail(about, `${within} ${differing(place.text, text)} to ${differing(text, place.text)}`);
    place.leave();
  }

  #stillAnswers({ ability }, about) {
    const answers = [
      ability.can("deleteMessage", "bob"),
      ability.has("sendMessage"),
      ability.can("deleteMessage", "alice"),
      ability.can("removeMember"),
      ability.has("removeMember"),
    ].join();
    if (answers !== "true,true,false,false,false") this.#fail(about, `then bob was answered ${answers}`);
  }

  /** Does to another service what the plain twin of the arguments says, and compares. */
  #compare(place, call, about, outcome) {
    // Most are refused, as most twins would be.
    if (outcome.failed && this.only === undefined && this.result.calls % 8 > 1) return;
    // What throws on the way is refused, if it is read at all; and of a list beyond the limit the twin has the beginning.
    if (["unreadable", "too-large"].includes(outcome.error?.code)) return;
    place.twin ??= new World(this.rolecall, this.namespace, place.town);
    const { twin } = place;
    const { Service } = this.rolecall;
    const { failed, answer: given } = attempt(() =>
      argumentsOf(call, twin, new Random(this.seed, about)).map((value) => plain(value, Service)),
    );
    if (!failed && !twin.calledBack) {
      const expected = attempt(() => call.run(twin, given));
      const [found, right] = [written(outcome, place.world.service), written(expected, twin.service)];
      if (found !== right) {
        this.#fail(about, `gave ${differing(found, right)}, and its plain twin ${differing(right, found)}`);
      }
      this.result.compared++;
      if (call.judgeTwin && !expected.failed) this.#judge(place, call.judgeTwin, about, expected.answer, given);
    }
    if (!twin.isAsBefore) place.leaveTwin();
  }
}

/** Promises are looked at when all is done. */
const isPromise = (answer) => answer instanceof Promise;

/** What a call gave and what it left, in a form to compare. What fails leaves what was there. */
const written = ({ failed, error, answer }, service) => JSON.stringify(failed ? error.code : [answer, service]) ?? "";

/** Arguments of which some are hostile. */
export function argumentsOf({ good }, world, random) {
  const kind = random.below(10);
  if (kind === 0 && !(good[0] instanceof OfWorld))
    return Array.from({ length: random.below(5) }, () => hostile(random, world));
  const [at, all] = [random.below(good.length), kind === 1];
  return good.map((template, place) => {
    if (template instanceof OfWorld) {
      const right = template.get(world);
      return random.below(8) === 0 ? hostile(random, world) : right;
    }
    return all || place === at ? infested(random, world, template) : template;
  });
}

/** How a function is called unless `CALLS` says how. */
function caller(name, key) {
  const [owner, prototype] = name.split(".");
  if (prototype === "prototype") {
    const holder = owner === "Ability" ? "ability" : "service";
    return { run: (world, given) => world[holder][key](...given), frees: /free|dispose/.test(name) };
  }
  if (prototype) return { run: ({ namespace }, given) => namespace[owner][key](...given) };
  if (/^[A-Z]/.test(name)) return { run: ({ namespace }, given) => new namespace[name](...given) };
  return { run: ({ namespace }, given) => namespace[name](...given) };
}

function attempt(call) {
  try {
    return { answer: call() };
  } catch (error) {
    return { failed: true, error };
  }
}

function said(thrown) {
  try {
    return thrown.stack ?? String(thrown);
  } catch {
    return `a ${typeof thrown}`;
  }
}
