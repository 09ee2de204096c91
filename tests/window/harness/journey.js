// Tests that are steps of one way: once one fails, those behind it have nothing to stand on.

import { test } from "node:test";

let broken = false;

/** A test that is skipped when a step before it in the same file failed. */
export function step(name, take) {
  test(name, async (t) => {
    if (broken) {
      t.skip("a step before it failed");
      return;
    }
    broken = true;
    await take(t);
    broken = false;
  });
}
