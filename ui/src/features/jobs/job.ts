/** What the window says about a job, in one place, so that a table, a card and a voice say the same. */

import type { IconName } from "../../components/icons";
import { capitalized } from "../../format/case";
import { secondsBetween } from "../../format/duration";
import { wholePercent } from "../../format/percent";
import type { Job, JobKind, Maintenance, Phase, Plan, Status } from "../../platform/bindings";

/** The labels of the design reference: not to be reworded, shortened or put in another case. */
export const STATUS_LABEL: Record<Status, string> = {
  pending: "Pending",
  running: "Running",
  completed: "Completed",
  completed_with_warnings: "Completed with warnings",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Every status but running, which is a ring of its percent. */
export const STATUS_ICON: Record<Exclude<Status, "running">, IconName> = {
  pending: "st-pending",
  completed: "st-completed",
  completed_with_warnings: "st-warnings",
  failed: "st-failed",
  cancelled: "st-cancelled",
};

export const PHASE_LABEL: Record<Phase, string> = {
  waiting: "Waiting",
  preparing: "Preparing",
  hook_before: "Script before",
  syncing_cache: "Syncing cache",
  backing_up: "Backing up",
  finishing: "Finishing",
  hook_after: "Script after",
  pruning: "Pruning",
  compacting: "Compacting",
  checking: "Checking",
  ended: "Ended",
};

export const TRIGGER_LABEL = { manual: "Manual", schedule: "Scheduled" } as const;

/** Borg's own words, as they stand before "of Backup SSD". */
export const KIND_LABEL: Record<JobKind, string> = {
  backup: "Backup",
  check: "Check",
  compact: "Compact",
  prune: "Prune",
};

/** Every kind but the usual one has a picture. */
export const KIND_ICON: Record<Exclude<JobKind, "backup">, IconName> = {
  check: "shield-check",
  compact: "compact",
  prune: "prune",
};

export const isBackup = (job: Job): boolean => job.kind === "backup";

/** Whether it has no archive and will have none, though its scripts may run still. */
export const isBroken = (job: Job): boolean => job.status === "failed" || job.status === "cancelled";

/** Whether a backup made a complete archive. */
export function isSafe(job: Job): boolean {
  return isBackup(job) && (job.status === "completed" || job.status === "completed_with_warnings");
}

export function hasEnded(job: Job): boolean {
  return job.phase === "ended";
}

/** The percent of the backup, or null while it cannot be known. */
export function backupPercent(job: Job): number | null {
  if (isSafe(job)) return 100;
  return job.progress_details.total_expected_size > 0
    ? wholePercent(job.progress_details.progress_percent)
    : null;
}

/** How far a job has come with what it is for, or null while it cannot be known. */
export function jobPercent(job: Job): number | null {
  if (isBackup(job)) return backupPercent(job);
  return job.phase_percent === null ? null : wholePercent(job.phase_percent);
}

/** Seconds from its start to now, or to its end. */
export function elapsed(job: Job, now: Date): number | null {
  if (!job.started_at) return null;
  return Math.max(0, secondsBetween(job.started_at, job.ended_at ?? now));
}

/** Seconds the backup itself took, without maintenance. */
export function backupSeconds(job: Job): number | null {
  return job.started_at && job.completed_at
    ? Math.max(0, secondsBetween(job.started_at, job.completed_at))
    : null;
}

export const prunes = (plan: Plan): boolean => Object.values(plan.keep).some((n) => n > 0);

/** The steps of a job; those of maintenance only where the plan has them. */
export function stepsOf(plan: Plan | undefined): Phase[] {
  const before = plan?.hooks.some(({ when }) => when === "before") ? (["hook_before"] as const) : [];
  const after = plan?.hooks.some(({ when }) => when !== "before") ? (["hook_after"] as const) : [];
  return [
    "waiting",
    ...before,
    "syncing_cache",
    "backing_up",
    "finishing",
    ...after,
    ...maintenancePhases(plan),
  ];
}

/** What the plan has done after each backup, in this order. */
export function maintenancePhases(plan: Plan | undefined): Phase[] {
  const phases: Phase[] = [];
  if (plan && prunes(plan)) phases.push("pruning");
  if (plan?.compact) phases.push("compacting");
  if (plan?.check) phases.push("checking");
  return phases;
}

/** The step a phase belongs to: preparing has none of its own. */
export function stepOf(phase: Phase): Phase {
  return phase === "preparing" ? "syncing_cache" : phase;
}

export const PHASES_OF_MAINTENANCE: readonly Phase[] = ["pruning", "compacting", "checking"];

export function maintenanceFailed(status: Maintenance | null): boolean {
  return status === "prune_failed" || status === "compact_failed" || status === "check_failed";
}

const DONE: Partial<Record<Phase, string>> = {
  pruning: "pruned",
  compacting: "compacted",
  checking: "checked",
};

/** The maintenance after a backup in a word or two; null where nothing is to be said. */
export function maintenanceLabel(job: Job, plan: Plan | undefined): string | null {
  // Of a job that is maintenance itself the name and the status say it all.
  if (!isBackup(job)) return null;
  switch (job.maintenance_status) {
    case "running_prune":
      return "Pruning";
    case "running_compact":
      return "Compacting";
    case "running_check":
      return "Checking";
    case "prune_completed":
      return "Pruned";
    case "compact_completed":
      return "Compacted";
    case "check_completed":
      return "Checked";
    case "prune_failed":
      return "Prune failed";
    case "compact_failed":
      return "Compact failed";
    case "check_failed":
      return "Check failed";
    case "maintenance_completed": {
      const done = maintenancePhases(plan).map((phase) => DONE[phase]);
      const said = done.filter(Boolean).join(", ") || "Pruned";
      return capitalized(said);
    }
    default:
      if (maintenancePhases(plan).length === 0) return null;
      return job.status === "pending" || job.status === "running"
        ? "After backup"
        : isSafe(job)
          ? null
          : "Skipped";
  }
}

/** What a job is called: a backup by its plan, else its repository; "Check of Backup SSD", "Prune of Home folder". */
export function jobName(job: Job, repositoryName: string): string {
  const subject = job.plan_name ?? repositoryName;
  return isBackup(job) ? subject : `${KIND_LABEL[job.kind]} of ${subject}`;
}

/** The job inside a sentence: "backup", "check". */
export const jobNoun = (job: Job): string => KIND_LABEL[job.kind].toLowerCase();
