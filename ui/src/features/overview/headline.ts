/** Is the data safe? The one sentence at the top of the Overview. */
import { counted } from "../../format/count";
import { lastPart } from "../../format/path";
import { size } from "../../format/size";
import { dayName, daysBetween, lowerDay, when, whenInSentence } from "../../format/time";
import type { Job, Plan, Status } from "../../platform/bindings";
import { hasEnded, isBackup, isSafe } from "../jobs/job";
import { waitingOf } from "../jobs/waiting";

/** Without a schedule there is no time a backup is due; a week without one is worth a word. */
export const OVERDUE_DAYS = 7;

export interface Headline {
  tone: Status;
  title: string;
  text: string;
  /** The job to look at first. */
  job: Job | null;
  /** The one plan to back up next, where that is the way on. */
  start?: Plan;
}

const plans = (n: number, one: string, many: string) => counted(n, `plan ${one}`, `plans ${many}`);

/** When the last good archive was begun: it holds the files as they were then. */
function lastGood(plan: Plan): string | null {
  return plan.last_good && (plan.last_good.started_at ?? plan.last_good.created_at);
}

function isOverdue(plan: Plan, now: Date): boolean {
  if (plan.protected_until) return new Date(plan.protected_until) < now;
  const good = lastGood(plan);
  return good !== null && daysBetween(new Date(good), now) > OVERDUE_DAYS;
}

function goodSince(plan: Plan, now: Date): string {
  const good = lastGood(plan);
  return good
    ? `Its last good backup is from ${whenInSentence(good, now)}.`
    : "There is no good backup of it yet.";
}

function waitOf(job: Job, all: Plan[]) {
  const repository =
    all.find((plan) => plan.repository.path === job.repository)?.repository.name ?? lastPart(job.repository);
  const waiting = waitingOf(job, job.plan_name ?? "A backup", repository);
  return waiting && { ...waiting, job };
}

/** `open` are the jobs that have not ended; maintenance among them says nothing of whether the data is safe. */
export function headline(all: Plan[], open: Job[], now: Date): Headline {
  const backups = open.filter(isBackup);
  const enabled = all.filter((plan) => plan.enabled);
  const failed = enabled.filter((plan) => plan.last_job?.status === "failed");
  const [first] = failed;
  if (first?.last_job) {
    const day = first.last_job.started_at ?? first.last_job.created_at;
    return {
      tone: "failed",
      title: `${plans(failed.length, "needs", "need")} attention`,
      text: `${first.name} did not finish ${dayPhrase(day, now)}. ${goodSince(first, now)}`,
      job: first.last_job,
    };
  }
  const waiting = backups.flatMap((job) => waitOf(job, all) ?? []);
  const held = waiting.find(({ asks }) => asks) ?? waiting[0];
  if (held) return { tone: "pending", title: held.title, text: held.text, job: held.job };
  const never = enabled.filter((plan) => lastGood(plan) === null);
  const [unsafe] = never;
  if (unsafe) {
    const running = backups.find((job) => job.plan === unsafe.id && !isSafe(job));
    if (running) {
      const done = running.progress_details.deduplicated_size;
      return {
        tone: "running",
        title:
          never.length === enabled.length
            ? "Your first backup is running"
            : `The first backup of ${unsafe.name} is running`,
        text: `${unsafe.name} is not protected yet. ${
          done > 0
            ? `${size(done)} is stored so far; you can use the computer as usual.`
            : "You can use the computer as usual."
        }`,
        job: running,
      };
    }
    return {
      tone: "pending",
      title: `${plans(never.length, "is", "are")} not protected yet`,
      text: `${unsafe.name} has no complete backup.`,
      job: unsafe.last_job,
      ...(never.length === 1 && { start: unsafe }),
    };
  }
  const overdue = enabled.filter((plan) => isOverdue(plan, now));
  const [oldest] = overdue;
  if (oldest) {
    return {
      tone: "completed_with_warnings",
      title: plans(overdue.length, "is overdue", "are overdue"),
      text: `${oldest.name} was last backed up ${whenInSentence(lastGood(oldest) ?? "", now)}.`,
      job: oldest.last_job,
    };
  }
  const changed = enabled.find((plan) => plan.hold);
  if (changed?.hold) {
    return {
      tone: "completed_with_warnings",
      title: `Look at ${changed.name}`,
      text: "Something happened to its files. Its archives are all kept until you have looked.",
      job: null,
    };
  }
  if (enabled.length === 0) {
    return {
      tone: "cancelled",
      title: all.length === 0 ? "There is no plan" : "No plan is switched on",
      text: "Nothing is backed up at the moment.",
      job: null,
    };
  }
  return {
    tone: "completed",
    title: "Everything is protected",
    text: protectedText(enabled, now),
    job: null,
  };
}

function dayPhrase(iso: string, now: Date): string {
  const name = dayName(new Date(iso), now);
  return /^(Today|Yesterday)$/.test(name) ? name.toLowerCase() : `on ${name}`;
}

function protectedText(enabled: Plan[], now: Date): string {
  const [only] = enabled;
  if (enabled.length === 1 && only)
    return `${only.name} was last backed up ${whenInSentence(lastGood(only) ?? "", now)}.`;
  const oldest = enabled.reduce((a, b) => ((lastGood(a) ?? "") <= (lastGood(b) ?? "") ? a : b));
  return `All ${enabled.length} plans are up to date. The oldest backup is ${oldest.name}, ${lowerDay(when(lastGood(oldest) ?? "", now))}.`;
}

/** The drives that can be unplugged, each once. */
export const unneededDrives = (all: Plan[]): string[] => [
  ...new Set(all.flatMap((plan) => plan.unplug ?? [])),
];

/** Cards in the order they need a look: failed, overdue, running, pending, then by name. */
export function sortPlans(all: Plan[], now: Date): Plan[] {
  const rank = (plan: Plan): number => {
    const job = plan.last_job;
    if (job?.status === "failed") return 0;
    if (isOverdue(plan, now)) return 1;
    if (job?.active) return 2;
    if (job && !hasEnded(job)) return 3;
    return 4;
  };
  return [...all].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
