// A repository and its plan made without the first run, for the screens that come after it.

import { join } from "node:path";
import { after, before } from "node:test";
import { App } from "./app.js";
import { PASSPHRASE } from "./first-run.js";
import { grow } from "./tree.js";
import { World } from "./world.js";

/** The world of the file and the app that is open in it, while its tests run. */
export let world;
export let app;

/**
 * Opens the app on a repository named Cellar with the plan Notes before the first test of a file, and takes all of
 * it away after the last. `furnish` adds to the home folder before the app is open.
 */
export function openCellar(furnish = async () => {}) {
  before(async () => {
    world = await World.make();
    const notes = await world.folderAtHome("Notes");
    await grow(notes, 20, 1_000_000);
    await furnish();
    app = await App.open(world);
    await makeRepository(notes);
  });
  after(async () => {
    await app?.quit();
    await world?.remove();
  });
}

/** Quits the app and opens it again in the same world. */
export async function reopen() {
  await app.quit();
  app = await App.open(world);
}

/** Makes the repository with a plan for this folder, and shows the window as it is from then on. */
async function makeRepository(source) {
  await app.control("heading", "Welcome to Alcove");
  const { error } = await app.call("create_repository", {
    name: "Cellar",
    path: join(world.folder, "backups"),
    passphrase: PASSPHRASE,
    source_directories: [source],
    plan_name: "Notes",
    keep: { hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 },
  });
  if (error) throw new Error(`the repository was not made: ${error.message}`);
  await app.driver.navigate().refresh();
  await app.control("link", "Overview");
}
