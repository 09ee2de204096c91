/** What is known of a repository, in words. Pure, so that each sentence has a test. */
import { counted } from "../../format/count";
import { age } from "../../format/duration";
import { clockTime, daysBetween, when, whenInSentence } from "../../format/time";
import type {
  ErrorCode,
  Job,
  Repository,
  RepositoryCheck,
  RepositoryLock,
  RepositorySize,
  Status,
} from "../../platform/bindings";

/** One fact: its value, what stands below it, and its tone where it is good or needs somebody. */
export interface Fact {
  value: string;
  hint: string;
  tone?: Status;
}

/** What went wrong for want of a passphrase. */
export const WANTS_PASSPHRASE: readonly ErrorCode[] = [
  "passphrase_needed",
  "passphrase_wrong",
  "keyring_locked",
];

/** Whether a repository has a key that could be lost. */
export const hasKey = (repository: Repository) => repository.encryption !== "none";

/** Whether the key lies apart from what it opens, on this computer alone. */
const keyAtHome = (encryption: string) => encryption.startsWith("keyfile");

function ago(iso: string, now: Date): string {
  const days = daysBetween(new Date(iso), now);
  return days < 7 ? when(iso, now) : `${when(iso, now)}, ${counted(days, "day")} ago`;
}

export function checkFact(check: RepositoryCheck | null, now: Date): Fact {
  if (!check) return { value: "Never checked", hint: "Check now reads all of it" };
  const part = check.minutes === null ? "" : `, ${counted(check.minutes, "minute")} of it`;
  const hint = ago(check.at, now) + part;
  if (check.good === null) return { value: "Checking now", hint, tone: "running" };
  return check.good
    ? { value: "Passed", hint, tone: "completed" }
    : { value: "Problems found", hint, tone: "failed" };
}

export function encryptionFact(repository: Repository): Fact {
  if (!hasKey(repository)) {
    return {
      value: "Not encrypted",
      hint: "Who can read the place can read the files",
      tone: "completed_with_warnings",
    };
  }
  const hint = keyAtHome(repository.encryption)
    ? "The key is on this computer alone"
    : "The key lies in the repository";
  return { value: repository.encryption, hint };
}

export function keyFact(repository: Repository, now: Date): Fact {
  if (!hasKey(repository)) return { value: "No key", hint: "Without encryption there is none" };
  if (repository.key_exported_at === null) {
    return {
      value: "Never exported",
      hint: keyAtHome(repository.encryption)
        ? "Lost with this computer, it opens nothing"
        : "A damaged repository needs it",
      tone: "completed_with_warnings",
    };
  }
  return { value: "Exported", hint: ago(repository.key_exported_at, now), tone: "completed" };
}

/** ", since 18:42 (2 hours)", with the day where it was not today. */
function since(lock: RepositoryLock, now: Date): string {
  if (lock.since === null) return "";
  const at = daysBetween(new Date(lock.since), now) === 0 ? clockTime(lock.since) : when(lock.since, now);
  return `, since ${at} (${age((now.getTime() - Date.parse(lock.since)) / 1000)})`;
}

/** Who holds a lock and since when: "process 77 on attic, since 18:42 (2 hours)". */
export function holder(lock: RepositoryLock, now: Date): string {
  const where = lock.state === "elsewhere" ? `on ${lock.host}` : "of this computer";
  return `process ${lock.process} ${where}${since(lock, now)}`;
}

export function lockFact(lock: RepositoryLock, met: boolean, now: Date): Fact {
  switch (lock.state) {
    case "free":
      return { value: "Not locked", hint: "Free for the next backup" };
    case "held":
      return { value: "In use", hint: `By ${holder(lock, now)}`, tone: "running" };
    case "left_behind":
      return {
        value: "Locked",
        hint: `Left behind by ${holder(lock, now)}`,
        tone: "completed_with_warnings",
      };
    case "elsewhere":
      return {
        value: "Locked",
        hint: `By ${holder(lock, now)}`,
        tone: "completed_with_warnings",
      };
    case "unknown":
      return met
        ? { value: "Locked", hint: "Borg does not say by whom over ssh", tone: "completed_with_warnings" }
        : { value: "Not known", hint: "On a server only Borg can tell" };
  }
}

/** Whether one of these jobs met a lock: it waits for it, or failed because of it. */
export const metLock = (jobs: readonly (Job | null)[]): boolean =>
  jobs.some((job) => job?.waiting_for === "lock" || job?.error_code === "repository_locked");

/** Whether there is a lock, and nobody on this computer is known to need it. */
export const canBreak = (lock: RepositoryLock, met: boolean): boolean =>
  lock.state === "left_behind" || lock.state === "elsewhere" || (lock.state === "unknown" && met);

/** Whether only a person can know that nobody needs the lock. */
export const needsWord = (lock: RepositoryLock): boolean =>
  lock.state === "elsewhere" || lock.state === "unknown";

/** When a size was known, and how. */
export function sizeAge(size: RepositorySize, now: Date): string {
  return `${size.source === "asked" ? "Measured" : "After the backup"} ${whenInSentence(size.at, now)}`;
}
