// A repository and its plan made without the first run, for screens that come after it.

import { join } from "node:path";
import { PASSPHRASE } from "./first-run.js";

/** Makes a repository named Cellar with a plan for this folder, and shows the window as it is from then on. */
export async function makeRepository(app, world, { source, plan }) {
  await app.control("heading", "Welcome to Alcove");
  const { answer, error } = await app.call("create_repository", {
    name: "Cellar",
    path: join(world.folder, "backups"),
    passphrase: PASSPHRASE,
    source_directories: [source],
    plan_name: plan,
    keep: { hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 },
  });
  if (error) throw new Error(`the repository was not made: ${error.message}`);
  await app.driver.navigate().refresh();
  await app.control("link", "Overview");
  return answer;
}
