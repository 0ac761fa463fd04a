import { readable } from "svelte/store";

/** A store of the version of a service or of an ability: what reads it follows each change. */
export const version = (source) =>
  readable(source.version, (set) => {
    set(source.version);
    return source.subscribe(() => set(source.version));
  });
