import { RolecallError } from "./errors.js";
import { printed } from "./listeners.js";
import type { ErrorCode } from "./names.js";
import * as bindings from "./rolecall_bg.js";
import * as values from "./values.js";

/** What WebAssembly can be started from. */
export type Compilable = BufferSource | WebAssembly.Module;

let isReady = false;
let pending: Promise<void> | undefined;
let inlined: (() => BufferSource) | undefined;

/** What the WebAssembly imports: the glue that wasm-bindgen wrote, and src/js/values.js under the name that it is asked for. */
const imports = { "./rolecall_bg.js": bindings, [values.module]: values } as unknown as WebAssembly.Imports;

/**
 * Returns what an entry point exports, and lets it start from these bytes. The export is what keeps the bytes in a bundle: an
 * import for its effect alone would be dropped, or would always be kept.
 */
export function startingFrom<Exported>(bytes: () => BufferSource, exported: Exported): Exported {
  inlined = bytes;
  return exported;
}

/** Starts the WebAssembly without blocking. Concurrent calls share one promise; after a failure it can be called again. */
export function compile(source: () => Compilable | Promise<Compilable>): Promise<void> {
  if (isReady) return Promise.resolve();
  if (pending === undefined) {
    pending = compileFrom(source).finally(() => {
      pending = undefined;
    });
  }
  return pending;
}

async function compileFrom(source: () => Compilable | Promise<Compilable>): Promise<void> {
  if (isMissing()) throw missing();
  let found: Compilable | undefined;
  try {
    found = await source();
    const started: WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance = await WebAssembly.instantiate(
      found as BufferSource,
      imports,
    );
    // Of bytes it is the module and its instance, of a module the instance alone.
    if (!isReady) use("instance" in started ? started.instance : started);
    rehearse();
    isReady = true;
  } catch (cause) {
    throw isModule(found)
      ? because(
          "not-ready",
          "this WebAssembly.Module could not be started; it may be of another version: take the rolecall.wasm of the package that you import",
          cause,
        )
      : failure(cause);
  }
}

/** Starts the WebAssembly now, if it was not. */
export function instantiate(): void {
  if (isReady) return;
  if (isMissing()) throw missing();
  if (inlined === undefined) {
    throw new RolecallError("not-ready", "call `await init(…)` of rolecall/slim before anything else of it");
  }
  try {
    use(new WebAssembly.Instance(compiledAtOnce(inlined()), imports));
    isReady = true;
  } catch (cause) {
    throw cause instanceof RolecallError ? cause : failure(cause);
  }
}

function compiledAtOnce(bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    const isTooMuch = cause instanceof RangeError;
    if (!isTooMuch) throw cause;
    throw because("init-required", "this engine compiles only asynchronously: call `await init()` first", cause);
  }
}

function use({ exports }: WebAssembly.Instance): void {
  bindings.__wbg_set_wasm(exports);
  (exports as { __wbindgen_start?: () => void }).__wbindgen_start?.();
}

/** Loads and asks once, since engines compile a function only when it is first called: so that the first real load need not wait. */
function rehearse(): void {
  const core = new bindings.Core("chat", true, 0);
  core.load(new bindings.Payload(core.toJSON()), false);
  core.allowed("", undefined);
  core.free();
}

const isMissing = (): boolean => typeof WebAssembly === "undefined";

const missing = (): RolecallError =>
  new RolecallError(
    "webassembly-missing",
    "this engine has no WebAssembly, as in React Native or in Lockdown Mode: ask your back end for the answers",
  );

function failure(cause: unknown): RolecallError {
  return isForbidden()
    ? because(
        "webassembly-blocked",
        "compiling WebAssembly is forbidden here: allow 'wasm-unsafe-eval' in the page's Content-Security-Policy, or, in an edge runtime, give `init` of rolecall/slim a WebAssembly.Module",
        cause,
      )
    : because(
        "not-ready",
        "the WebAssembly could not be started; the engine may be too old, or the file of another version",
        cause,
      );
}

/** Whether it is compiled already, which `instanceof` would not know of a module from outside of a sandbox. */
function isModule(found: unknown): boolean {
  try {
    return WebAssembly.Module.exports(found as WebAssembly.Module) !== undefined;
  } catch {
    return false;
  }
}

/** Whether not even the smallest module may be started. What engines throw at ours differs, and is thrown at broken files, too. */
function isForbidden(): boolean {
  try {
    return !new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  } catch {
    return true;
  }
}

const because = (code: ErrorCode, message: string, cause: unknown): RolecallError =>
  Object.assign(new RolecallError(code, `${message}: ${printed(cause)}`), { cause });
