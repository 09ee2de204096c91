/** The steps of a job as its details tell them: what was done, how long it took, what is still to come. */
import { clockDuration, secondsBetween } from "../../format/duration";
import { NONE } from "../../format/locale";
import { clockTime } from "../../format/time";
import type { Job, Maintenance, Phase, Plan, Status } from "../../platform/bindings";
import {
  backupPercent,
  hasEnded,
  isBackup,
  isBroken,
  isSafe,
  jobPercent,
  maintenancePhases,
  stepOf,
} from "./job";

export interface Step {
  name: string;
  text: string;
  time: string;
  state: Status | "skipped";
  /** How far a running step is; null while that is not known. */
  percent?: number | null;
}

const NAME: Partial<Record<Phase, string>> = {
  syncing_cache: "Sync cache",
  backing_up: "Back up",
  finishing: "Finish",
  hook_before: "Script before",
  hook_after: "Script after",
  pruning: "Prune",
  compacting: "Compact",
  checking: "Check",
};

const BACKUP: readonly Phase[] = ["syncing_cache", "backing_up", "finishing"];

export function timelineOf(
  job: Job,
  plan: Plan | undefined,
  now: Date,
  /** What the job waits for besides its turn, in a few words. */
  waitsFor: string | null,
): Step[] {
  const seconds = durations(job, now);
  const time = (phase: Phase) => {
    const took = seconds.get(phase);
    return took === undefined ? NONE : clockDuration(took);
  };
  const wait = waitStep(job, clockDuration(seconds.get("waiting") ?? 0), waitsFor);
  if (!isBackup(job)) return [wait, ...aloneSteps(job, plan, time)];
  // What the plan says now, and what the job did when the plan said otherwise.
  const done = new Set(job.phases.map(({ phase }) => phase));
  const maintenance = (["pruning", "compacting", "checking"] as const).filter(
    (phase) => done.has(phase) || maintenancePhases(plan).includes(phase),
  );
  if (!job.started_at) {
    const state = hasEnded(job) ? "skipped" : "pending";
    const text = hasEnded(job) ? "Not started" : "";
    return [
      wait,
      { name: "Back up", text, time: NONE, state },
      ...maintenance.map((phase) => maintenanceStep(job, phase, maintenance, NONE)),
    ];
  }
  // Jobs of earlier versions have no times of their steps: the backup as a whole stands for them.
  const steps =
    seconds.size > 1
      ? BACKUP.map((phase) => backupStep(job, phase, time(phase)))
      : [backupStep(job, "backing_up", clockDuration(whole(job, now)))];
  const hook = (phase: Phase) => (done.has(phase) ? [hookStep(job, phase, time(phase))] : []);
  return [
    wait,
    ...hook("hook_before"),
    ...steps,
    ...hook("hook_after"),
    ...maintenance.map((phase) => maintenanceStep(job, phase, maintenance, time(phase))),
  ];
}

/** Seconds of each step; several attempts are added up. */
function durations(job: Job, now: Date): Map<Phase, number> {
  const seconds = new Map<Phase, number>();
  const add = (phase: Phase, from: string, to: string | Date) => {
    const step = stepOf(phase);
    seconds.set(step, (seconds.get(step) ?? 0) + Math.max(0, secondsBetween(from, to)));
  };
  add("waiting", job.created_at, job.phases[0]?.at ?? job.started_at ?? job.ended_at ?? now);
  job.phases.forEach(({ phase, at }, n) => {
    if (phase !== "ended") add(phase, at, job.phases[n + 1]?.at ?? job.ended_at ?? now);
  });
  return seconds;
}

function whole(job: Job, now: Date): number {
  return secondsBetween(job.started_at ?? job.created_at, job.completed_at ?? now);
}

function waitStep(job: Job, time: string, waitsFor: string | null): Step {
  const name = "Wait";
  if (waitsFor) return { name, text: waitsFor, time, state: "pending" };
  if (job.started_at || job.ended_at) {
    const state = job.started_at ? "completed" : "cancelled";
    return { name, text: `Asked for at ${clockTime(job.created_at)}`, time, state };
  }
  const text =
    job.queue_position === null
      ? "Starts soon"
      : job.queue_position === 1
        ? "Next in the queue"
        : `Place ${job.queue_position} in the queue`;
  return { name, text, time, state: "pending" };
}

/** The person's own scripts, where there were any: how they ended is the log's to say, but for one that kept the backup from starting. */
function hookStep(job: Job, phase: Phase, time: string): Step {
  const name = NAME[phase] ?? phase;
  if (job.phase === phase) return { name, text: "Under way", time, state: "running", percent: null };
  const failed = job.error_code === "hook_failed" && (phase === "hook_before") === (job.status === "failed");
  return { name, text: failed ? "Failed" : "", time, state: failed ? "failed" : "completed" };
}

