import * as bindings from "./rolecall_bg.js";
import { wasmBytes } from "./wasm-inline.js";

/** A placeholder. */
export class Service {
  static from(_payload: unknown): Service {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasmBytes()), { "./rolecall_bg.js": bindings });
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    return new Service();
  }
  ability(_identity: string, _channel?: string): { can(action: string): boolean } {
    return { can: (): boolean => bindings.probe() === 23 };
  }
}
