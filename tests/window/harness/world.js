// A person's computer for one test: home, data, settings and dialogs of its own, gone afterwards.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the app needs of the computer the test runs on. */
const PASSED_ON = ["PATH", "DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"];

export class World {
  /** Makes a new one. */
  static async make() {
    const world = new World();
    world.folder = await mkdtemp(join(tmpdir(), "alcove-window-"));
    world.home = join(world.folder, "home");
    world.dialogs = join(world.folder, "dialogs");
    for (const name of ["home", "dialogs", "cache", "settings/gtk-3.0"]) {
      await mkdir(join(world.folder, name), { recursive: true });
    }
    await mkdir(join(world.folder, "runtime"), { mode: 0o700 });
    return world;
  }

  /** Makes a folder in the person's home. */
  async folderAtHome(name) {
    const path = join(this.home, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Answers the next folder dialogs with this path. */
  async answerFolder(path) {
    await writeFile(join(this.dialogs, "choose_folder"), path);
  }

  /**
   * Puts a gate before Borg, for the apps opened from now on: a command that is held waits there until it is let
   * go, so that what passes in a moment can be looked at.
   */
  async gateBorg() {
    this.gate = join(this.folder, "gate");
    await mkdir(this.gate);
    const script = [
      "#!/bin/sh",
      `while [ -e '${this.gate}'/"$1" ]; do sleep 0.05; done`,
      `if [ -e '${this.gate}'/"$1.fails" ]; then echo 'no such luck' >&2; exit 2; fi`,
      'exec borg "$@"\n',
    ].join("\n");
    await writeFile(join(this.folder, "borg"), script, { mode: 0o755 });
  }

  /** Holds a command of Borg's: `prune`. */
  async hold(command) {
    await writeFile(join(this.gate, command), "");
  }

  /** Has a command of Borg's fail, until it is mended. */
  async fail(command) {
    await writeFile(join(this.gate, `${command}.fails`), "");
  }

  async mend(command) {
    await rm(join(this.gate, `${command}.fails`));
  }

  async letGo(command) {
    await rm(join(this.gate, command));
  }

  /** Makes the desktop prefer light or dark. */
  async prefer(scheme) {
    await writeFile(
      join(this.folder, "settings/gtk-3.0/settings.ini"),
      `[Settings]\ngtk-application-prefer-dark-theme=${scheme === "dark" ? 1 : 0}\n`,
    );
  }

  /** Everything a program of this person sees. */
  get environment() {
    const environment = {
      HOME: this.home,
      LANG: "C.UTF-8",
      // Processes of the page outlive the folder by a moment and would complain about it.
      MESA_SHADER_CACHE_DISABLE: "true",
      ALCOVE_DATA_DIR: join(this.folder, "data"),
      // Unless the system's own are to be shown.
      ...(!this.asks && { ALCOVE_TEST_DIALOGS: this.dialogs }),
      XDG_CACHE_HOME: join(this.folder, "cache"),
      XDG_CONFIG_HOME: join(this.folder, "settings"),
      XDG_DATA_HOME: join(this.folder, "share"),
      XDG_RUNTIME_DIR: join(this.folder, "runtime"),
    };
    if (this.gate) environment.ALCOVE_BORG = join(this.folder, "borg");
    for (const name of PASSED_ON) {
      if (process.env[name] !== undefined) environment[name] = process.env[name];
    }
    return environment;
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
