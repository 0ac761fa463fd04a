// Shows what a test renders, in React 18 and later.
import { act, startTransition } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";

const acting = (work) => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  return act(async () => work());
};

const page = (root) => ({
  render: (element) => acting(() => root.render(element)),
  /** Renders in pieces, and calls in the middle of it; returns when all is shown. */
  async renderSlowly(element, call) {
    globalThis.IS_REACT_ACT_ENVIRONMENT = false;
    startTransition(() => root.render(element));
    await new Promise((resolve) => setTimeout(resolve, 40));
    call();
    await new Promise((resolve) => setTimeout(resolve, 500));
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
