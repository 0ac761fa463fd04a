// To be imported before the first service is made: that instantiates the WebAssembly.

let memory;
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(real, given) {
    const instance = Reflect.construct(real, given);
    memory ??= instance.exports.memory;
    return instance;
  },
});

/** The bytes of the WebAssembly's memory, which nothing but its instance knows. */
export const wasmBytes = () => memory.buffer.byteLength;
