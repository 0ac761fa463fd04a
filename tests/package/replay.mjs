// Replays the operations that tests/agreement.rs wrote down, and compares every answer with the naive model's. For Node and
// for pages: it takes the package's `Service` and imports nothing.

const sections = ["roles", "users", "channels", "members", "invites"];

/** How an ability is held and asked, so that none can be right only because it was asked in time. */
const manners = ["listening", "asked after every step", "asked now and then", "asked at the end only"];

/** What is allowed, as a string; an action that is new and denied changes no decision. */
const decisions = (actions, answers) =>
  actions
    .map((action, at) => action + answers[at])
    .filter((answer) => !answer.endsWith("0"))
    .join();

/** As a string in which neither fields nor lists have an order. */
function inOrder(value) {
  if (Array.isArray(value)) return `[${value.map(inOrder).toSorted()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}:${inOrder(field)}`);
  return `{${fields.toSorted()}}`;
}

/** What went wrong, at most a few of it, and how much was compared. */
class Comparison {
  decisions = 0;
  rows = 0;
  notices = 0;
  versions = 0;
  explained = 0;
  closed = 0;
  flips = 0;
  snapshots = 0;
  failures = [];

  same(found, expected, ...place) {
    if (found === expected) return;
    if (this.failures.length < 5) this.failures.push(`${place.join(" ")}: ${found}, not ${expected}`);
  }

  /** Every decision of an ability: by `canEach`, and twice by `can`, so that what it remembers is asked as well. */
  answers(ability, actions, answers, place) {
    // Now the one, now the other is the first to ask after a change.
    const eachFirst = this.rows % 2 === 0;
    if (eachFirst) this.each(ability, actions, answers, place);
    for (let round = 0; round < 2; round++) this.one(ability, actions, answers, place);
    if (!eachFirst) this.each(ability, actions, answers, place);
  }

  each(ability, actions, answers, place) {
    const { identity } = ability;
    const [own, ...others] = ability.canEach(actions, [identity, "someone else", null]);
    for (let at = 0; at < actions.length; at++) {
      const found = String((own[actions[at]] ? 1 : 0) + (others[0][actions[at]] ? 2 : 0));
      if (found !== answers[at])
        this.same(found, answers[at], place, identity, ability.channel, actions[at], "of each");
    }
    this.same(others[1], others[0], place, identity, "of nobody's");
    this.rows += 3;
  }

  one(ability, actions, answers, place) {
    const { identity } = ability;
    for (let at = 0; at < actions.length; at++) {
      const action = actions[at];
      const others = ability.can(action, "someone else") ? 2 : 0;
      const found = String((ability.can(action, identity) ? 1 : 0) + others);
      if (found !== answers[at]) this.same(found, answers[at], place, identity, ability.channel, action);
      if (ability.can(action, null) !== others > 0)
        this.same(!others, others > 0, place, identity, action, "of nobody's");
      if (ability.can(action) !== others > 0)
        this.same(!others, others > 0, place, identity, action, "without an owner");
    }
    this.decisions += actions.length * 4;
  }

  /** What is not asked after every step. */
  end(service, asked, actions, { snapshot, permissions, explained, whoCan, preview }, place) {
    if (snapshot !== null) {
      this.same(inOrder(service.toJSON()), inOrder(snapshot), place, "snapshot");
      this.snapshots++;
    }
    asked.forEach(([identity, channel], at) => {
      const ability = service.ability(identity, channel);
      const found = ability.permissions();
      this.same(found.toSorted().join(), permissions[at].toSorted().join(), place, identity, channel, "permissions");
      for (const permission of found)
        this.same(ability.has(permission), true, place, identity, channel, "has", permission);
    });
    for (const { identity, channel, owner, obstacles } of explained) {
      const ability = service.ability(identity, channel ?? undefined);
      for (let at = 0; at < actions.length; at++) {
        const { allowed, reason, message } = ability.explain(actions[at], owner);
        this.same(allowed, obstacles[at].length === 0, place, message);
        this.same(allowed || obstacles[at].includes(reason), true, place, reason, "not of", obstacles[at], message);
        this.explained++;
        if (reason === "closed") this.closed++;
      }
    }
    for (let at = 0; at < actions.length; at++) {
      const { channel, owner, who } = whoCan;
      const found = service.whoCan(actions[at], { channel: channel ?? undefined, owner: owner ?? undefined });
      this.same(found.toSorted().join(), who[at].toSorted().join(), place, "who can", actions[at]);
    }
    const changes = service.preview((draft) => {
      for (const [method, values] of preview.change) {
        try {
          draft[method](...values);
        } catch (error) {
          this.same(error.name, "RolecallError", place, "in a preview", error);
        }
      }
    });
    const flips = changes.map(({ identity, channel, action, owner, allowed }) => [
      identity,
      channel ?? null,
      action,
      owner ?? null,
      allowed,
    ]);
    this.same(inOrder(flips), inOrder(preview.flips), place, "preview");
    this.flips += flips.length;
  }

