// The first moments of a window: it has its look from the first one.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { App, PROGRAM } from "../harness/app.js";
import { Display } from "../harness/display.js";
import { setUp } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { grow } from "../harness/tree.js";
import { World } from "../harness/world.js";

/** More colours than a window has without its page. */
const PAGE = 24;

let world;

before(async () => {
  world = await World.make();
  const source = await world.folderAtHome("Photos");
  await grow(source, 20, 200_000);
  const app = await App.open(world);
  await setUp(app, world, { source, name: "Photos", repository: join(world.folder, "backups"), pictures: false });
  await app.waitFor(async () => (await app.call("list_jobs")).answer.jobs[0]?.ended_at, "the end of the first backup");
  await app.quit();
});

after(() => world?.remove());

/** What a display of its own shows from the start of the app until its page is there: how light it was each time. */
async function opening() {
  const display = await Display.start(await mkdtemp(join(world.folder, "display-")));
  const app = spawn(PROGRAM, { env: { ...world.environment, DISPLAY: display.name }, stdio: "ignore" });
  const ended = once(app, "exit");
  const looks = [];
  const deadline = Date.now() + 120_000;
  try {
    // The page, and a while in which it settles.
    for (let settled = 0; settled < 100; ) {
      assert.ok(Date.now() < deadline, "no page was shown");
      const { light, colours } = await display.look();
      looks.push(light);
      settled = colours > PAGE ? settled + 1 : 0;
      await pause(5);
    }
  } finally {
    app.kill("SIGTERM");
    await ended;
    await display.stop();
  }
  return looks;
}

/** A dark window is never light. */
async function isDark() {
  const lightest = Math.max(...(await opening()));
  assert.ok(lightest < 0.5, `${lightest} of the display was light`);
}

/** A light window, once it is there, is never dark: before it the display is. */
async function isLight() {
  const looks = await opening();
  const there = looks.findIndex((light) => light > 0.5);
  assert.notEqual(there, -1, "it was never light");
  const darkest = Math.min(...looks.slice(there));
  assert.ok(darkest > 0.5, `all but ${darkest} of the display was dark`);
}

step("on a light desktop the window is light from its first moment", async () => {
  await world.prefer("light");
  await isLight();
});

step("on a dark desktop it is dark from its first moment", async () => {
  await world.prefer("dark");
  await isDark();
});

step("a look that was chosen is there from the first moment, whatever the desktop prefers", async () => {
  const app = await App.open(world);
  try {
    await app.control("heading", "Plan");
    await app.darken();
  } finally {
    await app.quit();
  }
  await isDark();
});
