/** The steps of a job as its details tell them: what was done, how long it took, what is still to come. */
import { clockDuration, secondsBetween } from "../../format/duration";
import { NONE } from "../../format/locale";
import { clockTime } from "../../format/time";
import type { Job, Maintenance, Plan, Status } from "../../platform/bindings";
import { backupPercent, hasEnded, isSafe, prunes } from "./job";

export interface Step {
  name: string;
  text: string;
  time: string;
  state: Status | "skipped";
  /** How far a running step is; null while that is not known. */
  percent?: number | null;
}

export function timelineOf(job: Job, plan: Plan | undefined, now: Date): Step[] {
  const steps = [queueStep(job, now), backupStep(job, now)];
  const first = plan && prunes(plan) ? "Prune" : "Compact";
  if (first === "Prune") steps.push(maintenanceStep(job, "Prune", first, now));
  if (plan?.compact) steps.push(maintenanceStep(job, "Compact", first, now));
  return steps;
}

function queueStep(job: Job, now: Date): Step {
  const from = job.created_at;
  const to = job.started_at ?? job.ended_at;
  const time = clockDuration(secondsBetween(from, to ?? now));
  if (to)
    return {
      name: "Wait",
      text: `Asked for at ${clockTime(from)}`,
      time,
      state: job.started_at ? "completed" : "cancelled",
    };
  const text =
    job.waiting_for === "passphrase"
      ? "Waits for its passphrase"
      : job.queue_position === null
        ? "Starts soon"
        : job.queue_position === 1
          ? "Next in the queue"
          : `Place ${job.queue_position} in the queue`;
  return { name: "Wait", text, time, state: "pending" };
}

function backupStep(job: Job, now: Date): Step {
  const name = "Back up";
  if (!job.started_at)
    return {
      name,
      text: hasEnded(job) ? "Not started" : "",
      time: NONE,
      state: hasEnded(job) ? "skipped" : "pending",
    };
  const time = clockDuration(secondsBetween(job.started_at, job.completed_at ?? now));
  const percent = backupPercent(job);
  const attempt = job.attempt > 1 ? `, attempt ${job.attempt}` : "";
  if (isSafe(job)) return { name, text: `The archive is safe${attempt}`, time, state: job.status };
  if (!hasEnded(job))
    return {
      name,
      text: `${percent === null ? "Total not known yet" : `${percent}%`}${attempt}`,
      time,
      state: "running",
      percent,
    };
  const kept = job.kept_until ? `, kept up to ${clockTime(job.kept_until)}` : "";
  const at = job.progress > 0 ? ` at ${job.progress}%` : "";
  return { name, text: `Stopped${at}${kept}`, time, state: job.status };
}

const DONE_AFTER: Record<"prune" | "compact", Maintenance[]> = {
  prune: [
    "prune_completed",
    "running_compact",
    "compact_completed",
    "compact_failed",
    "running_check",
    "check_completed",
    "check_failed",
    "maintenance_completed",
  ],
  compact: ["compact_completed", "running_check", "check_completed", "check_failed", "maintenance_completed"],
};

const PHASE_OF = { prune: "pruning", compact: "compacting" } as const;

function maintenanceStep(
  job: Job,
  name: "Prune" | "Compact",
  /** Maintenance begins with this one; when the other began is not recorded. */
  first: "Prune" | "Compact",
  now: Date,
): Step {
  const step = name === "Prune" ? "prune" : "compact";
  const status = job.maintenance_status;
  if (status === `${step}_failed`)
    return { name, text: "Failed, the archive is safe", time: NONE, state: "completed_with_warnings" };
  if (status && DONE_AFTER[step].includes(status))
    return { name, text: "Done", time: NONE, state: "completed" };
  if (job.phase === PHASE_OF[step]) {
    const percent = job.phase_percent;
    const text = percent === null ? "Under way" : `${Math.floor(percent)}%`;
    const since = name === first ? job.completed_at : null;
    const time = since ? clockDuration(secondsBetween(since, now)) : NONE;
    return { name, text, time, state: "running", percent };
  }
  if (!hasEnded(job)) {
    const text = name === first ? "After the backup" : "After prune";
    return { name, text, time: NONE, state: "pending" };
  }
  const why = isSafe(job) ? "Skipped" : "Skipped, the backup did not finish";
  return { name, text: why, time: NONE, state: "skipped" };
}
