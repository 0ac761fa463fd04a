import { RolecallError } from "./errors.js";
import { said } from "./report.js";
import * as bindings from "./rolecall_bg.js";
import * as texts from "./texts.js";

/** What WebAssembly can be started from. */
export type Compilable = BufferSource | WebAssembly.Module;

let ready = false;
let pending: Promise<void> | undefined;
let inlined: (() => BufferSource) | undefined;

const imports = { "./rolecall_bg.js": bindings, [texts.module]: texts } as WebAssembly.Imports;

function start({ exports }: WebAssembly.Instance): void {
  if (ready) return;
  bindings.__wbg_set_wasm(exports);
  ready = true;
}

const failed = (cause: unknown): RolecallError =>
  Object.assign(
    new RolecallError(
      "not-ready",
      `WebAssembly could not be started (a page's policy must allow 'wasm-unsafe-eval'): ${said(cause)}`,
    ),
    { cause },
  );

/**
 * Gives back what an entry point exports, and has it start from these bytes. The export is what keeps the bytes in a
 * bundle: an import that was there for its effect alone would be dropped, or would always be kept.
 */
export function startingFrom<Exported>(bytes: () => BufferSource, exported: Exported): Exported {
  inlined = bytes;
  return exported;
}

/** Compiles off the critical path. Concurrent calls share one promise; after a failure it can be called again. */
export function compile(source: () => Compilable | Promise<Compilable>): Promise<void> {
  if (ready) return Promise.resolve();
  pending ??= Promise.resolve()
    .then(source)
    .then(
      (found): Promise<WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance> =>
        WebAssembly.instantiate(found as BufferSource, imports),
    )
    // Of bytes it is both, of a module the instance alone.
    .then((made) => start("instance" in made ? made.instance : made))
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
  if (inlined === undefined) {
    throw new RolecallError("not-ready", "call `await init(…)` of rolecall/slim before anything else of it");
  }
  try {
    start(new WebAssembly.Instance(new WebAssembly.Module(inlined()), imports));
  } catch (cause) {
    throw failed(cause);
  }
}
