// The entry point that has its WebAssembly as bytes would have to compile them, which a Worker may not.
import { init, Service } from "rolecall";

export default {
  async test() {
    for (const run of [() => new Service(), () => init()]) {
      let error;
      try {
        await run();
      } catch (thrown) {
        error = thrown;
      }
      if (error?.code !== "webassembly-blocked") throw new Error(`${error}, not webassembly-blocked`);
    }
  },
};
