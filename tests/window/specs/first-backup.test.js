// The first run, as a person does it: from an empty window to a backup that can be restored.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { App } from "../harness/app.js";
import { judge } from "../harness/axe.js";
import { archives, borg } from "../harness/borg.js";
import { PASSPHRASE, setUp } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { Notifications } from "../harness/notifications.js";
import { watchProgress } from "../harness/page.js";
import { bytesIn, numberIn, rising } from "../harness/progress.js";
import { assertSame, grow } from "../harness/tree.js";
import { World } from "../harness/world.js";

const FILES = 20_000;
const BYTES = 1_000_000_000;
/** How long its backup may take: milliseconds. */
const BACKUP = 10 * 60_000;

let world;
let app;
let desktop;
let source;
let repository;

before(async () => {
  world = await World.make();
  source = await world.folderAtHome("Family archive");
  repository = join(world.folder, "backups");
  await grow(source, FILES, BYTES);
  desktop = await Notifications.start();
  app = await App.open(world);
});

after(async () => {
  await app?.quit();
  await world?.remove();
  await desktop?.stop();
});

step("three steps create an encrypted repository", async () => {
  await setUp(app, world, {
    source,
    name: "Family archive",
    repository,
    last: () => app.driver.executeScript(watchProgress),
  });
  await app.says("running-percent");
  const config = await readFile(join(repository, "config"), "utf8");
  assert.match(config, /^key = /m, "the repository holds its encrypted key");
});

step("the backup that runs is in the list of jobs", async () => {
  await app.press("link", "Jobs");
  await app.says("job-row", /Family archive/);
  await app.press("link", "Overview");
});

step("its log can be read while it runs", async () => {
  await app.press("button", "Show log");
  await app.says("log-line");
  const { answer } = await app.call("list_backup_jobs");
  assert.equal(answer.jobs[0].status, "running", "the backup ended before its log was read");
  await app.press("link", "Overview");
});

step("it is pictured while it runs", async () => {
  await app.says("running-percent", /^[2-9]\d\s*%/, BACKUP);
  await app.screen("overview-running");
});

step("percent, speed, sizes, files and the current file move, and none falls back", async () => {
  const { answer } = await app.call("list_backup_jobs");
  const { id } = answer.jobs[0];
  await app.until(
    async () => (await app.call("get_backup_status", { job_id: id })).answer.ended_at,
    "the end of the backup",
    BACKUP,
  );
  const seen = await app.driver.executeScript(() => window.progressSeen);
  const told = (what) => seen.map((moment) => moment[what]).filter((text) => text !== undefined);
  rising("percent", told("percent").filter((text) => text.includes("%")).map(numberIn));
  rising("files", told("files").map(numberIn));
  rising("original size", told("original").map(bytesIn));
  rising("deduplicated size", told("deduplicated").map(bytesIn));
  assert.ok(new Set(told("file")).size >= 3, "the current file changes");
  assert.ok(told("speed").some((text) => numberIn(text) > 0), "there is a speed");
});

step("it ends completed, at 100 percent, with everything counted", async () => {
  await app.press("link", "Jobs");
  await app.says("job-row", /Completed/);
  const { answer } = await app.call("list_backup_jobs");
  const [job] = answer.jobs;
  assert.equal(job.status, "completed");
  assert.equal(job.progress, 100);
  assert.equal(job.progress_details.progress_percent, 100);
  assert.equal(job.progress_details.nfiles, FILES);
  assert.equal(job.progress_details.current_file, "");
  assert.equal(job.progress_details.total_expected_size, job.progress_details.original_size);
  await app.screen("jobs");
  await app.press("link", "Overview");
  await app.screen("overview");
});

step("the desktop is told once, with the plan's name and what happened", async () => {
  await app.until(async () => desktop.shown.length > 0, "the notification");
  assert.equal(desktop.shown.length, 1);
  const [{ title, body }] = desktop.shown;
  assert.equal(title, "Family archive is backed up");
  assert.match(body, /^[\d.]+ .B new in (\d+ min)? ?(\d+ s)?\.$/);
});

step("its log is saved whole under the name the dialog gives", async () => {
  const { answer } = await app.call("list_backup_jobs");
  const { id } = answer.jobs[0];
  await app.driver.executeScript((hash) => (location.hash = hash), `#/jobs/${id}`);
  await app.says("log-line");
  await app.screen("job");
  await app.press("button", "Save log…");
  const file = join(world.dialogs, `backup_job_${id}_logs.txt`);
  const saved = await app.until(() => readFile(file, "utf8").catch(() => null), "the saved log");
  const { answer: page } = await app.call("stream_backup_logs", { job_id: id, limit: 10_000 });
  assert.deepEqual(
    saved.trimEnd().split("\n"),
    page.lines.map((line) => line.content),
  );
  assert.ok(!saved.includes(PASSPHRASE));
});

judge("any screen");

step("borg restores every byte, name, mode and time with the passphrase alone", async () => {
  await app.quit();
  const [archive, ...others] = await archives(world, repository);
  assert.deepEqual(others, []);
  const restored = join(world.folder, "restored");
  await mkdir(restored);
  await borg(world, ["extract", `${repository}::${archive}`], restored);
  await assertSame(source, join(restored, source));
});
