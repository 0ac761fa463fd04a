// The bindings while pages are rendered on a server: the answers are in the HTML, and nobody listens afterwards.

// First of all of Angular, since it compiles what no build has compiled.
import "@angular/compiler";
import "@angular/platform-server/init";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Component, enableProdMode, provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideServerRendering, renderApplication } from "@angular/platform-server";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { Service } from "rolecall";
import { can as answerSignal, decision as decisionSignal } from "rolecall/angular";
import { toCedar } from "rolecall/cedar";
import { Can, useCan, useDecision } from "rolecall/react";
import { can as answerStore, decision as decisionStore } from "rolecall/svelte";
import { useCan as answerRef, useDecision as decisionRef } from "rolecall/vue";
import { compile } from "svelte/compiler";
import { render as renderSvelte } from "svelte/server";
import { createSSRApp } from "vue";
import { renderToString as renderVue } from "vue/server-renderer";
import { root } from "../../scripts/run.mjs";

const say = (allowed) => (allowed ? "yes" : "no");

// Otherwise each page says that it is a developer's.
enableProdMode();

const renderers = {
  react(ability, owner) {
    const Button = () => say(useCan(ability, "deleteMessage", owner));
    return renderToString(createElement(Button));
  },
  "react's Can": (ability, owner) =>
    renderToString(createElement(Can, { ability, action: "deleteMessage", owner, fallback: "no" }, "yes")),
  vue(ability, owner) {
    const setup = () => {
      const allowed = answerRef(ability, "deleteMessage", () => owner);
      return () => say(allowed.value);
    };
    return renderVue(createSSRApp({ setup }));
  },
  "react's useDecision"(ability, owner) {
    const Button = () => say(useDecision(ability, "deleteMessage", owner)?.allowed);
    return renderToString(createElement(Button));
  },
  "vue's useDecision"(ability, owner) {
    const setup = () => {
      const decision = decisionRef(ability, "deleteMessage", () => owner);
      return () => say(decision.value?.allowed);
    };
    return renderVue(createSSRApp({ setup }));
  },
  async svelte(ability, owner) {
    // Below the repository's own node_modules, where it finds what it imports.
    const folder = join(root, "target", "server-rendering");
    mkdirSync(folder, { recursive: true });
    try {
      const source = readFileSync(join(root, "tests", "frameworks", "pages", "Row.svelte"), "utf8");
      const file = join(folder, "row.mjs");
      writeFileSync(file, compile(source, { generate: "server" }).js.code);
      const { default: Row } = await import(pathToFileURL(file));
      return renderSvelte(Row, { props: { ability, owner } }).body;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  angular: (ability, owner) => renderAngular(() => answerSignal(ability, "deleteMessage", owner), say),
  "angular's decision": (ability, owner) =>
    renderAngular(
      () => decisionSignal(ability, "deleteMessage", owner),
      (decision) => say(decision?.allowed),
    ),
};

function renderAngular(ask, show) {
  class Button {
    answer = ask();
    say = show;
  }
  Component({ selector: "app-root", template: "{{ say(answer()) }}" })(Button);
  const providers = [provideZonelessChangeDetection(), provideServerRendering()];
  return renderApplication((context) => bootstrapApplication(Button, { providers }, context), {
    document: "<app-root></app-root>",
  });
}

describe("rendering on a server", () => {
  const service = new Service();
  service.setUser("bob");
  service.createChannel({ sid: "CH1" });
  service.setMember("CH1", "bob");
  const bob = service.ability("bob", "CH1");
  let subscribed = 0;
  let ended = 0;
  const subscribe = bob.subscribe.bind(bob);
  bob.subscribe = (...asked) => {
    subscribed++;
    const stop = subscribe(...asked);
    return () => {
      ended++;
      stop();
    };
  };

  for (const [name, render] of Object.entries(renderers)) {
    test(name, async () => {
      const text = async (...asked) => (await render(...asked)).replaceAll(/<[^>]*>/g, "");
      assert.equal(await text(bob, "bob"), "yes");
      assert.equal(await text(bob, "alice"), "no");
      assert.equal(await text(bob, null), "no");
      assert.equal(await text(undefined, "bob"), "no");
      assert.equal(subscribed - ended, 0);
    });

    test(`${name}, of a service that was freed`, async () => {
      const freed = Service.from(service);
      const ability = freed.ability("bob", "CH1");
      freed.free();
      assert.equal((await render(ability, "bob")).replaceAll(/<[^>]*>/g, ""), "no");
    });
  }

  test("an ability of another copy of the package is as good", async () => {
    // Node is given the other form of the package.
    const { Service: Other } = await import(pathToFileURL(join(root, "pkg", "esm", "index.js")));
    assert.notEqual(Other, Service);
    const other = Other.from(service);
    const ability = other.ability("bob", "CH1");
    const seen = [];
    decisionStore(ability, "deleteMessage", "alice").subscribe((decision) => seen.push(decision?.message));
    const moderator = { friendlyName: "moderator", type: "channel", permissions: ["deleteAnyMessage"] };
    const before = ability.explain("deleteMessage", "alice").message;
    other.createRole(moderator);
    const after = ability.explain("deleteMessage", "alice").message;
    assert.equal(toCedar(other).entities.length, toCedar(service).entities.length + 1);
    other.free();
    assert.deepEqual(seen, [before, after, undefined]);
    assert.throws(() => toCedar(other), { name: "RolecallError", code: "freed" });
  });

  test("a store of svelte's calls only when its answer has become another", () => {
    const other = Service.from(service);
    const ability = other.ability("bob", "CH1");
    const told = { bob: [], alice: [] };
    for (const owner of ["bob", "alice"]) {
      answerStore(ability, "deleteMessage", owner).subscribe((allowed) => told[owner].push(allowed));
    }
    other.grant("Channel User", "addMember");
    assert.deepEqual(told, { bob: [true], alice: [false] });
    other.free();
    assert.deepEqual(told, { bob: [true, false], alice: [false] });
  });

  test("what is thrown by who is told that a service was freed is reported, and ends nothing", (context) => {
    const other = Service.from(service);
    const ability = other.ability("bob", "CH1");
    const reported = context.mock.method(console, "error", () => {}).mock;
    const told = [];
    for (const name of ["first", "second"]) {
      answerStore(ability, "deleteMessage", "bob").subscribe((allowed) => {
        told.push([name, allowed]);
        if (!allowed) throw new Error(name);
      });
    }
    other.free();
    other.free();
    const yes = ["first", "second"].map((name) => [name, true]);
    const no = ["first", "second"].map((name) => [name, false]);
    assert.deepEqual(told, [...yes, ...no]);
    assert.deepEqual(
      reported.calls.map(({ arguments: [error] }) => error.message),
      ["first", "second"],
    );
  });

  test("react's module is one for clients, wherever it is imported", () => {
    assert.match(
      readFileSync(join(root, "pkg", "esm", "frameworks", "react.js"), "utf8"),
      /^(\/\*\*[\s\S]*?\*\/\s*)?"use client";/,
    );
  });
});
