// What a service costs when it grows: one service of so many memberships, in a program of its own.
import { Service } from "rolecall";
import { me } from "./list.mjs";
import { median, ownCopy, takeTurns } from "./measure.mjs";
import { crowd } from "./world.mjs";

/** The memory of every WebAssembly that is started from now on. */
function watchMemory() {
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      memories.push(this.exports.memory);
    }
  };
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

/** What a page would otherwise keep: the same rows in Maps. */
function fillMaps({ roles, users, members }) {
  const permissions = new Map(roles.map(({ sid, permissions }) => [sid, new Set(permissions)]));
  const serviceRoles = new Map(users.map(({ identity, role_sid }) => [identity, role_sid]));
  const channels = new Map();
  for (const { channel_sid, identity, role_sid } of members) {
    const known = channels.get(channel_sid);
    if (known === undefined) channels.set(channel_sid, new Map([[identity, role_sid]]));
    else known.set(identity, role_sid);
  }
  return { permissions, serviceRoles, channels };
}

const timed = (work) => {
  const start = performance.now();
  const made = work();
  return { made, took: performance.now() - start };
};

/**
 * Loads a payload and fills Maps from it, in turns, and fewer where that takes long. Each gets texts of its own out of JSON,
 * which nothing has looked at.
 */
function timeLoads(payload, memory) {
  const count = payload.members.length;
  const text = JSON.stringify(payload);
  const loads = [];
  const maps = [];
  let service;
  let memoryOfOne;
  for (let round = 0; round < (count > 100_000 ? 3 : 15); round++) {
    const [forMaps, forLoad] = [JSON.parse(text), JSON.parse(text)];
    const turns = [
      () => maps.push(timed(() => fillMaps(forMaps)).took),
      () => {
        service?.free();
        const { made, took } = timed(() => Service.from(forLoad));
        service = made;
        loads.push(took);
        memoryOfOne ??= memory();
      },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const { added } = service.lastLoad.members;
  if (added !== count) throw new Error(`${added} members were loaded`);
  return {
    service,
    load: median(loads),
    maps: median(maps),
    loadRatio: median(loads.map((load, round) => load / maps[round])),
    // An empty service is there as well.
    memory: memoryOfOne,
  };
}

/** How long loading takes with the member rows in one of the orders of {@link crowd}. */
export function measureOrder(memberships, order) {
  const memory = watchMemory();
  const { service, ...measured } = timeLoads(crowd(memberships, order), memory);
  service.free();
  return { order, ...measured };
}

const checks = (ability, times) => {
  let allowed = 0;
  for (let time = 0; time < times; time++) if (ability.can("sendMessage")) allowed++;
  return allowed;
};

/**
 * @param memberships how many
 * @param settings those of {@link takeTurns}
 * @returns times in milliseconds, memory in bytes
 */
export async function measureGrowth(memberships, settings) {
  const memory = watchMemory();
  const payload = crowd(memberships);
  const { channel_sid } = payload.members[0];

  const empty = new Service();
  empty.createChannel({ sid: channel_sid });
  empty.setMember(channel_sid, me);

  const { service, ...loading } = timeLoads(payload, memory);

  const held = service.ability(me, channel_sid);
  const inEmpty = empty.ability(me, channel_sid);
  if (!held.can("sendMessage") || !inEmpty.can("sendMessage")) throw new Error("a member may send messages");
  const [loaded, alone] = [ownCopy(checks), ownCopy(checks)];
  const member = payload.members[memberships >> 1];
  const roles = payload.roles.filter(({ type }) => type === "channel").map(({ sid }) => sid);
  const samples = await takeTurns(
    [
      { name: "check", run: (times) => loaded(held, times) },
      { name: "checkInEmpty", run: (times) => alone(inEmpty, times) },
      {
        name: "update",
        run(times) {
          let allowed = 0;
          for (let time = 0; time < times; time++) {
            service.setMember(member.channel_sid, member.identity, roles[time & 1]);
            if (held.can("sendMessage")) allowed++;
          }
          return allowed;
        },
      },
    ],
    settings,
  );
  const ratio = samples.check.map((sample, round) => sample / samples.checkInEmpty[round]);
  return {
    memberships,
    ...loading,
    check: median(samples.check),
    checkRatio: median(ratio),
    update: median(samples.update),
  };
}
