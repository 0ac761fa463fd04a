// Calls every function that the package exports with hostile values, and looks at what comes of it. For Node and for pages.

import * as rolecall from "rolecall";
import { BOB, CALLS, ENTRIES, functionsOf } from "./calls.mjs";
import { Random, TOWN } from "./town.mjs";
import { hostile, infested } from "./values.mjs";

const { RolecallError, Service } = rolecall;

/** A service and bob's ability, and another service, in whose listener half of the calls are made. */
class World {
  rolecall = rolecall;
  calledBack = false;
  freed = false;
  #listening = Service.from(TOWN);

  constructor(namespace) {
    this.namespace = namespace;
    this.service = Service.from(TOWN);
    this.ability = this.service.ability("bob", "CH1");
    this.version = this.service.version;
    this.#listening.subscribe(() => this.run());
  }

  get isAsBefore() {
    return !this.calledBack && !this.freed && this.service.version === this.version;
  }

  /** Calls it while the other service tells its listeners of a change. */
  inListener(run) {
    this.run = run;
    this.#listening.setChannelState("CH2", this.#listening.version % 2 ? "active" : "inactive");
  }

  /** What a getter does in the middle of a call. */
  callBack(random) {
    if (this.freed) return;
    this.calledBack = true;
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
  }

  free() {
    this.service.free();
    this.freed = true;
  }

  end() {
    this.service.free();
    this.#listening.free();
  }
}

/** After how many calls that changed nothing the whole service is compared, byte for byte. */
const MOST_UNSEEN = 16;
const UNCHANGED = JSON.stringify(Service.from(TOWN));

class Attack {
  /** How much was done, and what went wrong. */
  result = { functions: 0, calls: 0, refused: 0, answered: 0, judged: 0, failures: [] };
  #world;
  #unseen = 0;
  #pending = [];

  /** `only`: the one case to run, as a failure names it. */
  constructor(entry, { seed, cases, only }) {
    Object.assign(this, { entry, seed, cases, only });
  }

  async run() {
    const functions = functionsOf(this.entry);
    const calls = CALLS[this.entry];
    for (const name of functions.keys()) if (!Object.hasOwn(calls, name)) this.#fail(name, "is not in calls.mjs");
    for (const [name, call] of Object.entries(calls)) {
      const known = functions.get(name);
      if (!known || known.isAccessor !== Boolean(call.property)) this.#fail(name, "is not exported so");
      else if (!call.property) this.#attack(name, { run: caller(name, known.key), ...call });
      // So that the browser sees that the page lives.
      await new Promise((resolve) => setTimeout(resolve));
    }
    await Promise.all(this.#pending);
  }

  #fail(about, message) {
    const { failures } = this.result;
    if (failures.length < 20) failures.push(`${this.entry} ${about}: ${String(message).slice(0, 2000)}`);
  }

  #attack(name, call) {
    this.result.functions++;
    for (let number = 0; number < this.cases; number++) {
      const about = `${name} ${number}`;
      if (this.only === undefined || this.only === `${this.entry} ${about}`) this.#case(call, about, number);
    }
    this.#look(name);
  }

  #case(call, about, number) {
    this.result.calls++;
    this.#world ??= new World(ENTRIES[this.entry]);
    const world = this.#world;
    const given = argumentsOf(call.good, world, new Random(this.seed, this.entry, about));
    let outcome;
    const run = () => {
      outcome = attempt(() => call.run(world, given));
    };
    if (number % 2) run();
    else world.inListener(run);
    if (outcome.answer instanceof Promise) {
      const later = (end) => this.#judge(call, about, end, given, world);
      const ended = outcome.answer.then(
        (answer) => later({ answer }),
        (error) => later({ failed: true, error }),
      );
      this.#pending.push(ended);
    } else this.#judge(call, about, outcome, given, world);
    if (call.frees) world.freed = true;
    const stays = world.isAsBefore;
    if (!stays && !world.calledBack && !world.freed && (outcome.failed || !call.changes)) {
      this.#fail(about, "changed the service");
    }
    if (stays) {
      const { ability } = world;
      const asked = [ability.can("deleteMessage", "bob"), ability.has("sendMessage"), ability.can("removeMember")];
      if (String(asked) !== "true,true,false") this.#fail(about, `then bob was answered ${asked}`);
      if (++this.#unseen > MOST_UNSEEN) this.#look(about);
    } else this.#leave();
  }

  #judge(call, about, { failed, error, answer }, given, world) {
    if (failed) {
      this.result.refused++;
      const isCallers = call.converts || call.isCallers?.(given, world);
      if (!isCallers && !(error instanceof RolecallError)) this.#fail(about, `threw ${said(error)}`);
      return;
    }
    this.result.answered++;
    if (!call.wrong || world.calledBack) return;
    this.result.judged++;
    const wrong = call.wrong(answer, given, world);
    if (wrong) this.#fail(about, wrong);
  }

  #look(about) {
    if (!this.#world) return;
    const text = JSON.stringify(this.#world.service);
    if (text !== UNCHANGED) this.#fail(about, `the ${this.#unseen} calls up to here made ${text}`);
    this.#leave();
  }

  #leave() {
    this.#world.end();
    this.#world = undefined;
    this.#unseen = 0;
  }
}

/** Arguments of which some are hostile. */
function argumentsOf(good, world, random) {
  const kind = random.below(10);
  if (kind === 0 && good[0] !== BOB) return Array.from({ length: random.below(5) }, () => hostile(random, world));
  const [at, all] = [random.below(good.length), kind === 1];
  return good.map((template, place) => {
    if (template === BOB) return random.below(8) === 0 ? hostile(random, world) : world.ability;
    return all || place === at ? infested(random, world, template) : template;
  });
}

/** How a function is called unless `CALLS` says how. */
function caller(name, key) {
  const [owner, prototype] = name.split(".");
  if (prototype === "prototype") {
    const holder = owner === "Ability" ? "ability" : "service";
    return (world, given) => world[holder][key](...given);
  }
  if (prototype) return ({ namespace }, given) => namespace[owner][key](...given);
  if (/^[A-Z]/.test(name)) return ({ namespace }, given) => new namespace[name](...given);
  return ({ namespace }, given) => namespace[name](...given);
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

/** Attacks the functions of an entry point; returns what came of it. */
export async function attack(entry, options) {
  const { stackTraceLimit } = Error;
  const { reportError } = globalThis;
  const { warn, error } = console;
  // Most calls throw, and V8 takes longer for the stack than for the rest.
  Error.stackTraceLimit = 0;
  // Of what is reported and of Vue's warnings there are thousands.
  globalThis.reportError = console.warn = console.error = () => {};
  try {
    const attack = new Attack(entry, options);
    await attack.run();
    return attack.result;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    globalThis.reportError = reportError;
    Object.assign(console, { warn, error });
  }
}
