// What is timed. Runs in Node and, bundled, in a page.
import { baseline, contenders } from "./all.mjs";
import { drawByCheck, drawByRows, messagesIn, rowActions } from "./list.mjs";
import { compared, ownCopy, takeTurns } from "./measure.mjs";
import { access, channelsOf, verify } from "./world.mjs";

/** The loops: each made anew for each contender, so they use their parameters only. */
const loops = {
  check: (contender, channels, times) => {
    let allowed = 0;
    for (let time = 0, at = 0; time < times; time++) {
      if (contender.check("sendMessage", channels[at])) allowed++;
      if (++at === channels.length) at = 0;
    }
    return allowed;
  },
  checkOwned: (contender, channels, times, messages) => {
    let allowed = 0;
    for (let time = 0, at = 0; time < times; time++) {
      if (contender.check("deleteMessage", channels[at], messages[at])) allowed++;
      if (++at === messages.length) at = 0;
    }
    return allowed;
  },
  load: (load, payload, channel, times) => {
    let allowed = 0;
    for (let time = 0; time < times; time++) {
      const contender = load(payload);
      if (contender.check("sendMessage", channel)) allowed++;
      if (contender.free !== undefined) contender.free();
    }
    return allowed;
  },
};

/** Jobs of all contenders for one loop, on the same channels and messages. */
function jobs(loop, payload, channels, messages) {
  return contenders.map(({ name, load }) => {
    const contender = load(payload);
    const run = ownCopy(loop);
    return { name, run: (times) => run(contender, channels, times, messages, rowActions), contender };
  });
}

/** @param settings `rounds` and `slice` of {@link takeTurns} */
export async function measureRows(settings) {
  for (const contender of contenders) verify(contender);
  const times = {};
  const add = async (row, jobs) => {
    times[row] = compared(await takeTurns(jobs, settings), baseline);
    for (const { contender } of jobs) contender?.free?.();
  };

  for (const count of [1, 1000]) {
    const payload = access({ channels: count });
    const channels = channelsOf(payload);
    const one = channels[count >> 1];
    const messages = messagesIn(1000, () => one.sid);
    const inOne = messages.map(() => one);
    // Several objects for one channel, as one finds them in messages.
    const asked = count === 1 ? Array.from({ length: 8 }, () => channelsOf(payload)[0]) : channels;
    await add(`check/${count}`, jobs(loops.check, payload, asked));
    const everywhere = messagesIn(1000, (number) => channels[number % count].sid);
    const theirs = everywhere.map((_, number) => channels[number % count]);
    await add(`checkOwned/${count}`, jobs(loops.checkOwned, payload, theirs, everywhere));
    const perCall = jobs(drawByCheck, payload, inOne, messages);
    const [{ contender, name }] = perCall;
    const run = ownCopy(drawByRows);
    const ofRows = {
      name: `${name}, canEach`,
      run: (count) => run(contender, inOne, count, messages, rowActions),
    };
    await add(`render/${count}`, [...perCall, ofRows]);
    if (count > 1) await add(`renderSpread/${count}`, jobs(drawByCheck, payload, theirs, everywhere));
  }

  for (const size of [{ channels: 1 }, { channels: 10_000, roles: 1000 }]) {
    const payload = access(size);
    const [channel] = channelsOf(payload);
    const loading = contenders.map(({ name, load }) => {
      const run = ownCopy(loops.load);
      return { name, run: (times) => run(load, payload, channel, times) };
    });
    await add(`load/${size.roles ?? 4}`, loading);
  }
  return times;
}
