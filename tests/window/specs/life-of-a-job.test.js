// A job from its first second to its record: stopped, run again, kept, unlocked; and all of it without a pointer.

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { Key } from "selenium-webdriver";
import { App } from "../harness/app.js";
import { examine, judge } from "../harness/axe.js";
import { archives, processesOn } from "../harness/borg.js";
import { PASSPHRASE, setUp } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, write } from "../harness/keyboard.js";
import { Notifications } from "../harness/notifications.js";
import { focusedControl } from "../harness/page.js";
import { numberIn } from "../harness/progress.js";
import { grow, growHoles } from "../harness/tree.js";
import { World } from "../harness/world.js";

let world;
let app;
let desktop;
let source;
let repository;

/** The newest job, as the engine knows it. */
async function newest() {
  const { answer } = await app.call("list_backup_jobs", { limit: 1 });
  return answer.jobs[0];
}

/** Waits until the newest job is over and returns it. */
function ended() {
  return app.until(async () => {
    const job = await newest();
    return job.ended_at && job;
  }, "the end of the job");
}

/** The whole log of a job. */
async function logOf({ id }) {
  const { answer } = await app.call("stream_backup_logs", { job_id: id, limit: 10_000 });
  return answer.lines.map((line) => line.content);
}

/** What the open details say of each step. */
function timeline() {
  return app.driver.executeScript(() =>
    [...document.querySelectorAll(".timeline li")].map((item) =>
      [...item.children].map((part) => part.textContent).join(" ").trim(),
    ),
  );
}

/** Waits until the card of the running backup is at this step of maintenance, and returns what it says. */
function cardAt(name) {
  return app.until(async () => {
    const said = await app.driver.executeScript(() => {
      const says = (part) => document.querySelector(`.running ${part}`)?.innerText.trim() ?? "";
      return { percent: says(".percent"), step: says("[aria-current=step]"), line: says(".maintenance-line") };
    });
    return said.step === name && said.line.startsWith(name) && said;
  }, `a card at ${name}`);
}

before(async () => {
  world = await World.make();
  source = await world.folderAtHome("Studio");
  repository = join(world.folder, "backups");
  await grow(source, 400, 60_000_000);
  await growHoles(join(source, "Takes"), 300, 90_000_000_000);
  await world.gateBorg();
  desktop = await Notifications.start();
  app = await App.open(world);
});

after(async () => {
  await app?.quit();
  await world?.remove();
  await desktop?.stop();
});

step("Cancel asks first, and the safe answer lets the backup go on", async () => {
  await setUp(app, world, {
    source,
    name: "Studio",
    repository,
    pictures: false,
    // This backup is long enough for pictures meanwhile.
    asked: () => app.screen("first-run-key"),
  });
  await app.says("running-percent", /^[1-9]\d*\s*%/);
  await app.press("button", "Cancel");
  await app.control("heading", "Cancel this backup?");
  await app.screen("cancel-question");
  await app.press("button", "Keep running");
  const { answer } = await app.call("list_backup_jobs", { limit: 1 });
  const before = answer.jobs[0].progress_details.original_size;
  const later = await app.until(async () => {
    const job = await newest();
    return job.progress_details.original_size > before && job;
  }, "a backup that goes on");
  assert.equal(later.status, "running");
  assert.equal(later.cancelling, false);
});

