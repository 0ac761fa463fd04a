/** What texts.js is given of the tables in src/: lists, their elements between `|`. */
export interface Tables {
  readonly words: string;
  readonly phrases: string;
  readonly shape: string;
}

/** How long a text may be, in UTF-16 units. */
export const LONGEST: number;

/** Whether a text has no lone surrogate. */
export function isWellFormed(text: string): boolean;

/** A payload that was read. */
export interface Reading {
  readonly windows: readonly Uint32Array[];
  readonly places: number;
  readonly fresh: number;
}

/** The texts of a service by their numbers. */
export class Texts {
  constructor(tables: Tables);
  /** What is being loaded. */
  reading: Reading | undefined;
  /** How many hold numbers of texts that the model does not know of (yet): while they do, none is forgotten. */
  holders: number;
  /** Whether it is time to look which texts are needed still. */
  readonly isDue: boolean;
  enter(): void;
  number(text: string): number;
  keep(bits: Uint32Array): void;
  grow(): void;
  read(payload: unknown, room: number): Reading;
  say(cells: Uint32Array): string;
}

/** The name by which the WebAssembly imports functions of texts.js. */
export const module: string;
