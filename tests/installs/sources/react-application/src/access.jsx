import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { Service } from "rolecall";

/** What the components share. A test of a component gives it a service of its own. */
export const AccessContext = createContext({});

export const useAccess = () => useContext(AccessContext);

/** The user's ability in a conversation; `undefined` until it is loaded. */
export function useAbility(conversation) {
  const { service, identity } = useAccess();
  return service?.ability(identity, conversation);
}

/** The payload; `undefined` for a conversation that was deleted, or that the user is not in. */
async function fetchAccess(conversation, signal) {
  const response = await fetch(`/chat/access/${encodeURIComponent(conversation)}`, { signal });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

/** Loads what the user may do in a conversation, and loads it again when the page becomes visible or `refresh` is called. */
export function AccessProvider({ identity, conversation, children }) {
  const present = useRef(undefined);
  const [loaded, setLoaded] = useState(() => new Set());
  const [error, setError] = useState(undefined);
  const [count, setCount] = useState(0);
  const refresh = useCallback(() => setCount((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refresh counts
  useEffect(() => {
    // A refresh that comes after this one ends it, so an old answer never replaces a new one.
    const abort = new AbortController();
    const load = async () => {
      try {
        const payload = await fetchAccess(conversation, abort.signal);
        if (abort.signal.aborted) return;
        // The same service from then on: a control renders again only if its own answer has changed.
        present.current ??= new Service({ dialect: "conversations", roles: "none" });
        if (payload) present.current.load(payload, { replace: true, channel: conversation, identity });
        else present.current.removeChannel(conversation);
        setLoaded((before) => (before.has(conversation) ? before : new Set(before).add(conversation)));
        setError(undefined);
      } catch (reason) {
        if (!abort.signal.aborted) setError(reason);
      }
    };
    load();
    return () => abort.abort();
  }, [identity, conversation, count]);

  useEffect(() => {
    const update = () => document.hidden || refresh();
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, [refresh]);

  // Another conversation is not loaded yet: that is no “no”.
  const service = loaded.has(conversation) ? present.current : undefined;
  return <AccessContext.Provider value={{ service, identity, error, refresh }}>{children}</AccessContext.Provider>;
}
