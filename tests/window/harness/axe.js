// What axe finds on the screens of one file: noted on the way and judged at its end, so that it stops nobody.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { runAxe } from "./page.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
export const findings = [];

/** Notes what axe finds wrong with the screen as it is. */
export async function examine(app, name) {
  // What fades in has not its colours yet.
  await app.painted();
  await app.driver.executeScript(await readFile(AXE, "utf8"));
  const wrong = await app.driver.executeAsyncScript(runAxe);
  findings.push(...wrong.map((finding) => `${name}, ${app.scheme}: ${finding}`));
}

/** The last test of a file: nothing was found on any of its screens. */
export function judge(screens) {
  test(`axe finds nothing wrong with ${screens}`, () => {
    assert.deepEqual(findings, []);
  });
}
