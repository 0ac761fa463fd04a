import { computed, effect, Injectable, type Signal, signal } from "@angular/core";
import type { Ability, Service } from "rolecall";

/** What the components share: the service and the signed-in user's ability, once they are loaded. */
@Injectable({ providedIn: "root" })
export class Chat {
  readonly service = signal<Service | undefined>(undefined);
  readonly ability = signal<Ability | undefined>(undefined);
}

/** A signal of what is computed from a service or an ability, again after each of its changes. */
export function follow<Source extends Service | Ability, Value>(
  source: Signal<Source | undefined>,
  compute: (source: Source) => Value,
): Signal<Value | undefined> {
  const version = signal<number | undefined>(undefined);
  effect((onCleanup) => {
    const present = source();
    const update = () => version.set(present?.version);
    update();
    const stop = present?.subscribe(update);
    if (stop) onCleanup(stop);
  });
  return computed(() => {
    version();
    const present = source();
    return present && compute(present);
  });
}
