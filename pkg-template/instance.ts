import { RolecallError } from "./errors.js";
import * as bindings from "./rolecall_bg.js";
import { wasmBytes } from "./wasm-inline.js";

let ready = false;
let pending: Promise<void> | undefined;

const imports = { "./rolecall_bg.js": bindings };

function start({ exports }: WebAssembly.Instance): void {
  if (ready) return;
  bindings.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  ready = true;
}

const failed = (cause: unknown): RolecallError =>
  Object.assign(
    new RolecallError(
      "not-ready",
      `WebAssembly could not be started (a page's policy must allow 'wasm-unsafe-eval'): ${cause}`,
    ),
    { cause },
  );

/**
 * Compiles the WebAssembly off the critical path. Never needed: the first `new Service()` does it on the spot, in a few
 * milliseconds. Concurrent calls share one promise; after a failure it can be called again.
 *
 * @throws RolecallError `not-ready` where the page's policy forbids WebAssembly.
 */
export function init(): Promise<void> {
  if (ready) return Promise.resolve();
  pending ??= Promise.resolve()
    .then(() => WebAssembly.instantiate(wasmBytes(), imports))
    .then(({ instance }) => start(instance))
    .catch((cause) => {
      throw failed(cause);
    })
    .finally(() => {
      pending = undefined;
    });
  return pending;
}

/** Makes the WebAssembly ready now. */
export function instantiate(): void {
  if (ready) return;
  try {
    start(new WebAssembly.Instance(new WebAssembly.Module(wasmBytes()), imports));
  } catch (cause) {
    throw failed(cause);
  }
}
