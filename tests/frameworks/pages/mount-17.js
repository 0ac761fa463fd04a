// Shows what a test renders, in React 17.
import ReactDOM from "react-dom";
import { act } from "react-dom/test-utils";

const acting = (work) => act(async () => void work());

const page = (app) => ({
  async render(element) {
    await acting(() => {
      ReactDOM.render(element, app);
    });
  },
  /** This React renders in one go, so the call comes after it. */
  async renderSlowly(element, _hasBegun, call) {
    await this.render(element);
    await acting(call);
  },
  end: () => acting(() => ReactDOM.unmountComponentAtNode(app)),
});

export async function show(app, element) {
  const shown = page(app);
  await shown.render(element);
  return shown;
}

/** Reports a difference on the console. */
export async function hydrate(app, element, onDifference) {
  const { error } = console;
  console.error = onDifference;
  await acting(() => ReactDOM.hydrate(element, app));
  console.error = error;
  return page(app);
}

export const change = acting;
