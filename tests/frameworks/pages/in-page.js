// What the tests that run inside a page share. tests/frameworks/pages.test.mjs bundles a page, opens it and reports.
import { Service } from "rolecall";

const tests = [];

/** `todo`: why it is known to fail. */
export const test = (name, run, { todo } = {}) => tests.push({ name, run, todo });

/** Runs all tests, one after the other; gives what failed by name. */
globalThis.runTests = async () => {
  const results = [];
  for (const { name, run, todo } of tests) {
    const outside = [];
    const note = (event) => {
      outside.push(event.error ?? event.reason);
      event.preventDefault();
    };
    addEventListener("error", note);
    addEventListener("unhandledrejection", note);
    document.body.innerHTML = '<div id="app"></div>';
    try {
      await run({ app: document.querySelector("#app"), reported: outside });
      if (outside.length > 0) throw outside[0];
      results.push({ name, todo });
    } catch (error) {
      results.push({ name, todo, error: `${error}\n${error?.stack}` });
    } finally {
      removeEventListener("error", note);
      removeEventListener("unhandledrejection", note);
    }
  }
  return results;
};

/** Bob is Channel User in the channel that alice made: he may delete his own messages, and no others. */
export function town() {
  const service = new Service();
  for (const identity of ["alice", "bob"]) service.setUser(identity);
  service.createChannel({ sid: "CH1", createdBy: "alice" });
  service.setMember("CH1", "bob");
  const bob = service.ability("bob", "CH1");
  /** Lets bob delete everybody's messages, which changes no answer about his own. */
  const promote = () => service.grant("Channel User", "deleteAnyMessage");
  const demote = () => service.revoke("Channel User", "deleteAnyMessage");
  /** A change that concerns none of bob's answers about messages. */
  const elsewhere = () => service.setUser(`somebody ${service.users().length}`);
  const by = (identity) => messages.filter(({ author }) => author === identity).map(({ id }) => id);
  return {
    service,
    bob,
    alice: service.ability("alice", "CH1"),
    promote,
    demote,
    elsewhere,
    /** One after the other: what happens, and for which of the `messages` bob's answer is another one then. */
    changes: [
      [elsewhere, []],
      [() => service.revoke("Channel User", "sendMediaMessage"), []],
      [promote, by("alice")],
      [demote, by("alice")],
      [() => service.removeMember("CH1", "bob"), by("bob")],
    ],
    listening: countListeners(bob),
  };
}

/** A function that tells how many listeners of the ability have not been ended. */
export function countListeners(ability) {
  const listening = new Set();
  const subscribe = ability.subscribe.bind(ability);
  ability.subscribe = (...asked) => {
    const token = {};
    listening.add(token);
    const stop = subscribe(...asked);
    return () => {
      listening.delete(token);
      stop();
    };
  };
  return () => listening.size;
}

/** A thousand messages: bob's and others' in turn. */
export const messages = Array.from({ length: 1000 }, (_, id) => ({ id, author: id % 2 === 0 ? "bob" : "alice" }));
