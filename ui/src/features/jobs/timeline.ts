/** The steps of a job as its details tell them: what was done, how long it took, what is still to come. */
import { clockDuration, secondsBetween } from "../../format/duration";
import { NONE } from "../../format/locale";
import { clockTime } from "../../format/time";
import type { Job, Maintenance, Phase, Plan, Status } from "../../platform/bindings";
import { backupPercent, hasEnded, isSafe, prunes } from "./job";

export interface Step {
  name: string;
  text: string;
  time: string;
  state: Status | "skipped";
}

export function timelineOf(job: Job, plan: Plan | undefined, now: Date): Step[] {
  const steps = [queueStep(job, now), backupStep(job, now)];
  if (plan && prunes(plan)) steps.push(maintenanceStep(job, "Prune", "pruning", "prune", now));
  if (plan?.compact) steps.push(maintenanceStep(job, "Compact", "compacting", "compact", now));
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

function maintenanceStep(job: Job, name: string, phase: Phase, step: "prune" | "compact", now: Date): Step {
  const status = job.maintenance_status;
  if (status === `${step}_failed`)
    return { name, text: "Failed, the archive is safe", time: NONE, state: "completed_with_warnings" };
  if (status && DONE_AFTER[step].includes(status))
    return { name, text: "Done", time: NONE, state: "completed" };
  if (job.phase === phase) {
    const percent = job.phase_percent === null ? "" : `${Math.floor(job.phase_percent)}%`;
    const time = job.completed_at ? clockDuration(secondsBetween(job.completed_at, now)) : NONE;
    return { name, text: percent, time, state: "running" };
  }
  if (!hasEnded(job)) return { name, text: "After the backup", time: NONE, state: "pending" };
  const why = isSafe(job) ? "Skipped" : "Skipped, the backup did not finish";
  return { name, text: why, time: NONE, state: "skipped" };
}
