// Plans, without a pointer: made, changed, left unsaved, removed; and what the engine has of it each time.

import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { judge } from "../harness/axe.js";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, type, write } from "../harness/keyboard.js";
import { app, openCellar, world } from "../harness/repository.js";
import { grow } from "../harness/tree.js";

let letters;

const plans = async () => (await app.call("list_plans")).answer.plans;

openCellar(async () => {
  letters = await world.folderAtHome("Letters");
  await grow(letters, 30, 2_000_000);
});

step("a plan is opened and changed", async () => {
  await press(app, Key.CONTROL, "4");
  await app.control("heading", "Plans");
  await app.screen("plans");
  await enter(app, "link", "Notes");
  await app.control("heading", "In plain words");
  // Shown once every folder is added up.
  await app.shows("To back up");
  await app.screen("plan-editor");
  await write(app, "Name", "My notes");
  await tabTo(app, "checkbox", "Virtual machines");
  await press(app, Key.SPACE);
  await tabTo(app, "switch", "Check after each backup");
  await press(app, Key.SPACE);
  await press(app, Key.CONTROL, "s");
  await app.shows("My notes is saved");
  const [plan] = await plans();
  assert.equal(plan.name, "My notes");
  assert.equal(plan.check, true);
  assert.ok(plan.excludes.includes("sh:**/*.vdi"));
  assert.deepEqual(plan.keep, { within: 0, last: 0, hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 });
});

step("a new one is made, and what is missing is said at its field", async () => {
  await enter(app, "link", "New plan");
  await app.control("button", "Make plan");
  await app.screen("plan-new");
  await press(app, Key.CONTROL, "s");
  await app.shows("A name is missing.");
  // The focus is where the name goes.
  await type(app, "Letters");
  await tabTo(app, "field", "Folder path");
  await type(app, letters);
  await press(app, Key.ENTER);
  await app.control("button", `Remove ${letters}`);
  await press(app, Key.CONTROL, "s");
  await app.shows("Letters is made");
  const made = (await plans()).find((plan) => plan.name === "Letters");
  assert.deepEqual(made.sources, [letters]);
  assert.equal(made.repository.name, "Cellar");
  assert.equal(made.is_default, false);
});

step("it is given scripts, which run around its backup and say what they say in its log", async () => {
  await enter(app, "link", "Letters");
  await tabTo(app, "button", "Add a script");
  await press(app, Key.ENTER);
  // The focus is where the command goes.
  await type(app, "echo written before");
  await tabTo(app, "button", "Add a script");
  await press(app, Key.ENTER);
  await type(app, "echo $ALCOVE_STATUS");
  await app.screen("plan-scripts");
  await press(app, Key.CONTROL, "s");
  await app.shows("Letters is saved");
  const { id, hooks, repository } = (await plans()).find((plan) => plan.name === "Letters");
  assert.deepEqual(hooks, [
    { when: "before", command: "echo written before", time_limit: 600 },
    { when: "always", command: "echo $ALCOVE_STATUS", time_limit: 600 },
  ]);
  const { job_id } = (await app.call("start_backup", { repository: repository.path, plan: id })).answer;
  const job = async () => (await app.call("get_backup_status", { job_id })).answer;
  await app.until(async () => (await job()).phase === "ended", "the end of the backup");
  assert.equal((await job()).status, "completed");
  const log = (await app.call("stream_backup_logs", { job_id })).answer.lines.map(({ content }) => content);
  for (const said of ["| written before", "| completed"]) {
    assert.ok(
      log.some((line) => line.endsWith(said)),
      log.join("\n"),
    );
  }
});

step("what is unsaved is asked about before it is left", async () => {
  await enter(app, "link", "Letters");
  await write(app, "Name", "Post");
  await press(app, Key.CONTROL, "1");
  await app.control("heading", "Leave Letters without saving?");
  await app.screen("plan-unsaved");
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
  await app.screen("plan-remove");
  await enter(app, "button", "Remove plan");
  await app.shows("Letters is removed");
  assert.deepEqual(
    (await plans()).map((plan) => plan.name),
    ["My notes"],
  );
});

step("it looks right in the dark", async () => {
  await app.darken();
  await app.control("heading", "Plans");
  await app.screen("plans");
  await enter(app, "link", "My notes");
  await app.control("heading", "In plain words");
  await app.screen("plan-editor");
  await app.driver.executeScript(() => document.querySelector("#plan-keep").scrollIntoView());
  await app.screen("plan-editor-keep");
});

judge("Plans");
