// The app as a person sees it: controls by name, screens by picture.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { error as webdriver } from "selenium-webdriver";
import { examine } from "./axe.js";
import * as page from "./page.js";
import { start } from "./webdriver.js";

const TARGET = process.env.ALCOVE_TARGET ?? resolve(import.meta.dirname, "../../../target");
/** The program itself. */
export const PROGRAM = join(TARGET, "debug/alcove");
const SIZES = [
  [900, 600],
  [1600, 1000],
  [1180, 760],
];
/** How long a condition may take before the test is given up; nothing is measured by it. */
const PATIENCE = 60_000;

export class App {
  /** Opens the app in this world, light unless said otherwise. */
  static async open(world, { scheme = "light" } = {}) {
    await world.prefer(scheme);
    const app = new App();
    app.scheme = scheme;
    Object.assign(app, await start(PROGRAM, world.environment, world.folder));
    const { driver } = app;
    await driver.manage().setTimeouts({ script: 30_000 });
    return app;
  }

  /** Starts the program once more, as a person does who does not know that it runs; returns once that has ended. */
  static async startAgain(world, ...args) {
    await promisify(execFile)(PROGRAM, args, { env: world.environment });
  }

  /** Waits until the page of a window that was opened anew is there, and turns to it. */
  async turnToWindow() {
    await this.until(async () => {
      const [handle] = await this.driver.getAllWindowHandles();
      if (!handle) return false;
      await this.driver.switchTo().window(handle);
      return true;
    }, "a window to turn to");
  }

  /** Waits until `condition` answers something true, which the page has no part in, and returns that. */
  async waitFor(condition, what, patience = 2 * PATIENCE) {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await condition();
      if (answer) return answer;
      if (Date.now() > deadline) assert.fail(`${what} did not come`);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  /** Waits until `condition` answers something true, and returns that. */
  async until(condition, what, patience = PATIENCE) {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await condition().catch((error) => {
        // The page changed between finding and using an element.
        if (error instanceof webdriver.StaleElementReferenceError) return null;
        if (error instanceof webdriver.ElementNotInteractableError) return null;
        // A dialog that closes still lies over it.
        if (error instanceof webdriver.ElementClickInterceptedError) return null;
        throw error;
      });
      if (answer) return answer;
      if (Date.now() > deadline) {
        const there = await this.driver.executeScript(page.describePage);
        assert.fail(`${what} did not come. The page has:\n${there}`);
      }
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** The control of this role and name, once it is there. */
  control(role, name) {
    return this.until(
      () => this.driver.executeScript(page.findControl, role, name),
      `${role} "${name}"`,
    );
  }

  /** The control of this role and name, once it can be pressed. */
  pressable(role, name) {
    return this.until(async () => {
      const control = await this.driver.executeScript(page.findControl, role, name);
      return control && (await control.isEnabled()) && control;
    }, `${role} "${name}" that can be pressed`);
  }

  /** Presses a control, once it can be pressed. */
  press(role, name) {
    return this.until(async () => {
      const control = await this.driver.executeScript(page.findControl, role, name);
      if (!control || !(await control.isEnabled())) return false;
      await control.click();
      return true;
    }, `${role} "${name}" that can be pressed`);
  }

  /** Replaces what a field holds. */
  async fill(name, text) {
    const field = await this.control("field", name);
    await field.clear();
    await field.sendKeys(text);
    assert.equal(await field.getAttribute("value"), text, `field "${name}"`);
  }

  /** Waits until a field holds this text. */
  holds(name, text) {
    return this.until(async () => {
      const field = await this.driver.executeScript(page.findControl, "field", name);
      return field && (await field.getAttribute("value")) === text;
    }, `field "${name}" that holds "${text}"`);
  }

  /** Makes a checkbox checked or not. */
  async check(name, on) {
    const box = await this.control("checkbox", name);
    if ((await box.isSelected()) !== on) await box.click();
    await this.until(async () => (await box.isSelected()) === on, `checkbox "${name}" that is ${on}`);
  }

  /** The text of the first element of this test id, once there is one that says such a thing. */
  says(id, pattern = /\S/, patience = PATIENCE) {
    return this.until(async () => {
      const text = await this.driver.executeScript(
        (which) => document.querySelector(`[data-testid="${which}"]`)?.innerText ?? null,
        id,
      );
      return text !== null && pattern.test(text) && text;
    }, `${id} that says ${pattern}`, patience);
  }

  /** Waits until the page says this. */
  shows(text) {
    return this.until(
      () => this.driver.executeScript((words) => document.body.innerText.includes(words), text),
      `a page that says "${text}"`,
    );
  }

  /** Waits until the page has this look. */
  looks(theme) {
    return this.until(
      () => this.driver.executeScript((name) => document.documentElement.dataset.theme === name, theme),
      `a page that is ${theme}`,
    );
  }

  /** Chooses the dark look; pictures are named after it from now on. */
  async darken() {
    await this.call("change_settings", { theme: "dark" });
    await this.looks("dark");
    this.scheme = "dark";
  }

  /** Calls an operation as the page does. Returns `{answer}` or `{error}`. */
  call(name, args = {}) {
    return this.driver.executeAsyncScript(page.call, name, args);
  }

  async resize(width, height) {
    await this.driver.manage().window().setRect({ x: 0, y: 0, width, height });
    await this.until(
      () =>
        this.driver.executeScript(
          (w, h) => innerWidth === w && innerHeight === h,
          width,
          height,
        ),
      `a window of ${width}x${height}`,
    );
  }

  /** A picture of the page once it has been painted at its size: what is drawn lags behind what is laid out. */
  async painted() {
    await this.driver.executeAsyncScript(page.afterFrames, 3);
    let before;
    let picture = await this.driver.takeScreenshot();
    // Something on the page may move for ever.
    for (let tries = 0; tries < 6 && picture !== before; tries += 1) {
      await this.driver.executeAsyncScript(page.afterFrames, 2);
      [before, picture] = [picture, await this.driver.takeScreenshot()];
    }
    return picture;
  }

  /** Takes a picture of the screen at every size, and has axe examine it. */
  async screen(name) {
    const folder = join(TARGET, "screenshots");
    await mkdir(folder, { recursive: true });
    for (const [width, height] of SIZES) {
      await this.resize(width, height);
      const picture = await this.painted();
      const file = `${name}-${this.scheme}-${width}x${height}.png`;
      await writeFile(join(folder, file), picture, "base64");
    }
    await examine(this, name);
  }
}
