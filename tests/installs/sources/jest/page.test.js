/** @jest-environment jsdom */
const { Service } = require("rolecall");
const { bind } = require("rolecall/dom");
const access = require("./access.json");

test("a button is hidden until its action is allowed", () => {
  const service = Service.from(access);
  document.body.innerHTML = '<button data-can="deleteMessage" data-can-owner="bob">Delete</button>';
  const [button] = document.body.children;
  const stop = bind(document.body, service.ability("alice", "CH1"));
  expect(button.hidden).toBe(true);
  service.grant("channel user", "deleteAnyMessage");
  expect(button.hidden).toBe(false);
  stop();
});