/** Where the backup is, or where it stopped: in the last of its steps it began. */
function reached(job: Job): Phase {
  const begun = job.phases.map(({ phase }) => stepOf(phase)).filter((phase) => BACKUP.includes(phase));
  return begun.at(-1) ?? "backing_up";
}

function backupStep(job: Job, phase: Phase, time: string): Step {
  const name = NAME[phase] ?? phase;
  const is = phase === "backing_up";
  const attempt = is && job.attempt > 1 ? `attempt ${job.attempt}` : "";
  const said = (...parts: string[]) => parts.filter(Boolean).join(", ");
  // Without an archive, though its scripts may run still.
  const over = hasEnded(job) || isBroken(job);
  if (isSafe(job)) {
    const state = is ? job.status : "completed";
    return { name, text: is ? said("The archive is safe", attempt) : "", time, state };
  }
  const at = BACKUP.indexOf(reached(job));
  const mine = BACKUP.indexOf(phase);
  if (mine > at) return { name, text: "", time: NONE, state: over ? "skipped" : "pending" };
  if (mine < at)
    return { name, text: is ? said("All files are read", attempt) : "", time, state: "completed" };
  if (over) {
    const percent = is && job.progress > 0 ? ` at ${job.progress}%` : "";
    const kept = job.kept_until ? `kept up to ${clockTime(job.kept_until)}` : "";
    return { name, text: said(`Stopped${percent}`, kept, attempt), time, state: job.status };
  }
  // Between two attempts nothing of it is at work.
  if (!job.active || job.phase === "waiting") return { name, text: said(attempt), time, state: "pending" };
  const percent = is ? backupPercent(job) : null;
  const text = is ? said(percent === null ? "Total not known yet" : `${percent}%`, attempt) : "Under way";
  return { name, text, time, state: "running", percent };
}

const ALONE = { check: ["checking"], compact: ["compacting"], prune: ["pruning", "compacting"] } as const;

/** The steps of maintenance that is a job of its own: a prune compacts where its plan says so. */
function aloneSteps(job: Job, plan: Plan | undefined, time: (phase: Phase) => string): Step[] {
  if (job.kind === "backup") return [];
  const begun = new Set(job.phases.map(({ phase }) => phase));
  const [first, ...then] = ALONE[job.kind];
  const phases = [first, ...then.filter((phase) => begun.has(phase) || plan?.compact)];
  const at = phases.findLastIndex((phase) => begun.has(phase));
  const good = job.status === "completed" || job.status === "completed_with_warnings";
  return phases.map((phase, n) => {
    const name = NAME[phase] ?? phase;
    if (n < at) return { name, text: "Done", time: time(phase), state: "completed" };
    if (hasEnded(job)) {
      // What ended before its first step began ended in it.
      if (n > Math.max(at, 0)) return { name, text: "Skipped", time: NONE, state: "skipped" };
      if (!job.started_at) return { name, text: "Not started", time: NONE, state: "skipped" };
      return { name, text: good ? "Done" : "Stopped", time: time(phase), state: job.status };
    }
    if (n > at || !job.active) return { name, text: "", time: time(phase), state: "pending" };
    const percent = jobPercent(job);
    const text = percent === null ? "Under way" : `${percent}%`;
    return { name, text, time: time(phase), state: "running", percent };
  });
}

const WORD = { pruning: "prune", compacting: "compact", checking: "check" } as const;
type MaintenancePhase = keyof typeof WORD;

/** How far the maintenance has come by its status: each step has three, in the order they run. */
const ORDER: readonly Maintenance[] = [
  "running_prune",
  "prune_failed",
  "prune_completed",
  "running_compact",
  "compact_failed",
  "compact_completed",
  "running_check",
  "check_failed",
  "check_completed",
  "maintenance_completed",
];

function maintenanceStep(job: Job, phase: MaintenancePhase, all: readonly Phase[], time: string): Step {
  const name = NAME[phase] ?? phase;
  const word = WORD[phase];
  const status = job.maintenance_status;
  if (status === `${word}_failed`)
    return { name, text: "Failed, the archive is safe", time, state: "completed_with_warnings" };
  if (status && ORDER.indexOf(status) >= ORDER.indexOf(`${word}_completed`))
    return { name, text: "Done", time, state: "completed" };
  if (job.phase === phase) {
    const percent = job.phase_percent;
    const text = percent === null ? "Under way" : `${Math.floor(percent)}%`;
    return { name, text, time, state: "running", percent };
  }
  if (!hasEnded(job)) {
    const before = all[all.indexOf(phase) - 1];
    const text = before ? `After ${NAME[before]?.toLowerCase()}` : "After the backup";
    return { name, text, time: NONE, state: "pending" };
  }
  const why = isSafe(job) ? "Skipped" : "Skipped, the backup did not finish";
  return { name, text: why, time: NONE, state: "skipped" };
}
