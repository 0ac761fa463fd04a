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
  service.joinChannel("CH1", "alice");
  service.joinChannel("CH1", "bob");
  const bob = service.ability("bob", "CH1");
  /** Lets bob delete everybody's messages, which changes no answer about his own. */
  const promote = () => service.grant("Channel User", "deleteAnyMessage");
  const demote = () => service.revoke("Channel User", "deleteAnyMessage");
  /** Changes no answer of bob's, and the sentence of why he may not delete alice's messages: somebody else may. */
  const reword = () =>
    service.createRole({ friendlyName: "moderator", type: "channel", permissions: ["deleteAnyMessage"] });
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
    reword,
    /** One after the other: what happens, and for which of the `messages` bob's answer is another one then. */
    changes: [
      [elsewhere, []],
      [() => service.revoke("Channel User", "sendMediaMessage"), []],
      [promote, by("alice")],
      [demote, by("alice")],
      [() => service.removeMember("CH1", "bob"), by("bob")],
    ],
    /** The same for the decisions, of which the sentences change as well. */
    decisionChanges: [
      [elsewhere, []],
      [() => service.revoke("Channel User", "sendMediaMessage"), []],
      [reword, by("alice")],
      [elsewhere, []],
      [promote, by("alice")],
    ],
    listening: countListeners(bob),
  };
}

const changes = Symbol.for("rolecall.changes");

/** A function that returns how many listeners of the ability, or of its service through it, have not been removed. */
export function countListeners(ability) {
  const listening = new Set();
  const counted =
    (subscribe) =>
    (...asked) => {
      const token = {};
      listening.add(token);
      const stop = subscribe(...asked);
      return () => {
        listening.delete(token);
        stop();
      };
    };
  const service = ability[changes];
  ability.subscribe = counted(ability.subscribe.bind(ability));
  Object.defineProperty(ability, changes, {
    value: {
      get version() {
        return service.version;
      },
      subscribe: counted((listener) => service.subscribe(listener)),
    },
  });
  return () => listening.size;
}

/** Of what was rendered: what `expected` is about. What is allowed may also be allowed for another reason, where any changes. */
export const concerned = (rendered, expected) =>
  expected.length === 0 ? rendered : rendered.filter((id) => messages[id].author === "alice");

/** The sentences about whether these messages may be deleted, one after the other. */
export const sentences = (ability, rows = messages) =>
  rows.map(({ author }) => ability.explain("deleteMessage", author).message).join("");

/** A thousand messages: bob's and others' in turn. */
export const messages = Array.from({ length: 1000 }, (_, id) => ({ id, author: id % 2 === 0 ? "bob" : "alice" }));