step("the other answer stops it: Cancelling… until Borg is gone, then Cancelled", async () => {
  const { command } = await newest();
  assert.ok(command.includes(repository), command);
  assert.equal((await processesOn(repository)).length > 0, true, "Borg is at work");
  await app.driver.executeScript(() => {
    // It may be there for less than a moment.
    window.cancellingSeen = false;
    new MutationObserver(() => {
      window.cancellingSeen ||= [...document.querySelectorAll("button:disabled")].some(
        (button) => button.textContent === "Cancelling…",
      );
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await app.press("button", "Cancel");
  await app.press("button", "Cancel backup");
  const job = await ended();
  assert.equal(job.status, "cancelled");
  assert.equal(job.maintenance_status, null);
  assert.equal(await app.driver.executeScript(() => window.cancellingSeen), true);
  assert.deepEqual(await processesOn(repository), []);
  assert.deepEqual(await archives(world, repository), []);
  await app.control("heading", "1 plan is not protected yet");
  // Who stops a job knows of it.
  assert.deepEqual(desktop.shown, []);
  await app.screen("overview-cancelled");
});

step("the next backup is safe at once; prune and compact follow on a line of their own", async () => {
  await rm(join(source, "Takes"), { recursive: true });
  await world.hold("prune");
  await world.hold("compact");
  await app.press("button", "Back up now");
  assert.equal(numberIn((await cardAt("Pruning")).percent), 100);
  const job = await newest();
  assert.equal(job.id, 2);
  assert.equal(job.status, "completed");
  assert.equal(job.active, true);
  assert.equal(job.ended_at, null);
  await app.control("heading", "Studio is backed up");
  await app.screen("overview-pruning");

  await app.press("button", "Show log");
  await app.says("log-line", /Job 2/);
  const steps = (await timeline()).join("\n");
  assert.match(steps, /^Sync cache .*\d:\d\d$/m);
  assert.match(steps, /^Back up The archive is safe .*\d:\d\d$/m);
  assert.match(steps, /^Prune Under way .*\d:\d\d$/m);
  assert.match(steps, /^Compact After prune/m);
  await app.screen("job-pruning");
  await app.press("button", "Cancel");
  await app.control("heading", "Stop pruning?");
  await app.press("button", "Keep running");

  await app.press("link", "Overview");
  await world.letGo("prune");
  assert.equal(numberIn((await cardAt("Compacting")).percent), 100);
  assert.deepEqual(desktop.shown, [], "nothing is told before the end");
  await world.letGo("compact");
});

step("it ends pruned and compacted, and says so once", async () => {
  const job = await ended();
  assert.equal(job.status, "completed");
  assert.equal(job.progress, 100);
  assert.equal(job.maintenance_status, "maintenance_completed");
  const log = (await logOf(job)).join("\n");
  assert.match(log, /borg.* prune /);
  assert.match(log, /borg.* compact /);
  assert.equal((await archives(world, repository)).length, 1);
  await app.until(async () => desktop.shown.length > 0, "the notification");
  assert.equal(desktop.shown.length, 1);
  assert.equal(desktop.shown[0].title, "Studio is backed up");
  await app.control("heading", "Everything is protected");
  await app.until(
    () => app.driver.executeScript(() => document.querySelector(".running") === null),
    "a page without a running job",
  );
});

step("its details tell of each step, and its log is saved through the dialog", async () => {
  await app.press("link", "Jobs");
  await app.driver.executeScript(() => (location.hash = "#/jobs/2"));
  await app.says("log-line");
  const steps = (await timeline()).join("\n");
  assert.match(steps, /^Prune Done .*\d:\d\d$/m);
  assert.match(steps, /^Compact Done .*\d:\d\d$/m);
  await app.press("button", "Show command");
  await app.screen("job-maintained");
  await app.press("button", "Save log…");
  const file = join(world.dialogs, "backup_job_2_logs.txt");
  const saved = await app.until(() => readFile(file, "utf8").catch(() => null), "the saved log");
  assert.deepEqual(saved.trimEnd().split("\n"), await logOf({ id: 2 }));
  await app.driver.executeScript(() => (location.hash = "#/jobs/1"));
  await app.until(async () => (await timeline()).some((each) => /^(Back up|Finish) Stopped/.test(each)), "the cancelled job");
  await app.screen("job-cancelled");
});

step("after a restart the history is there, and a backup waits for its passphrase", async () => {
  await app.quit();
  app = null;
  app = await App.open(world);
  await app.control("heading", "Everything is protected");
  const { answer } = await app.call("list_backup_jobs");
  assert.deepEqual(
    answer.jobs.map((job) => job.status),
    ["completed", "cancelled"],
  );
  await app.press("button", "Back up now");
  await app.control("heading", "Passphrase for Cellar");
  const job = await newest();
  assert.equal(job.status, "pending");
  assert.equal(job.waiting_for, "passphrase");
  await examine(app, "passphrase-asked");
});

step("a wrong passphrase is refused in place, and what was typed stays", async () => {
  await app.fill("Passphrase", "not this one");
  await app.press("button", "Unlock");
  const refusal = await app.until(
    () => app.driver.executeScript(() => document.querySelector("[role=dialog] .problem")?.innerText),
    "the refusal",
  );
  assert.match(refusal, /The passphrase does not open Cellar\./);
  const field = await app.control("field", "Passphrase");
  assert.equal(await field.getAttribute("value"), "not this one");
  assert.equal((await newest()).status, "pending");
  await app.screen("passphrase-refused");
});

step("the right one lets the backup go on to its end", async () => {
  await app.fill("Passphrase", PASSPHRASE);
  await app.press("button", "Unlock");
  const job = await ended();
  assert.equal(job.id, 3);
  assert.equal(job.status, "completed");
  assert.ok((await archives(world, repository)).includes(job.archive_name));
  await app.until(
    () => app.driver.executeScript(() => document.querySelector("[role=dialog]") === null),
    "the end of the dialog",
  );
  assert.ok(!(await logOf(job)).join("\n").includes(PASSPHRASE));
});

step("in Jobs the keyboard alone moves, opens the details and comes back", async () => {
  const at = () => app.driver.executeScript(focusedControl);
  const rests = (job) => app.until(async () => (await at()).job === job, `job ${job} in focus`);
  await enter(app, "link", "Jobs");
  await app.says("job-row");
  await tabTo(app, "row");
  await rests("3");
  await press(app, Key.ARROW_DOWN);
  await rests("2");
  await press(app, Key.END);
  await rests("1");
  await press(app, Key.ARROW_UP);
  await rests("2");
  await examine(app, "jobs-keyboard");
  await press(app, Key.ENTER);
  await app.until(
    () => app.driver.executeScript(() => document.activeElement?.closest(".panel") !== null),
    "the focus in the details",
  );
  await press(app, Key.ESCAPE);
  await rests("2");
  assert.equal(await app.driver.executeScript(() => document.querySelector(".panel")), null);
});

step("from an empty window to the first backup with the keyboard alone", async () => {
  await app.quit();
  app = null;
  await world.remove();
  world = await World.make();
  for (const name of ["Documents", "Pictures", "Projects", "Music", "Videos", "Desktop", "Downloads", ".config"]) {
    await world.folderAtHome(name);
  }
  source = await world.folderAtHome("Letters");
  repository = join(world.folder, "backups");
  await grow(source, 40, 2_000_000);
  app = await App.open(world);
  await tabTo(app, "checkbox", "Documents");
  await press(app, Key.SPACE);
  await write(app, "Folder path", source);
  await press(app, Key.ENTER);
  await app.control("checkbox", "Letters");
  await tabTo(app, "checkbox", "Remove archives as they age");
  await press(app, Key.SPACE);
  await app.screen("first-run-many-folders");
  await app.resize(900, 600);
  const room = await app.driver.executeScript(() => {
    const { scrollHeight, clientHeight } = document.querySelector(".setup-body");
    return { scrollHeight, clientHeight };
  });
  assert.equal(room.scrollHeight, room.clientHeight, "nothing is below the fold of the smallest window");
  await enter(app, "button", "Continue");

  await app.control("heading", "Where should backups go?");
  await tabTo(app, "radio", "External drive");
  await press(app, Key.SPACE);
  for (const name of ["Server over SSH", "Folder on this computer"]) {
    await press(app, Key.ARROW_DOWN);
    await app.until(
      async () => (await app.driver.executeScript(focusedControl)).name === name,
      `${name} in focus`,
    );
  }
  await write(app, "Folder for backups", repository);
  await app.holds("Repository name", "backups");
  await write(app, "Repository name", "Cellar");
  await enter(app, "button", "Continue");

  await app.control("heading", "Choose a passphrase");
  await write(app, "Passphrase", PASSPHRASE);
  await write(app, "Repeat passphrase", PASSPHRASE);
  await tabTo(app, "checkbox", "I have saved the passphrase outside this computer");
  await press(app, Key.SPACE);
  await enter(app, "button", "Create and back up");
  await app.control("heading", "Save the key");
  await enter(app, "button", "Later");
  await app.control("heading", "Everything is protected");
  const job = await ended();
  assert.equal(job.status, "completed");
  assert.equal(job.maintenance_status, null, "every archive stays: the box was unchecked");
});

judge("any of these screens");
