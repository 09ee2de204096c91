// Borg as somebody else would use it: the passphrase alone, none of Alcove's files.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PASSPHRASE } from "./first-run.js";

const run = promisify(execFile);

/** Runs Borg in a folder and returns what it said. */
export async function borg(world, args, cwd = world.folder) {
  const env = {
    ...world.environment,
    BORG_PASSPHRASE: PASSPHRASE,
    BORG_BASE_DIR: join(world.folder, "other"),
  };
  const { stdout } = await run("borg", args, { env, cwd, maxBuffer: 1e8 });
  return stdout;
}

/** The names of the complete archives. */
export async function archives(world, repository) {
  return (await borg(world, ["list", "--short", repository])).split("\n").filter(Boolean);
}

/** The command lines of the processes that work on a repository. */
export async function processesOn(repository) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    // A process may end while it is looked at.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.map((line) => line.replaceAll("\0", " ")).filter((line) => line.includes(repository));
}
