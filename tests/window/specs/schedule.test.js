// A plan that runs by itself: chosen with the keyboard, said in plain words, and known to the engine.

import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { step } from "../harness/journey.js";
import { enter, press, tabTo, type, write } from "../harness/keyboard.js";
import { app, openCellar } from "../harness/repository.js";

openCellar();

const plan = async () => (await app.call("list_plans")).answer.plans[0];

step("a schedule is chosen with the keyboard, and the next times are said", async () => {
  await press(app, Key.CONTROL, "4");
  await enter(app, "link", "Notes");
  await app.control("heading", "In plain words");
  await tabTo(app, "select", "Back up");
  // A list takes the choice that begins so.
  await type(app, "On days");
  await app.shows("Every Monday, Tuesday, Wednesday, Thursday and Friday at");
  await tabTo(app, "checkbox", "Friday");
  await press(app, Key.SPACE);
  await write(app, "At", "7:30");
  await app.shows("Every Monday, Tuesday, Wednesday and Thursday at 7:30");
  await app.shows("Next: ");
  await app.screen("plan-when");
  await press(app, Key.CONTROL, "s");
  await app.shows("Notes is saved");
  const { schedule } = await plan();
  assert.equal(schedule.cron, "30 7 * * 1,2,3,4");
  assert.equal(schedule.next_runs.length, 3);
});

step("the Overview says when it runs next", async () => {
  await press(app, Key.CONTROL, "1");
  await app.shows("Next");
  await app.screen("overview-scheduled");
});
