// Repositories, without a pointer: looked at, measured, their key exported, and one of another program connected.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Key } from "selenium-webdriver";
import { judge } from "../harness/axe.js";
import { PASSPHRASE } from "../harness/first-run.js";
import { step } from "../harness/journey.js";
import { enter, press, write } from "../harness/keyboard.js";
import { app, openCellar, world } from "../harness/repository.js";
import { grow } from "../harness/tree.js";

openCellar();

step("one is looked at and measured", async () => {
  await press(app, Key.CONTROL, "3");
  await app.control("heading", "Repositories");
  await app.shows("Cellar");
  await app.screen("repositories");
  await enter(app, "link", "Cellar");
  await app.control("heading", "Cellar");
  await app.shows("Never exported");
  await enter(app, "button", "Measure now");
  await app.control("button", "Show as table");
  await app.screen("repository");
});

step("its key is exported to a sheet one can print", async () => {
  await enter(app, "button", "Export key…");
  await app.control("heading", "Export the key of Cellar");
  await app.screen("repository-export-key");
  await enter(app, "button", "Save…");
  await app.shows("The key is saved as");
  const sheet = (await readdir(world.dialogs)).find((name) => name.endsWith(".html"));
  const text = await readFile(join(world.dialogs, sheet), "utf8");
  assert.match(text, /BORG PAPER KEY/);
  assert.ok(!text.includes(PASSPHRASE));
});

step("one that another program made is connected with a plan like its newest archive", async () => {
  const theirs = join(world.folder, "theirs");
  const letters = await world.folderAtHome("Letters");
  await grow(letters, 30, 2_000_000);
  const borg = (...words) => execFileSync("borg", words, { env: { ...world.environment, BORG_PASSPHRASE: PASSPHRASE } });
  borg("init", "--encryption=repokey-blake2", theirs);
  borg("create", "--compression=zstd,6", `${theirs}::desk-2026-11-21`, letters);

  await press(app, Key.CONTROL, "3");
  await enter(app, "link", "Connect a repository…");
  await app.control("heading", "Connect a repository");
  await app.screen("connect");
  await write(app, "Place", theirs);
  await write(app, "Passphrase", PASSPHRASE);
  await enter(app, "button", "Look inside");
  await app.shows("desk-2026-11-21");
  await app.screen("connect-found");
  await enter(app, "button", "Connect");
  await app.control("heading", "theirs");
  const { repositories } = (await app.call("list_repositories")).answer;
  const adopted = repositories.find((each) => each.path === theirs);
  const { plans } = (await app.call("list_plans")).answer;
  const plan = plans.find((each) => each.repository.id === adopted.id);
  assert.deepEqual([plan.sources, plan.compression], [[letters], "zstd,6"]);
});

step("it looks right in the dark", async () => {
  await app.darken();
  await press(app, Key.CONTROL, "3");
  await app.control("heading", "Repositories");
  await app.screen("repositories");
  await enter(app, "link", "Cellar");
  await app.control("heading", "Cellar");
  await app.screen("repository");
});

judge("Repositories");
