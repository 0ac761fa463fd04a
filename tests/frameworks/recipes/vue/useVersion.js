import { shallowRef, watchPostEffect } from "vue";

/** A ref of the version of a service or of an ability, such as `() => props.service`: what reads it follows each change. */
export function useVersion(source) {
  const version = shallowRef(source().version);
  // After mounting, so never on a server, where nothing would end it.
  watchPostEffect((onCleanup) => {
    const present = source();
    const update = () => {
      version.value = present.version;
    };
    update();
    onCleanup(present.subscribe(update));
  });
  return version;
}
