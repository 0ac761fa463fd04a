// Does in a page, as the test says, what takes a document.

import { Service } from "rolecall";
import { TOWN } from "../hostile/town.mjs";
import { wasmBytes } from "./memory.mjs";
import { forgotten, OPERATIONS } from "./operations.mjs";

const turnOfEvents = () => new Promise((resolve) => setTimeout(resolve));

let service;
let bob;

globalThis.soak = {
  names: Object.keys(OPERATIONS),
  forgotten,
  begin() {
    service = Service.from(TOWN);
    bob = service.ability("bob", "CH1");
  },
  async repeat(name, from, to) {
    for (let turn = from; turn < to; turn++) {
      OPERATIONS[name](service, bob, turn);
      // Observers and finalizers run between tasks only.
      if (turn % 500 === 499) await turnOfEvents();
    }
    return wasmBytes();
  },
  end: () => service.free(),
};
document.title = "ready";
