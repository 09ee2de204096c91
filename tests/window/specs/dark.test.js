// The same screens on a dark desktop, from the first run to a backup and its details.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { App } from "../harness/app.js";
import { judge } from "../harness/axe.js";
import { setUp } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { grow } from "../harness/tree.js";
import { World } from "../harness/world.js";

let world;
let app;
let source;

before(async () => {
  world = await World.make();
  source = await world.folderAtHome("Photos");
  await grow(source, 300, 700_000_000);
  app = await App.open(world, { scheme: "dark" });
});

after(async () => {
  await app?.quit();
  await world?.remove();
});

step("the window follows a dark desktop", async () => {
  const dark = await app.driver.executeScript(() => matchMedia("(prefers-color-scheme: dark)").matches);
  assert.equal(dark, true);
});

step("it looks right from the first run to a backup at work", async () => {
  await setUp(app, world, { source, name: "Photos", repository: join(world.folder, "backups") });
  await app.says("running-file");
  await app.screen("overview-running");
});

step("it looks right when the backup is done", async () => {
  await app.press("link", "Jobs");
  await app.says("job-row", /Completed/, 10 * 60_000);
  await app.screen("jobs");
  await app.driver.executeScript(() => {
    location.hash = "#/jobs/1";
  });
  await app.says("log-line");
  await app.screen("job");
  await app.press("link", "Overview");
  await app.control("heading", "Plan");
  await app.screen("overview");
});

judge("any dark screen");
