/** Whether an action is allowed on anybody's things; `null` where it is allowed on one's own alone. */
export type Answer = boolean | null;

/**
 * What the model decided of everything that somebody may do, with the answers that were asked for, by the names of actions.
 * Abilities of which the model decided alike share it, until the next change of the service empties it.
 */
export class Decisions extends Map<unknown, Answer> {
  /** Equal where two have the same answers. */
  readonly key: string;
  private readonly words: Uint32Array;

  /**
   * @param words a bit for each action: two words for others' things, and two for one's own
   * @param key the words in one
   */
  constructor(words: Uint32Array, key: string) {
    super();
    this.words = words;
    this.key = key;
  }

  /** Adds the answer to an action under its name, and returns it. */
  add(name: string, bit: number): Answer {
    const isSet = (word: number) => (((this.words[word + (bit >> 5)] as number) >> (bit & 31)) & 1) === 1;
    const answer = isSet(0) || (isSet(2) ? null : false);
    this.set(name, answer);
    return answer;
  }
}

/** Of an ability that has not asked the model yet. */
export const noDecisions: Decisions = new Decisions(new Uint32Array(0), "");

/** The two rows of which a list of answers consists. */
export interface Rows {
  /** For a thing of one's own. */
  readonly own: object;
  /** For any other. */
  readonly others: object;
}

/** Rows with their question. */
interface RememberedRows extends Rows {
  readonly actions: readonly unknown[];
  /** The version of the ability for which they are right. */
  readonly version: number;
}

/** For how many different lists of actions an ability remembers its rows: as many as a page may have, and few enough to compare. */
const mostRows = 8;

const none: readonly RememberedRows[] = [];

/**
 * The rows that an ability answers lists with. They are frozen and reused until an answer in them changes, so that `React.memo`
 * and its like skip what has not changed.
 */
export class RowCache {
  private remembered = none;

  /**
   * The rows for some actions.
   *
   * @param version the ability's; while it stays, so do the answers
   * @param can whether an action is allowed on a thing of one's own, or on any other
   */
  get(actions: readonly unknown[], version: number, can: (action: unknown, isOwn: boolean) => boolean): Rows {
    const known = this.remembered.find((rows) => isSameList(rows.actions, actions));
    if (known?.version === version) return known;
    const own = row(actions, (action) => can(action, true), known?.own);
    const others = row(actions, (action) => can(action, false), known?.others);
    const rows = { actions, version, own, others };
    this.remembered = [rows, ...this.remembered.filter((other) => other !== known)].slice(0, mostRows);
    return rows;
  }
}

/** A row of answers: the one that is known, if nothing in it has changed. */
function row(actions: readonly unknown[], can: (action: unknown) => boolean, known: object | undefined): object {
  // Without a prototype, so that it answers nothing that was not asked.
  const answers: Record<string, boolean> = Object.create(null);
  for (const action of actions) answers[action as string] = can(action);
  const isAsKnown =
    known !== undefined &&
    Object.keys(answers).every((action) => (known as typeof answers)[action] === answers[action]);
  return isAsKnown ? known : Object.freeze(answers);
}

function isSameList(list: readonly unknown[], other: readonly unknown[]): boolean {
  return list.length === other.length && list.every((element, index) => element === other[index]);
}
