// Renders on a server, by CommonJS.
const assert = require("node:assert/strict");
const { createElement } = require("react");
const { renderToString } = require("react-dom/server");
const { Service } = require("rolecall");
const { Can } = require("rolecall/react");
const access = require("./access.json");

const service = Service.from(access);
const html = (ability) =>
  renderToString(
    createElement(Can, { ability, action: "deleteMessage", owner: "bob", fallback: "No", loading: "Soon" }, "Delete"),
  );
const alice = service.ability("alice", "CH1");
assert.equal(html(undefined), "Soon");
assert.equal(html(alice), "No");
service.grant("channel user", "deleteAnyMessage");
assert.equal(html(alice), "Delete");
