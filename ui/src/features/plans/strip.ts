/** Thirty days of a plan, oldest first: what its last job of each day came to. */
import { counted } from "../../format/count";
import { clockTime, dayKey, shortDate } from "../../format/time";
import type { Job, Status } from "../../platform/bindings";
import { isBackup, isSafe, STATUS_LABEL } from "../jobs/job";

export const STRIP_DAYS = 30;

export interface Day {
  date: Date;
  state: Status | "none";
  jobs: Job[];
}

export function daysOf(plan: number, jobs: Job[], now: Date): Day[] {
  const byDay = new Map<number, Job[]>();
  for (const job of jobs) {
    if (job.plan !== plan || !isBackup(job)) continue;
    const key = dayKey(new Date(job.started_at ?? job.created_at));
    byDay.set(key, [...(byDay.get(key) ?? []), job]);
  }
  return Array.from({ length: STRIP_DAYS }, (_, n) => {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (STRIP_DAYS - 1 - n));
    const own = (byDay.get(date.getTime()) ?? []).sort((a, b) => a.id - b.id);
    return { date, state: stateOf(own), jobs: own };
  });
}

/** The last job decides; one that only waits does not hide what was done before it. */
function stateOf(jobs: Job[]): Day["state"] {
  const started = jobs.filter((job) => job.status !== "pending");
  return (started.at(-1) ?? jobs.at(-1))?.status ?? "none";
}

export function daySentence(day: Day, now: Date): string {
  const name = dayKey(day.date) === dayKey(now) ? "Today" : shortDate(day.date);
  const last = day.jobs.at(-1);
  if (!last) return `${name}: no backup`;
  const many = day.jobs.length > 1 ? `${counted(day.jobs.length, "backup")}, last ` : "";
  return `${name}: ${many}${STATUS_LABEL[last.status].toLowerCase()}, ${clockTime(last.started_at ?? last.created_at)}`;
}

/** Beside the strip, in two words: what failed, else on how many days there was a good backup. */
export function stripCaption(days: Day[]): { text: string; tone: Status | undefined } {
  const failed = days.filter((day) => day.state === "failed").length;
  if (failed > 0) return { text: `${failed} failed`, tone: "failed" };
  const good = days.filter((day) => day.jobs.some(isSafe)).length;
  return { text: good > 0 ? `${good} of ${STRIP_DAYS}` : "", tone: undefined };
}

export function stripSentence(days: Day[]): string {
  const n = (state: Day["state"]) => days.filter((day) => day.state === state).length;
  const parts: [number, string][] = [
    [n("completed"), "completed"],
    [n("completed_with_warnings"), "with warnings"],
    [n("failed"), "failed"],
    [n("cancelled"), "cancelled"],
    [n("none"), "without a backup"],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${counted(count, "day")} ${word}`);
  return `Last 30 days: ${said.join(", ")}`;
}
