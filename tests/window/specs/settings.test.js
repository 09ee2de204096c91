// Settings, without a pointer: each is kept by the engine at once, and the look from the first paint on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Key } from "selenium-webdriver";
import { App } from "../harness/app.js";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, type, write } from "../harness/keyboard.js";
import { makeRepository } from "../harness/repository.js";
import { grow } from "../harness/tree.js";
import { World } from "../harness/world.js";

let world;
let app;
const findings = [];

async function picture(name) {
  findings.push(...(await app.screen(name)));
}

/** Waits until the engine has kept a setting. */
function kept(name, value) {
  return app.until(
    async () => (await app.call("get_settings")).answer[name] === value,
    `the setting ${name} that is ${value}`,
  );
}

/** Waits until the page has this look. */
function looks(theme) {
  return app.until(
    () => app.driver.executeScript((name) => document.documentElement.dataset.theme === name, theme),
    `a page that is ${theme}`,
  );
}

/** The colour behind everything, as it is painted. */
const ground = () => app.driver.executeScript(() => getComputedStyle(document.body).backgroundColor);

before(async () => {
  world = await World.make();
  const source = await world.folderAtHome("Notes");
  await grow(source, 20, 1_000_000);
  app = await App.open(world);
  await makeRepository(app, world, { source, plan: "Notes" });
});

after(async () => {
  await app?.quit();
  await world?.remove();
});

step("they are reached with a key, and the look changes at once", async () => {
  const light = await ground();
  await press(app, Key.CONTROL, "5");
  await app.control("heading", "General");
  await picture("settings");
  await tabTo(app, "radio", "System");
  await press(app, Key.ARROW_RIGHT);
  await looks("light");
  await press(app, Key.ARROW_RIGHT);
  await looks("dark");
  await kept("theme", "dark");
  assert.notEqual(await ground(), light);
  app.scheme = "dark";
  await picture("settings");
});

step("a chosen look is there after a restart, whatever the desktop prefers", async () => {
  await app.quit();
  app = await App.open(world);
  // It is set before the page runs: nothing is asked for, and nothing flashes.
  assert.equal(await app.driver.executeScript(() => document.documentElement.dataset.theme), "dark");
  await app.control("link", "Overview");
  await press(app, Key.CONTROL, "5");
  await tabTo(app, "radio", "Dark");
  await press(app, Key.ARROW_LEFT);
  await kept("theme", "light");
  await looks("light");
});

step("notifications, backups at the same time, and which Borg are kept", async () => {
  await tabTo(app, "switch", "Notify me when a backup ends");
  await press(app, Key.SPACE);
  await kept("notifications", false);

  await tabTo(app, "field", "Backups at the same time");
  await press(app, Key.ARROW_UP);
  await kept("lanes", 3);

  const found = (await app.call("get_system")).answer.borg.path;
  await enter(app, "button", "Change Borg");
  await write(app, "Path of another Borg", "bin/borg");
  await press(app, Key.ENTER);
  await app.until(
    () => app.driver.executeScript(() => document.body.innerText.includes("bin/borg is not a full path.")),
    "the engine's sentence at the field",
  );
  await picture("settings-borg-refused");
  await write(app, "Path of another Borg", found);
  await press(app, Key.ENTER);
  await kept("borg_path", found);
});

step("the HTTP door opens and closes", async () => {
  const open = async () => (await app.call("get_http_access")).answer.enabled;
  assert.equal(await open(), false);
  await tabTo(app, "switch", "Accept requests");
  await press(app, Key.SPACE);
  await app.until(open, "the open door");
  await tabTo(app, "switch", "Accept requests");
  await press(app, Key.SPACE);
  await app.until(async () => !(await open()), "the closed door");
});

step("a token is shown once, and revoked after a question", async () => {
  await tabTo(app, "field", "Name of a new token");
  await type(app, "A script");
  await press(app, Key.ENTER);
  await app.control("button", "Copy token");
  await picture("settings-token");
  const tokens = async () => (await app.call("list_access_tokens")).answer.tokens;
  assert.deepEqual(
    (await tokens()).map((token) => token.name),
    ["A script"],
  );
  const shown = () =>
    app.driver.executeScript(() => /\b[0-9a-f]{64}\b/.test(document.body.innerText));
  assert.equal(await shown(), true);
  await enter(app, "button", "Done");
  await app.until(async () => !(await shown()), "a page without the token");
  await enter(app, "button", "Revoke A script…");
  await app.control("heading", "Revoke the token A script?");
  await picture("settings-revoke");
  await enter(app, "button", "Revoke token");
  await app.until(async () => (await tokens()).length === 0, "a revoked token");
});

test("axe finds nothing wrong with Settings", () => {
  assert.deepEqual(findings, []);
});
