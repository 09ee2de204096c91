// The end of a session under a running backup, and what the page hears of a passphrase meanwhile: nothing.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { App } from "../harness/app.js";
import { archives, processesOn } from "../harness/borg.js";
import { PASSPHRASE, setUp } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { grow, growHoles } from "../harness/tree.js";
import { World } from "../harness/world.js";

let world;
let app;
let source;
let repository;

async function newest() {
  const { answer } = await app.call("list_backup_jobs", { limit: 1 });
  return answer.jobs[0];
}

/** Keeps every answer the page gets from now on. */
function listen() {
  return app.driver.executeScript(() => {
    window.heard = [];
    const ask = window.fetch.bind(window);
    window.fetch = async (...question) => {
      const answer = await ask(...question);
      window.heard.push(await answer.clone().text());
      return answer;
    };
  });
}

/** What the page was answered, and what it holds, as one text. */
function heard() {
  return app.driver.executeScript(() =>
    [
      ...window.heard,
      document.documentElement.outerHTML,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      location.href,
    ].join("\n"),
  );
}

before(async () => {
  world = await World.make();
  source = await world.folderAtHome("Studio");
  repository = join(world.folder, "backups");
  await grow(source, 40, 6_000_000);
  await growHoles(join(source, "Takes"), 300, 90_000_000_000);
  app = await App.open(world);
});

after(async () => {
  await app?.quit();
  await world?.remove();
});

step("no answer holds the passphrase that was typed", async () => {
  await listen();
  await setUp(app, world, { source, name: "Studio", repository, pictures: false });
  await app.says("running-percent", /^[1-9]\d*\s*%/);
  const all = await heard();
  assert.ok(all.includes("backing_up"), "answers are heard");
  assert.ok(!all.includes(PASSPHRASE), "an answer or the page holds the passphrase");
});

step("the end of a session stops Borg, and the job says so at the next start", async () => {
  assert.equal((await processesOn(repository)).length > 0, true, "Borg is at work");
  await app.quit();
  assert.deepEqual(await processesOn(repository), []);
  app = await App.open(world);
  const job = await newest();
  assert.deepEqual([job.status, job.error_code], ["failed", "interrupted"]);
  assert.match(job.error_message, /^Alcove stopped while this backup ran\./);
  assert.ok(job.has_logs);
  await app.control("heading", "1 plan needs attention");
  await app.screen("overview-interrupted");
});

step("tried again it goes on without a manual unlock, and is safe", async () => {
  await rm(join(source, "Takes"), { recursive: true });
  await listen();
  await app.press("button", "Try again");
  await app.control("heading", "Passphrase for Cellar");
  await app.fill("Passphrase", PASSPHRASE);
  await app.press("button", "Unlock");
  const job = await app.until(async () => {
    const now = await newest();
    return now.ended_at && now;
  }, "the end of the job");
  assert.equal(job.status, "completed");
  assert.ok((await archives(world, repository)).includes(job.archive_name));
  await app.until(
    () => app.driver.executeScript(() => document.querySelector("input[type=password]") === null),
    "a page that asks for no passphrase",
  );
  assert.ok(!(await heard()).includes(PASSPHRASE));
});
