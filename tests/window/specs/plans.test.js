// Plans, without a pointer: made, changed, left unsaved, removed; and what the engine has of it each time.

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
let notes;
let letters;
const findings = [];

async function picture(name) {
  findings.push(...(await app.screen(name)));
}

const plans = async () => (await app.call("list_plans")).answer.plans;

/** Waits until the page says this. */
function says(text) {
  return app.until(
    () => app.driver.executeScript((words) => document.body.innerText.includes(words), text),
    `a page that says "${text}"`,
  );
}

before(async () => {
  world = await World.make();
  notes = await world.folderAtHome("Notes");
  letters = await world.folderAtHome("Letters");
  await grow(notes, 20, 1_000_000);
  await grow(letters, 30, 2_000_000);
  app = await App.open(world);
  await makeRepository(app, world, { source: notes, plan: "Notes" });
});

after(async () => {
  await app?.quit();
  await world?.remove();
});

step("a plan is opened and changed", async () => {
  await press(app, Key.CONTROL, "4");
  await app.control("heading", "Plans");
  await picture("plans");
  await enter(app, "link", "Notes");
  await app.control("heading", "In plain words");
  // Shown once every folder is added up.
  await says("To back up");
  await picture("plan-editor");
  await write(app, "Name", "My notes");
  await tabTo(app, "checkbox", "Virtual machines");
  await press(app, Key.SPACE);
  await tabTo(app, "switch", "Check after each backup");
  await press(app, Key.SPACE);
  await press(app, Key.CONTROL, "s");
  await says("My notes is saved");
  const [plan] = await plans();
  assert.equal(plan.name, "My notes");
  assert.equal(plan.check, true);
  assert.ok(plan.excludes.includes("sh:**/*.vdi"));
  assert.deepEqual(plan.keep, { hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 });
});

step("a new one is made, and what is missing is said at its field", async () => {
  await enter(app, "link", "New plan");
  await app.control("button", "Make plan");
  await picture("plan-new");
  await press(app, Key.CONTROL, "s");
  await says("A name is missing.");
  // The focus is where the name goes.
  await type(app, "Letters");
  await tabTo(app, "field", "Folder path");
  await type(app, letters);
  await press(app, Key.ENTER);
  await app.control("button", `Remove ${letters}`);
  await press(app, Key.CONTROL, "s");
  await says("Letters is made");
  const made = (await plans()).find((plan) => plan.name === "Letters");
  assert.deepEqual(made.sources, [letters]);
  assert.equal(made.repository.name, "Cellar");
  assert.equal(made.is_default, false);
});

step("what is unsaved is asked about before it is left", async () => {
  await enter(app, "link", "Letters");
  await write(app, "Name", "Post");
  await press(app, Key.CONTROL, "1");
  await app.control("heading", "Leave Letters without saving?");
  await picture("plan-unsaved");
  await press(app, Key.ESCAPE);
  await app.until(
    () => app.driver.executeScript(() => document.querySelector("[role=alertdialog]") === null),
    "the editor without its question",
  );
  await app.holds("Name", "Post");
  await press(app, Key.CONTROL, "1");
  await enter(app, "button", "Discard changes");
  await app.control("heading", "Plans");
  assert.ok((await plans()).some((plan) => plan.name === "Letters"));
});

step("one is removed after a question that says what stays", async () => {
  await press(app, Key.CONTROL, "4");
  await enter(app, "link", "Letters");
  await enter(app, "button", "Remove plan…");
  await app.control("heading", "Remove the plan Letters?");
  await picture("plan-remove");
  await enter(app, "button", "Remove plan");
  await says("Letters is removed");
  assert.deepEqual(
    (await plans()).map((plan) => plan.name),
    ["My notes"],
  );
});

step("it looks right in the dark", async () => {
  await app.call("change_settings", { theme: "dark" });
  await app.until(
    () => app.driver.executeScript(() => document.documentElement.dataset.theme === "dark"),
    "a dark page",
  );
  app.scheme = "dark";
  await app.control("heading", "Plans");
  await picture("plans");
  await enter(app, "link", "My notes");
  await app.control("heading", "In plain words");
  await picture("plan-editor");
  await app.driver.executeScript(() => document.querySelector("#plan-keep").scrollIntoView());
  await picture("plan-editor-keep");
});

test("axe finds nothing wrong with Plans", () => {
  assert.deepEqual(findings, []);
});
