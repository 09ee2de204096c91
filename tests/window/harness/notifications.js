// The desktop that shows notifications, played by dbusmock on the suite's own session bus.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** `1795359326.980 Notify "Alcove" 0 "" "Home is backed up" "1 GB new" ["open", "Open"] {} 5000` */
const NOTIFY = /^[\d.]+ Notify "[^"]*" \d+ "[^"]*" "([^"]*)" "([^"]*)" \[([^\]]*)\]/;

export class Notifications {
  /** What was shown, oldest first: the desktop numbers them from 1. */
  shown = [];

  /** Begins to listen; the bus has a place for one such desktop only. */
  static async start() {
    const desktop = new Notifications();
    // The system's own Python has the module.
    desktop.process = spawn("/usr/bin/python3", ["-u", "-m", "dbusmock", "--template", "notification_daemon"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: desktop.process.stdout }).on("line", (line) => {
      const [, title, body, actions] = NOTIFY.exec(line) ?? [];
      if (title === undefined) return;
      const words = [...actions.matchAll(/"([^"]*)"/g)].map(([, word]) => word);
      desktop.shown.push({ title, body, actions: words.filter((_, place) => place % 2 === 1 && words[place]) });
    });
    return desktop;
  }

  async stop() {
    this.process.kill();
    await once(this.process, "exit");
  }
}
