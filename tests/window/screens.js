// The pictures of docs/screens.md: every screen of the real window over the demo's records, light and dark, each
// looked over by axe. `npm run screens`, after `cargo xtask run --demo` has built what it needs.

import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Key } from "selenium-webdriver";
import { App } from "./harness/app.js";
import { findings } from "./harness/axe.js";
import { setUp } from "./harness/first-run.js";
import { enter, press } from "./harness/keyboard.js";
import { grow, growHoles } from "./harness/tree.js";
import { World } from "./harness/world.js";

const ROOT = resolve(import.meta.dirname, "../..");
const TARGET = process.env.ALCOVE_TARGET ?? join(ROOT, "target");
const PICTURES = join(ROOT, "docs/images/screens");

/** The computer of the demo's made-up person. */
class DemoWorld extends World {
  static async make() {
    const world = Object.setPrototypeOf(await World.make(), DemoWorld.prototype);
    const folder = join(world.folder, "demo");
    await mkdir(folder);
    const { stdout } = await promisify(execFile)(join(TARGET, "debug/alcove-demo"), [folder]);
    const lines = stdout.trim().split("\n");
    world.variables = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return world;
  }

  get environment() {
    const { ALCOVE_DATA_DIR: _ofTheTests, ...rest } = super.environment;
    return { ...rest, ...this.variables };
  }
}

/** A computer without Borg. */
class BareWorld extends World {
  get environment() {
    return { ...super.environment, ALCOVE_BORG: "/nowhere/borg" };
  }
}

const shown = [];

async function screen(app, name) {
  await app.screen(name);
  shown.push(`${name}-${app.scheme}-1180x760.png`);
}

async function demo(scheme) {
  const world = await DemoWorld.make();
  const app = await App.open(world);
  try {
    await app.control("link", "Overview");
    await app.shows("Last 30 days");
    if (scheme === "dark") {
      await app.darken();
      await press(app, Key.CONTROL, "1");
      await app.shows("Last 30 days");
    }
    await screen(app, "overview");
    await press(app, Key.CONTROL, "2");
    await app.control("heading", "Jobs");
    await app.shows("Completed");
    await screen(app, "jobs");
    const { jobs } = (await app.call("list_jobs")).answer;
    const failed = jobs.find((job) => job.status === "failed") ?? jobs[0];
    await app.driver.executeScript((id) => (location.hash = `#/jobs/${id}`), failed.id);
    await app.control("button", "Save log…");
    await screen(app, "job-failed");
    await press(app, Key.CONTROL, "3");
    await app.control("heading", "Repositories");
    await screen(app, "repositories");
    const [repository] = (await app.call("list_repositories")).answer.repositories;
    await enter(app, "link", repository.name);
    await app.control("heading", repository.name);
    await app.shows("Storage");
    await screen(app, "repository");
    await press(app, Key.CONTROL, "4");
    await app.control("heading", "Plans");
    await screen(app, "plans");
    const [plan] = (await app.call("list_plans")).answer.plans;
    await enter(app, "link", plan.name);
    await app.control("heading", "In plain words");
    await app.shows("To back up");
    await screen(app, "plan-editor");
    await press(app, Key.CONTROL, "5");
    await app.control("heading", "Settings");
    await screen(app, "settings");
    const summer = join(world.variables.HOME, "Videos/2026 Summer");
    await growHoles(summer, 60, 20_000_000_000);
    const { plan: films } = (
      await app.call("create_plan", {
        repository: plan.repository.id,
        name: "Summer films",
        source_directories: [summer],
      })
    ).answer;
    await app.call("start_backup", { repository: plan.repository.path, plan: films });
    await press(app, Key.CONTROL, "1");
    await app.shows("Backing up");
    await app.until(async () => {
      const [job] = (await app.call("list_jobs")).answer.jobs;
      return job.status === "running" && job.progress >= 10;
    }, "a backup that is under way");
    await screen(app, "overview-running");
    const [running] = (await app.call("list_jobs")).answer.jobs;
    await app.call("cancel_backup", { job_id: running.id });
  } finally {
    await app.quit();
    await world.remove();
  }
}

async function firstRun(scheme) {
  const world = await World.make();
  const source = await world.folderAtHome("Family archive");
  await grow(source, 200, 40_000_000);
  const app = await App.open(world, { scheme });
  try {
    await setUp(app, world, {
      source,
      name: "Family archive",
      repository: join(world.folder, "backups"),
      asked: async () => app.screen("first-run-key"),
    });
  } finally {
    await app.quit();
    await world.remove();
  }
  shown.push(
    ...["folders", "destination", "passphrase", "key"].map((step) => `first-run-${step}-${scheme}-1180x760.png`),
  );
}

async function withoutBorg(scheme) {
  const world = Object.setPrototypeOf(await World.make(), BareWorld.prototype);
  const app = await App.open(world, { scheme });
  try {
    await app.shows("Alcove needs Borg");
    await screen(app, "first-run-no-borg");
  } finally {
    await app.quit();
    await world.remove();
  }
}

for (const scheme of ["light", "dark"]) {
  await withoutBorg(scheme);
  await firstRun(scheme);
  await demo(scheme);
}
await mkdir(PICTURES, { recursive: true });
for (const picture of shown) await copyFile(join(TARGET, "screenshots", picture), join(PICTURES, picture));
const faults = findings;
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exitCode = 1;
}
console.log(`${shown.length} pictures in docs/images/screens, ${faults.length} faults found by axe`);
