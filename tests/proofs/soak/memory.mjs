// To be imported before the first service is made: that instantiates the WebAssembly.

/** That of the model, and that of what decodes it. */
const memories = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(real, given) {
    const instance = Reflect.construct(real, given);
    memories.push(instance.exports.memory);
    return instance;
  },
});

/** The bytes of the WebAssembly's memories, which nothing but their instances know. */
export const wasmBytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
