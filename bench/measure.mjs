// Timing that a busy machine disturbs little: short slices, taken in turns, and compared within each round.

const now = () => performance.now();

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * A function of its own for each contender, from the same text: what the engine learns of one is not mixed with another.
 * So it must use nothing but its parameters.
 */
export const ownCopy = (work) => new Function(`return ${work}`)();

/** What came out of everything that was timed: what nobody looks at need not be done. */
let outcome = 0;

/**
 * Times jobs against each other. A job's `run(times)` does its work so many times and gives a number that depends on it.
 * How often fills a slice is found out first. Then the jobs take turns, each round in another order. A job whose work
 * takes long is left out of the later rounds.
 *
 * @param jobs `{ name, run }`
 * @param settings `rounds`; `slice` and `most` in milliseconds: how long a job runs each time, and all in all
 * @returns for each name the milliseconds of one time, in each round
 */
export async function takeTurns(jobs, { rounds, slice, most }) {
  const timed = (job, times) => {
    const start = now();
    outcome += job.run(times);
    return now() - start;
  };
  const ready = jobs.map((job) => {
    let times = 1;
    let took = timed(job, times);
    // Until the engine has compiled it and a slice is full.
    for (const until = now() + 50; now() < until || took < slice / 2; took = timed(job, times)) {
      if (took < slice) times = Math.ceil(Math.min((times * slice) / Math.max(took, 0.005), times * 4));
      else if (took > slice * 2) times = Math.max(1, Math.floor((times * slice) / took));
    }
    return { ...job, times, samples: [], spent: 0 };
  });
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < ready.length; turn++) {
      const job = ready[(round + turn) % ready.length];
      if (job.spent > most && round >= fewestRounds) continue;
      const took = timed(job, job.times);
      job.spent += took;
      job.samples.push(took / job.times);
      // Lets what waits run between the slices and not in one.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  if (Number.isNaN(outcome)) throw new Error("something gave no number");
  return Object.fromEntries(ready.map(({ name, samples }) => [name, samples]));
}

const fewestRounds = 3;

/** The medians, and the medians of what each round compares: a slow moment hits all that take turns in it. */
export function compared(samples, baseline) {
  return Object.fromEntries(
    Object.entries(samples).map(([name, own]) => [
      name,
      { time: median(own), ratio: median(own.map((sample, round) => sample / samples[baseline][round])) },
    ]),
  );
}
