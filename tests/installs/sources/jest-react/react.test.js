/** @jest-environment jsdom */
const { createElement } = require("react");
const { render, unmountComponentAtNode } = require("react-dom");
const { act } = require("react-dom/test-utils");
const { Service } = require("rolecall");
const { Can } = require("rolecall/react");
const access = require("./access.json");

test("a component follows the service", () => {
  const service = Service.from(access);
  const ability = service.ability("alice", "CH1");
  const root = document.createElement("div");
  act(() => {
    render(createElement(Can, { ability, action: "deleteMessage", owner: "bob", fallback: "No" }, "Delete"), root);
  });
  expect(root.textContent).toBe("No");
  act(() => {
    service.grant("channel user", "deleteAnyMessage");
  });
  expect(root.textContent).toBe("Delete");
  unmountComponentAtNode(root);
});
