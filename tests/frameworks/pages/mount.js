// Shows what a test renders, in React 18 and later.
import { act, startTransition } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";

const acting = (work) => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  return act(async () => work());
};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const page = (root) => ({
  render: (element) => acting(() => root.render(element)),
  /** Renders in pieces, and calls once it has begun; returns when it is shown. */
  async renderSlowly(element, hasBegun, call, isShown) {
    globalThis.IS_REACT_ACT_ENVIRONMENT = false;
    startTransition(() => root.render(element));
    while (!hasBegun()) await pause(0);
    call();
    for (let tries = 0; tries < 200 && !isShown(); tries++) await pause(50);
  },
  end: () => acting(() => root.unmount()),
});

export async function show(app, element) {
  const shown = page(createRoot(app));
  await shown.render(element);
  return shown;
}

export const hydrate = async (app, element, onRecoverableError) =>
  page(await acting(() => hydrateRoot(app, element, { onRecoverableError })));

export const change = acting;
