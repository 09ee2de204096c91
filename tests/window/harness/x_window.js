// The app's windows as its display has them, with the page or without one.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

async function ask(what, name = "Alcove") {
  const program = join(import.meta.dirname, "x_window.py");
  const { stdout } = await run("/usr/bin/python3", [program, what, name]);
  return Number(stdout);
}

/** How many windows of a name are shown; by itself, those of Alcove. */
export const windowsShown = (name) => ask("count", name);

/** Closes the window as the button in its corner does. */
export const closeWindow = () => ask("close");

/** Makes the window wider, as its edge does. */
export const widenWindow = () => ask("widen");

/** The colour of the window's last pixel, as its display has it. */
export const lastColour = () => ask("colour");

/** The processes that show pages, of all that this process started. */
export async function webProcesses(pid) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(
    // A process may end while it is looked at.
    pids.map(async (each) => [each, await readFile(`/proc/${each}/stat`, "utf8").catch(() => "")]),
  );
  const parents = new Map(
    processes.map(([each, stat]) => [each, { name: /\((.*)\)/.exec(stat)?.[1], parent: /\) . (\d+)/.exec(stat)?.[1] }]),
  );
  const isOfApp = (each) => {
    for (let at = each; at && at !== "0"; at = parents.get(at)?.parent) if (at === String(pid)) return true;
    return false;
  };
  return [...parents].filter(([each, { name }]) => name?.startsWith("WebKitWeb") && isOfApp(each)).map(([each]) => each);
}
