// A person with a keyboard and no pointer. What a key does is the page's; the focus tells where one is.

import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { focusedControl } from "./page.js";

/** No screen has so many stops: a walk as long as this goes round without finding its goal. */
const STOPS = 60;

/** Presses one key, or a key with modifiers before it. */
export async function press(app, ...keys) {
  const actions = app.driver.actions();
  for (const key of keys) actions.keyDown(key);
  for (const key of keys.toReversed()) actions.keyUp(key);
  await actions.perform();
}

/** Types into what has the focus. */
export async function type(app, text) {
  await app.driver.actions().sendKeys(text).perform();
}

/** Goes on with Tab until this control has the focus; without a name, the first of its role. */
export async function tabTo(app, role, name) {
  if (name !== undefined) await app.control(role, name);
  const passed = [];
  for (let stop = 0; stop < STOPS; stop += 1) {
    const at = await app.driver.executeScript(focusedControl);
    const named = name === undefined || at.name === name || at.name.startsWith(`${name} `);
    if (at.role === role && named) return;
    passed.push(`${at.role} "${at.name}"`);
    await press(app, Key.TAB);
  }
  assert.fail(`Tab does not lead to the ${role} "${name ?? ""}", only to:\n${passed.join("\n")}`);
}

/** Waits until a control by this role and name can be pressed, goes there by Tab, and presses Enter. */
export async function enter(app, role, name) {
  await app.pressable(role, name);
  await tabTo(app, role, name);
  await press(app, Key.ENTER);
}

/** Replaces what the field holds: goes there by Tab, which selects it whole, and types. */
export async function write(app, name, text) {
  await tabTo(app, "field", name);
  await press(app, Key.CONTROL, "a");
  await type(app, text);
  const { value } = await app.driver.executeScript(focusedControl);
  assert.equal(value, text, `field "${name}"`);
}
