import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Service } from "rolecall";
import { beforeEach, expect, test, vi } from "vitest";
import { AccessContext, AccessProvider } from "./access.jsx";
import { Conversation } from "./Conversation.jsx";

const messages = [{ id: 1, author: "bob", body: "Hello!" }];
const conversation = <Conversation conversation="CH1" messages={messages} onDelete={async () => ({ status: 403 })} />;

/** A service of the test's own: alice created the conversation, bob is a member. */
let service;
beforeEach(() => {
  service = new Service({ dialect: "conversations" });
  service.createChannel({ sid: "CH1", uniqueName: "desk", createdBy: "alice" });
  service.joinChannel("CH1", "alice");
  service.joinChannel("CH1", "bob");
});

const show = (identity) =>
  render(<AccessContext.Provider value={{ service, identity }}>{conversation}</AccessContext.Provider>);

const mayDelete = () => screen.getByText("Delete").getAttribute("aria-disabled") === "false";

test("the admin of a conversation deletes what others wrote", () => {
  show("alice");
  expect(mayDelete()).toBe(true);
});

test("who may not delete a message is told why", () => {
  service.joinChannel("CH1", "carol");
  show("carol");
  expect(mayDelete()).toBe(false);
  expect(screen.getByRole("button", { name: "Delete", description: /it belongs to “bob”/ })).toBeDefined();
});

test("the composer goes when the conversation is closed", () => {
  show("bob");
  expect(screen.getByLabelText("Message")).toBeDefined();
  act(() => service.setChannelState("CH1", "closed"));
  expect(screen.queryByLabelText("Message")).toBeNull();
  expect(screen.getByText("You may only read here.")).toBeDefined();
});

test("the provider loads, tries again, and refreshes after a refusal", async () => {
  const answers = [{ ok: false, status: 502 }];
  vi.stubGlobal("fetch", async () => answers.shift() ?? { ok: true, json: async () => service.toJSON() });
  render(
    <AccessProvider identity="alice" conversation="CH1">
      {conversation}
    </AccessProvider>,
  );
  expect(screen.getByText("One moment …")).toBeDefined();
  fireEvent.click(await screen.findByText("Try again"));
  expect(await screen.findByLabelText("Message")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();

  // Somebody made alice a plain member. The page learns it when the server refuses.
  service.setMember("CH1", "alice", "Channel User");
  fireEvent.click(screen.getByText("Delete"));
  await waitFor(() => expect(mayDelete()).toBe(false));
});

test.each([[["member", "removed"]], [["removed"]]])(
  "who is not in it, or not any more, writes nothing: %s",
  async (answers) => {
    vi.stubGlobal("fetch", async () =>
      answers.shift() === "member" ? { ok: true, json: async () => service.toJSON() } : { ok: false, status: 404 },
    );
    render(
      <AccessProvider identity="alice" conversation="CH1">
        {conversation}
      </AccessProvider>,
    );
    if (answers.length > 0) {
      expect(await screen.findByLabelText("Message")).toBeDefined();
      fireEvent(document, new Event("visibilitychange"));
    }
    expect(await screen.findByText("You may only read here.")).toBeDefined();
    expect(screen.queryByLabelText("Message")).toBeNull();
    expect(screen.queryByRole("alert")).toBeNull();
  },
);

test("another conversation is loading until it is loaded", async () => {
  const answers = ["CH1", "CH2"].map((sid) => {
    const access = new Service({ dialect: "conversations" });
    access.createChannel({ sid, createdBy: "bob" });
    if (sid === "CH1") access.joinChannel(sid, "alice");
    return access.toJSON();
  });
  vi.stubGlobal("fetch", async () => ({ ok: true, json: async () => answers.shift() }));
  const page = (sid) => (
    <AccessProvider identity="alice" conversation={sid}>
      <Conversation conversation={sid} messages={messages} />
    </AccessProvider>
  );
  const { rerender } = render(page("CH1"));
  expect(await screen.findByLabelText("Message")).toBeDefined();

  rerender(page("CH2"));
  expect(screen.getByText("One moment …")).toBeDefined();
  expect(await screen.findByText("You may only read here.")).toBeDefined();
});
