// A repository looked after, without a pointer: checked, pruned after a look at what would go, its plan tried, its
// passphrase changed, and the diagnostics saved for who is asked about it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Key } from "selenium-webdriver";
import { judge } from "../harness/axe.js";
import { archives, borg } from "../harness/borg.js";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, write } from "../harness/keyboard.js";
import { app, openCellar, world } from "../harness/repository.js";

const ANOTHER = "nine lamps over slow water";

openCellar();

const place = () => join(world.folder, "backups");

/** Waits until the newest job of this kind is complete. */
const complete = (kind) =>
  app.until(async () => {
    const [job] = (await app.call("list_jobs", { kind })).answer.jobs;
    return job?.ended_at && job.status === "completed";
  }, `a ${kind} that is complete`);

async function openTheRepository() {
  await press(app, Key.CONTROL, "3");
  await app.control("heading", "Repositories");
  await enter(app, "link", "Cellar");
  await app.control("heading", "Cellar");
}

step("it has two archives of one day, of which the plan keeps one", async () => {
  for (let made = 0; made < 2; made += 1) {
    await app.call("start_backup", { repository: place() });
    await complete("backup");
  }
  assert.equal((await archives(world, place())).length, 2);
  const { error } = await app.call("change_plan", {
    plan: 1,
    keep: { hourly: 0, daily: 1, weekly: 0, monthly: 0, yearly: 0 },
    compact: true,
  });
  assert.equal(error, undefined);
});

step("it is checked, and its page says so", async () => {
  await openTheRepository();
  await app.shows("Never checked");
  await enter(app, "button", "Check now");
  await complete("check");
  await app.shows("Passed");
  await app.screen("repository-checked");
});

step("what a prune would delete is shown before it goes", async () => {
  await enter(app, "button", "Prune…");
  await app.control("heading", "Prune Cellar");
  await app.shows("1 archive goes");
  await app.screen("repository-prune");
  const before = await archives(world, place());
  await enter(app, "button", "Delete 1 archive");
  await complete("prune");
  assert.deepEqual(await archives(world, place()), before.slice(1));
});

step("the jobs are listed under their own names", async () => {
  await press(app, Key.CONTROL, "2");
  await app.control("heading", "Jobs");
  await app.shows("Check of Cellar");
  await app.shows("Prune of Notes");
  await app.screen("jobs-kinds");
});

step("a plan is tried, and nothing is written", async () => {
  const jobs = async () => (await app.call("list_jobs")).answer.jobs.length;
  const before = await jobs();
  await press(app, Key.CONTROL, "4");
  await app.control("heading", "Plans");
  await enter(app, "link", "Notes");
  await enter(app, "button", "Test run");
  await app.shows("What a backup would take now");
  await app.screen("plan-test-run");
  assert.equal(await jobs(), before);
});

step("it gets another passphrase, which alone opens it from then on", async () => {
  await openTheRepository();
  await enter(app, "button", "Change passphrase…");
  await app.control("heading", "Change the passphrase of Cellar");
  await write(app, "New passphrase", ANOTHER);
  await write(app, "Repeat passphrase", ANOTHER);
  await tabTo(app, "checkbox", "I have saved the passphrase outside this computer");
  await press(app, Key.SPACE);
  await app.screen("repository-change-passphrase");
  await enter(app, "button", "Change passphrase");
  await app.shows("Cellar has a new passphrase");
  await app.screen("repository-passphrase-changed");
  await press(app, Key.ESCAPE);
  await assert.rejects(borg(world, ["list", place()]), /passphrase supplied .* is incorrect/);
  await app.call("start_backup", { repository: place() });
  await complete("backup");
});

step("the diagnostics are saved, and tell nothing of the person", async () => {
  await press(app, Key.CONTROL, "5");
  await app.control("heading", "Settings");
  await enter(app, "button", "Save diagnostics");
  await app.shows("The diagnostics are saved as");
  const text = await readFile(join(world.dialogs, "alcove-diagnostics.txt"), "utf8");
  assert.match(text, /\[Jobs, newest first\]\njob \d+: backup of plan 1, completed/);
  for (const secret of [world.folder, "Cellar", "Notes", ANOTHER]) assert.ok(!text.includes(secret), secret);
});

step("it looks right in the dark", async () => {
  await app.darken();
  await openTheRepository();
  await app.screen("repository-checked");
  await enter(app, "button", "Prune…");
  await app.shows("Nothing is due to go");
  await app.screen("repository-prune");
  await press(app, Key.ESCAPE);
  await enter(app, "button", "Change passphrase…");
  await app.control("heading", "Change the passphrase of Cellar");
  await app.screen("repository-change-passphrase");
  await press(app, Key.ESCAPE);
  await press(app, Key.CONTROL, "2");
  await app.shows("Check of Cellar");
  await app.screen("jobs-kinds");
  await press(app, Key.CONTROL, "4");
  await enter(app, "link", "Notes");
  await enter(app, "button", "Test run");
  await app.shows("What a backup would take now");
  await app.screen("plan-test-run");
});

judge("Maintenance");
