// The panel of the desktop, played by panel.py on the suite's own session bus.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export class Panel {
  /** Begins to have a place for tray items; the bus has room for one such panel only. */
  static start() {
    const panel = new Panel();
    // The system's own Python has the modules.
    panel.process = spawn("/usr/bin/python3", ["-u", join(import.meta.dirname, "panel.py")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    panel.lines = createInterface({ input: panel.process.stdout })[Symbol.asyncIterator]();
    return panel;
  }

  async #ask(command) {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the panel has ended");
    return JSON.parse(value);
  }

  /** What the tray shows: `{icon, title, menu}`; null while there is nothing. */
  async item() {
    return (await this.#ask({ do: "item" })).answer ?? null;
  }

  /** Clicks an entry of the menu, by its label and those above it. */
  async click(...labels) {
    const { error } = await this.#ask({ do: "click", labels });
    if (error) throw new Error(`${labels.join(" > ")}: ${error}`);
  }

  /** Chooses an action of the notification of this number. */
  async act(id, action) {
    const { error } = await this.#ask({ do: "act", id, action });
    if (error) throw new Error(`action ${action}: ${error}`);
  }

  async stop() {
    this.process.stdin.end();
    if (this.process.exitCode === null) await once(this.process, "exit");
  }
}
