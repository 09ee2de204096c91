// Settings, without a pointer: each is kept by the engine at once, and the look from the first paint on.

import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { judge } from "../harness/axe.js";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, type, write } from "../harness/keyboard.js";
import { app, openCellar, reopen } from "../harness/repository.js";
import { lastColour, webProcesses, widenWindow } from "../harness/x_window.js";

/** Waits until the engine has kept a setting. */
function kept(name, value) {
  return app.until(
    async () => (await app.call("get_settings")).answer[name] === value,
    `the setting ${name} that is ${value}`,
  );
}

/** A colour as CSS says it (`rgb(24, 27, 29)`), as one number. */
const number = (colour) => colour.match(/\d+/g).reduce((all, part) => all * 256 + Number(part), 0);

/** The colour behind everything, as it is painted. */
const ground = () => app.driver.executeScript(() => getComputedStyle(document.body).backgroundColor);

openCellar();

step("they are reached with a key, and the look changes at once", async () => {
  const light = await ground();
  await press(app, Key.CONTROL, "5");
  await app.control("heading", "General");
  await app.screen("settings");
  await tabTo(app, "radio", "System");
  await press(app, Key.ARROW_RIGHT);
  await app.looks("light");
  await press(app, Key.ARROW_RIGHT);
  await app.looks("dark");
  await kept("theme", "dark");
  await app.until(async () => (await ground()) !== light, "the dark ground");
  app.scheme = "dark";
  await app.screen("settings");
});

step("what shows where the page is not painted yet has the look, too", async () => {
  const dark = number(await ground());
  const pages = await webProcesses(app.pid);
  for (const each of pages) process.kill(each, "SIGSTOP");
  try {
    await widenWindow();
    await app.waitFor(async () => (await lastColour()) === dark, "a wider window as dark as its page");
  } finally {
    for (const each of pages) process.kill(each, "SIGCONT");
  }
  await app.resize(1180, 760);
});

step("a chosen look is there after a restart, whatever the desktop prefers", async () => {
  await reopen();
  // It is set before the page runs: nothing is asked for, and nothing flashes.
  assert.equal(await app.driver.executeScript(() => document.documentElement.dataset.theme), "dark");
  await app.control("link", "Overview");
  await press(app, Key.CONTROL, "5");
  await tabTo(app, "radio", "Dark");
  await press(app, Key.ARROW_LEFT);
  await kept("theme", "light");
  await app.looks("light");
});

step("notifications, backups at the same time, and which Borg are kept", async () => {
  await tabTo(app, "switch", "Keep running when the window is closed");
  await press(app, Key.SPACE);
  await kept("background", true);
  await press(app, Key.SPACE);
  await kept("background", false);
  await tabTo(app, "switch", "When a job is done");
  await press(app, Key.SPACE);
  await kept("notify_success", false);
  await tabTo(app, "switch", "Quiet hours");
  await press(app, Key.SPACE);
  await write(app, "From", "23:30");
  await press(app, Key.ENTER);
  await app.until(
    async () => (await app.call("get_settings")).answer.quiet_hours?.from === "23:30",
    "quiet hours from half past eleven",
  );
  await app.screen("settings-quiet-hours");

  await tabTo(app, "field", "Backups at the same time");
  await press(app, Key.ARROW_UP);
  await kept("lanes", 3);

  const found = (await app.call("get_system")).answer.borg.path;
  await enter(app, "button", "Change Borg");
  await write(app, "Path of another Borg", "bin/borg");
  await press(app, Key.ENTER);
  await app.shows("bin/borg is not a full path.");
  await app.screen("settings-borg-refused");
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
  const door = await app.control("switch", "Accept requests");
  await app.until(async () => (await door.isEnabled()) && (await door.isSelected()), "a switch that is on");
  await tabTo(app, "switch", "Accept requests");
  await press(app, Key.SPACE);
  await app.until(async () => !(await open()), "the closed door");
});

step("a token is shown once, and revoked after a question", async () => {
  await tabTo(app, "field", "Name of a new token");
  await type(app, "A script");
  await press(app, Key.ENTER);
  await app.control("button", "Copy token");
  await app.screen("settings-token");
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
  await app.screen("settings-revoke");
  await enter(app, "button", "Revoke token");
  await app.until(async () => (await tokens()).length === 0, "a revoked token");
});

step("what Alcove is built from is told", async () => {
  await enter(app, "button", "Show licences");
  await app.control("heading", "What Alcove is built from");
  await app.shows("rusqlite");
  await app.screen("settings-licences");
  await press(app, Key.ESCAPE);
  await app.until(
    () => app.driver.executeScript(() => document.querySelector("[role=dialog]") === null),
    "Settings without the list",
  );
});

judge("Settings");
