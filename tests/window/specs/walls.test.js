// What the page may not do, whatever runs in it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App } from "../harness/app.js";
import { World } from "../harness/world.js";

let world;
let app;

before(async () => {
  world = await World.make();
  app = await App.open(world);
});

after(async () => {
  await app?.quit();
  await world?.remove();
});

test("a missing argument is refused by name", async () => {
  const { error } = await app.call("start_backup");
  assert.equal(error.code, "bad_argument");
  assert.equal(error.field, "repository");
});

test("an argument of the wrong type is refused by name, without its value", async () => {
  const payload = { name: "n", path: "/r", passphrase: ["swordfish"] };
  const { error } = await app.call("create_repository", payload);
  assert.equal(error.field, "passphrase");
  assert.ok(!JSON.stringify(error).includes("swordfish"));
});

test("an unknown job is not found", async () => {
  const { error } = await app.call("get_backup_status", { job_id: 4711 });
  assert.equal(error.code, "not_found");
});

test("the log of an unknown job is refused before anyone is asked where to save it", async () => {
  const { error } = await app.call("save_backup_logs", { job_id: 4711 });
  assert.equal(error.code, "not_found");
});

test("nothing of Tauri's own can be called", async () => {
  for (const command of [
    "plugin:dialog|open",
    "plugin:notification|notify",
    "plugin:window|close",
    "plugin:event|listen",
    "plugin:webview|create_webview_window",
  ]) {
    const { error } = await app.call(command, { event: "x", target: { kind: "Any" }, handler: 0 });
    assert.match(String(error), /not allowed/, command);
  }
});

test("the page cannot be left", async () => {
  await app.driver.executeScript(() => {
    location.href = "https://example.org/";
  });
  assert.match(await app.driver.getCurrentUrl(), /^tauri:\/\/localhost/);
  await app.control("heading", "Welcome to Alcove");
});

test("the page cannot open another window", async () => {
  await app.driver.executeScript(() => void window.open("https://example.org/"));
  assert.equal((await app.driver.getAllWindowHandles()).length, 1);
});

test("the page cannot reach the network, run text as code, or change what objects are made of", async () => {
  const outcome = await app.driver.executeAsyncScript((done) => {
    const violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      violations.push(event.effectiveDirective);
    });
    const script = document.createElement("script");
    script.textContent = "window.ranInline = true";
    document.head.append(script);
    const reached = fetch("https://example.org/").then(
      () => true,
      () => false,
    );
    reached.then((network) =>
      setTimeout(() => done({ network, inline: window.ranInline === true, violations }), 100),
    );
  });
  assert.equal(outcome.network, false);
  assert.equal(outcome.inline, false);
  assert.ok(outcome.violations.some((directive) => directive.startsWith("connect-src")));
  assert.ok(outcome.violations.some((directive) => directive.startsWith("script-src")));
  assert.ok(await app.driver.executeScript(() => Object.isFrozen(Object.prototype)));
});