  /** The call's answer or the code of its error. */
  call(service, { method, arguments: values, codes, answer, report }, place) {
    let result;
    try {
      result = service[method](...values);
    } catch (error) {
      this.same(error.name, "RolecallError", place, error);
      if (!codes?.includes(error.code)) this.same(error.code, codes?.join(" or "), place);
      return;
    }
    this.same(codes, undefined, place, "did not fail");
    if (answer !== undefined) this.same(result, answer, place);
    if (report === undefined) return;
    for (const section of sections) {
      for (const [fate, count] of Object.entries(report[section])) {
        this.same(result[section][fate], count, place, section, fate);
      }
    }
  }
}

function replaySequence(Service, { dialect, start, steps, end }, number, asked, comparison) {
  const service = start === null ? new Service({ dialect }) : Service.from(start, { dialect });
  const held = asked.map(([identity, channel], at) => {
    const manner = manners[(at + number) % manners.length];
    if (manner === "asked at the end only") return { manner };
    const one = { manner, ability: service.ability(identity, channel), calls: 0 };
    if (manner === "listening") one.ability.subscribe(() => one.calls++);
    return one;
  });

  let answers;
  let before;
  steps.forEach((step, index) => {
    const place = `sequence ${number}, step ${index} ${step.method ?? ""}`;
    if (step.method) comparison.call(service, step, place);
    answers = step.answers ?? answers;
    const after = answers.map((digits) => decisions(step.actions, digits));
    const last = index === steps.length - 1;
    asked.forEach(([identity, channel], at) => {
      const one = held[at];
      if (one.manner === "asked at the end only") {
        if (last) comparison.answers(service.ability(identity, channel), step.actions, answers[at], place);
        return;
      }
      one.changes = (one.changes ?? 0) + (before && before[at] !== after[at] ? 1 : 0);
      if (one.manner === "asked now and then" && index % 5 !== 0 && !last) return;

      const { version } = one.ability;
      if (one.version !== undefined) {
        if (one.changes === 0) comparison.same(version, one.version, place, identity, channel, "version");
        // After more than one change it may be as it was.
        if (one.seen !== after[at])
          comparison.same(version !== one.version, true, place, identity, channel, "new version");
        comparison.versions++;
      }
      if (one.manner === "listening") {
        comparison.same(one.calls, one.changes, place, identity, channel, "calls");
        comparison.notices += one.calls;
        one.calls = 0;
      }
      Object.assign(one, { version, seen: after[at], changes: 0 });
      comparison.answers(one.ability, step.actions, answers[at], place);
    });
    before = after;
  });

  const { actions } = steps.at(-1);
  comparison.end(service, asked, actions, end, `sequence ${number}, at its end,`);
  const again = Service.from(service.toJSON());
  asked.forEach(([identity, channel], at) => {
    comparison.answers(again.ability(identity, channel), actions, answers[at], `sequence ${number}, opened again,`);
    const own = service.ability(identity, channel).actions(identity).toSorted().join();
    const expected = actions.filter((_, action) => "13".includes(answers[at][action]));
    comparison.same(own, expected.toSorted().join(), `sequence ${number}`, identity, channel, "actions");
  });
  again.free();
  service.free();
}

/** Returns how much was compared, and the first failures. */
export function replay(Service, { identities, channels, sequences }) {
  const comparison = new Comparison();
  const asked = identities.flatMap((identity) => channels.map((channel) => [identity, channel ?? undefined]));
  sequences.forEach((sequence, number) => {
    replaySequence(Service, sequence, number, asked, comparison);
  });
  return comparison;
}
