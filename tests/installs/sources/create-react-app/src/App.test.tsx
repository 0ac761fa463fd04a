import { fireEvent, render, screen } from "@testing-library/react";
import App from "./App";
import ConversationMenu from "./ConversationMenu";

test("shows Manage Participants to whom may add some", () => {
  render(<App />);
  expect(screen.queryByText("Manage Participants")).not.toBeInTheDocument();
  const rename = screen.getByText("Edit Conversation Name");
  expect(rename).toHaveAttribute("aria-disabled", "true");
  expect(rename).toHaveAccessibleDescription(/^“alice” may not rename/);
  fireEvent.click(screen.getByText("Promote"));
  fireEvent.click(screen.getByText("Manage Participants"));
  expect(screen.getByText("Participants")).toBeInTheDocument();
});

test("waits for the ability", () => {
  render(<ConversationMenu ability={undefined} onManageParticipants={() => {}} />);
  expect(screen.getByText("Loading")).toBeInTheDocument();
  expect(screen.queryByText("Manage Participants")).not.toBeInTheDocument();
});

test("runs in jsdom as Create React App has it", () => {
  expect(typeof TextDecoder).toBe("undefined");
});
