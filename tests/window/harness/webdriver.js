// The driver of WebKitGTK, with one app in it.
//
// WebKitWebDriver starts the app itself and passes on its own environment, so each app gets a driver.
// This is all that tauri-driver does on Linux, hence it is not needed here.

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, Capabilities } from "selenium-webdriver";

/** A port nobody listens on now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the driver takes sessions; it is silent about it. */
async function ready(address) {
  while (!(await fetch(`${address}/status`).catch(() => null))?.ok) await pause(50);
}

/** Whether a process is there. */
function lives(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ends the app as the end of a session would, and waits for it: the driver leaves it running. */
async function end(pidFile) {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => 0));
  if (!pid || !lives(pid)) return;
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + 60_000;
  while (lives(pid)) {
    if (Date.now() > deadline) {
      process.kill(pid, "SIGKILL");
      throw new Error("the app did not end within a minute after it was told to");
    }
    await pause(20);
  }
}

/**
 * Starts the app in a driver of its own.
 *
 * @param {string} app the program
 * @param {Record<string, string>} environment everything it sees
 * @param {string} folder where the starter may write
 */
export async function start(app, environment, folder) {
  const [binary, pidFile] = [join(folder, "start-alcove"), join(folder, "alcove.pid")];
  await writeFile(binary, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${app}' "$@"\n`, { mode: 0o755 });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const program = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    env: { ...environment, TAURI_WEBVIEW_AUTOMATION: "true" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise((resolve) => {
    program.once("exit", resolve);
    program.once("error", resolve);
  });
  const broken = ended.then((why) => {
    throw new Error(`WebKitWebDriver ended early (${why}); cargo xtask setup installs it`);
  });
  // An app that ends at once leaves the driver waiting for it.
  const late = pause(60_000, null, { ref: false }).then(() => {
    throw new Error("the app did not open a window within a minute; its own words are above");
  });
  try {
    await Promise.race([ready(address), broken, late]);
    const session = new Builder()
      .usingServer(address)
      .disableEnvironmentOverrides()
      .withCapabilities(
        new Capabilities({
          browserName: "wry",
          "webkitgtk:browserOptions": { binary, args: [] },
        }),
      )
      .build();
    const driver = await Promise.race([session, broken, late]);
    return {
      driver,
      pid: Number(await readFile(pidFile, "utf8")),
      async quit() {
        try {
          await end(pidFile);
        } finally {
          await driver.quit().catch(() => {});
          program.kill("SIGTERM");
          await ended;
        }
      },
    };
  } catch (error) {
    await end(pidFile).catch(() => {});
    program.kill("SIGTERM");
    throw error;
  } finally {
    broken.catch(() => {});
    late.catch(() => {});
  }
}
