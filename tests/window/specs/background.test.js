// A quiet life: the window is closed and Alcove goes on, tells what happens, and is there again when it is asked for.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, PROGRAM } from "../harness/app.js";
import { PASSPHRASE } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { Notifications } from "../harness/notifications.js";
import { Panel } from "../harness/panel.js";
import { app, openCellar, reopen, world } from "../harness/repository.js";
import { closeWindow, webProcesses, windowsShown } from "../harness/x_window.js";

let desktop;
let panel;

/** Calls an operation, which must be done. */
async function done(name, args) {
  const { answer, error } = await app.call(name, args);
  assert.equal(error, undefined, `${name}: ${error?.message}`);
  return answer;
}

/** Sets when the plan runs; `null`: when it is asked to. */
const schedule = (cron) => done("change_plan", { plan: 1, schedule: cron && { cron } });

/** The notification of this title, once it is shown. */
const told = (title, after = 0) =>
  app.waitFor(
    () => desktop.shown.findIndex((each, place) => place >= after && each.title === title) + 1,
    `a notification “${title}”`,
  );

/** The tray, once it says this in a line of its menu. */
const trays = (pattern) =>
  app.waitFor(async () => {
    const item = await panel.item();
    return item?.menu.some(([label]) => pattern.test(label)) && item;
  }, `a tray that says ${pattern}`);

/** Waits until there is no window, and no process for one. */
const gone = () =>
  app.waitFor(
    async () => (await windowsShown()) === 0 && (await webProcesses(app.pid)).length === 0,
    "no window and no process of one",
  );

before(async () => {
  desktop = await Notifications.start();
  panel = Panel.start();
});

openCellar(() => world.gateBorg());

after(async () => {
  await panel.stop();
  await desktop.stop();
});

step("without a schedule nothing is to be done in the background", async () => {
  const { background, start_at_login } = await done("get_settings");
  assert.deepEqual([background, start_at_login], [false, false]);
});

step("with one the window can be closed: no process of it stays, and that is said", async () => {
  await schedule("* * * * *");
  const entry = join(world.home, ".config/autostart/alcove.desktop");
  await app.waitFor(
    async () => /^Exec=.* --background$/m.test(await readFile(entry, "utf8").catch(() => "")),
    "the entry that starts Alcove at login",
  );
  assert.equal(await windowsShown(), 1);
  await closeWindow();
  await gone();
  await told("Alcove keeps running");
});

step("a plan that is due runs with the window closed, and tells of it", async () => {
  const number = await told("Notes is backed up");
  assert.match(desktop.shown[number - 1].body, / new in /);
  assert.equal(await windowsShown(), 0);
});

step("starting Alcove again shows the window, with the job in the history", async () => {
  await App.startAgain(world);
  await app.turnToWindow();
  // A time that does not come while the tests run.
  await schedule("0 3 1 1 *");
  const { jobs } = await done("list_backup_jobs", { limit: 100 });
  const first = jobs.at(-1);
  assert.deepEqual([first.status, first.triggered_by], ["completed", "schedule"]);
  await app.press("link", "Jobs");
  await app.shows("Completed");
  await app.press("link", "Overview");
  await app.control("heading", "Everything is protected");
});

step("the tray says how things are and what runs next", async () => {
  // A minute may have turned before the schedule was changed, and its backup be under way.
  const { icon, title, menu } = await trays(/^Everything is protected$/);
  assert.equal(title, "Alcove");
  assert.match(await readFile(icon, "utf8"), /<svg/);
  assert.match(icon, /alcove-idle-symbolic\.svg$/);
  const labels = menu.map(([label]) => label);
  assert.match(labels[1], /^Next: Notes, /);
  assert.deepEqual(labels.slice(2), ["Open Alcove", "Back up now", "Pause", "Quit"]);
  assert.deepEqual(
    menu[4][2].map(([label]) => label),
    ["For an hour", "Until tomorrow"],
  );
});

step("a pause from the tray is shown in the window, and ended there", async () => {
  await panel.click("Pause", "For an hour");
  const { icon } = await trays(/^Paused until /);
  assert.match(icon, /alcove-paused-symbolic\.svg$/);
  await app.shows("No plan runs by itself until ");
  await app.screen("overview-paused");
  await app.press("button", "Resume");
  await trays(/^Next: Notes, /);
});

step("a backup that runs is shown in the tray, and cannot be started twice", async () => {
  await world.hold("create");
  await panel.click("Back up now");
  const { icon, menu } = await trays(/^Notes, \d+%$/);
  assert.match(icon, /alcove-running-symbolic\.svg$/);
  assert.deepEqual(
    menu.find(([label]) => label === "Back up now").slice(0, 2),
    ["Back up now", false],
  );
  await world.letGo("create");
  await trays(/^Everything is protected$/);
});

step("a failure says so with something to do about it, and that is done", async () => {
  await world.fail("create");
  const already = desktop.shown.length;
  await panel.click("Back up now");
  const number = await told("Notes did not finish", already);
  assert.deepEqual(desktop.shown[number - 1].actions, ["Try again", "Open"]);
  const { icon } = await trays(/^Notes did not finish$/);
  assert.match(icon, /alcove-attention-symbolic\.svg$/);
  const [failed] = (await done("list_backup_jobs", { limit: 1 })).jobs;
  await closeWindow();
  await gone();

  await panel.act(number, "open");
  await app.turnToWindow();
  await app.until(
    () => app.driver.executeScript((id) => location.hash === `#/jobs/${id}`, failed.id),
    "a window on the job that failed",
  );
  await app.control("button", "Try again");

  await world.mend("create");
  await panel.act(number, "retry");
  await told("Notes is backed up", number);
  const [again] = (await done("list_backup_jobs", { limit: 1 })).jobs;
  assert.deepEqual([again.status, again.retry_of], ["completed", failed.id]);
});

step("the tray opens the window, and quits", async () => {
  await closeWindow();
  await gone();
  await panel.click("Open Alcove");
  await app.turnToWindow();
  await app.control("link", "Overview");
  await closeWindow();
  await gone();
  assert.equal(desktop.shown.filter(({ title }) => title === "Alcove keeps running").length, 1);
  await panel.click("Quit");
  await app.waitFor(async () => (await panel.item()) === null, "a tray without Alcove");
});

step("a start in the background has no window until it is asked for one", async () => {
  const program = spawn(PROGRAM, ["--background"], { env: world.environment, stdio: "inherit" });
  const ended = once(program, "exit");
  try {
    await trays(/^Next: Notes, /);
    assert.equal(await windowsShown(), 0);
    assert.deepEqual(await webProcesses(program.pid), []);
    await App.startAgain(world, "--background");
    assert.equal(await windowsShown(), 0);
    await App.startAgain(world);
    await app.waitFor(async () => (await windowsShown()) === 1, "the window");
  } finally {
    program.kill("SIGTERM");
    await ended;
  }
  assert.equal(program.exitCode, 0);
});

step("a signal ends Alcove while it asks whether to quit", async () => {
  world.asks = true;
  await reopen();
  await app.control("link", "Overview");
  await done("unlock_repository", { repository: join(world.folder, "backups"), passphrase: PASSPHRASE });
  await world.hold("create");
  await panel.click("Back up now");
  await trays(/^Notes, \d+%$/);
  await panel.click("Quit");
  await app.waitFor(() => windowsShown("A backup is running"), "the question");
  process.kill(app.pid, "SIGTERM");
  await app.waitFor(async () => (await panel.item()) === null, "a tray without Alcove");
});
