/** Jobs for the fake platform: one with every field, and a believable history of 45 days. */
import type { Job, Phase, Plan, ProgressDetails, Repository, Status } from "../bindings";

/** Thursday 12 March 2026, 18:06:48 local time: "now" of every scenario. */
export const FAKE_NOW = new Date(2026, 2, 12, 18, 6, 48);

export const noProgress: ProgressDetails = {
  original_size: 0,
  compressed_size: 0,
  deduplicated_size: 0,
  nfiles: 0,
  current_file: "",
  progress_percent: 0,
  backup_speed: 0,
  total_expected_size: 0,
  estimated_time_remaining: 0,
};

export function job(
  id: number,
  plan: Pick<Plan, "id" | "name" | "repository">,
  part: Partial<Job> = {},
): Job {
  const at = part.created_at ?? FAKE_NOW.toISOString();
  return {
    id,
    repository: plan.repository.path,
    status: "pending",
    started_at: null,
    completed_at: null,
    progress: 0,
    error_message: null,
    has_logs: true,
    maintenance_status: null,
    scheduled_job_id: null,
    triggered_by: "manual",
    archive_name: null,
    progress_details: noProgress,
    kind: "backup",
    phase: "waiting",
    phase_percent: null,
    phases: [],
    active: false,
    created_at: at,
    ended_at: null,
    attempt: 1,
    queue_position: null,
    waiting_for: null,
    error_code: null,
    plan: plan.id,
    plan_name: plan.name,
    retry_of: null,
    total_expected_files: 0,
    time_remaining_margin: 0,
    borg_exit_code: null,
    warnings: 0,
    kept_until: null,
    kept_size: 0,
    next_try_at: null,
    stalled_since: null,
    cancelling: false,
    cancel_stage: null,
    command: null,
    log_incomplete: false,
    ...part,
  };
}

/** The job with its phase noted, where it is a new one. */
export function phasesThrough(job: Job, at: string): Job {
  const last = job.phases.at(-1);
  // A job in the queue has begun nothing.
  if (last?.phase === job.phase || (!last && job.phase === "waiting" && !job.waiting_for)) return job;
  return { ...job, phases: [...job.phases, { phase: job.phase, at }] };
}

/** When the phases of a job began, so many seconds after its start. */
export function phasesAt(start: Date, phases: readonly (readonly [Phase, number])[]): Job["phases"] {
  return phases.map(([phase, seconds]) => ({
    phase,
    at: new Date(start.getTime() + seconds * 1000).toISOString(),
  }));
}

export interface Ended {
  at: Date;
  seconds: number;
  files: number;
  original: number;
  added: number;
  trigger?: "manual" | "schedule";
  status?: Status;
  part?: Partial<Job>;
}

/** A job that ended. */
export function ended(id: number, plan: Plan, e: Ended): Job {
  const start = e.at.toISOString();
  const status = e.status ?? "completed";
  const safe = status === "completed" || status === "completed_with_warnings";
  const prune = safe && Object.values(plan.keep).some((n) => n > 0) ? Math.ceil(e.seconds / 40) : 0;
  const compact = safe && plan.compact ? Math.ceil(e.seconds / 20) : 0;
  const last = e.seconds + prune + compact;
  const phases: [Phase, number][] = [
    ["preparing", 0],
    ["syncing_cache", 1],
    ["backing_up", 2],
  ];
  if (safe) phases.push(["finishing", e.seconds - 1]);
  if (prune > 0) phases.push(["pruning", e.seconds]);
  if (compact > 0) phases.push(["compacting", e.seconds + prune]);
  phases.push(["ended", last]);
  const after = (seconds: number) => new Date(e.at.getTime() + seconds * 1000).toISOString();
  const percent = safe ? 100 : 38;
  return job(id, plan, {
    status,
    phase: "ended",
    created_at: start,
    started_at: start,
    completed_at: after(e.seconds),
    ended_at: after(last),
    phases: phasesAt(e.at, phases),
    triggered_by: e.trigger ?? "schedule",
    progress: percent,
    archive_name: `${plan.name.toLowerCase().replaceAll(" ", "-")}-${start.slice(0, 19)}`,
    maintenance_status: safe && (plan.compact || plan.keep.daily > 0) ? "maintenance_completed" : null,
    borg_exit_code: safe ? 0 : 2,
    command: commandOf(plan),
    progress_details: {
      ...noProgress,
      nfiles: e.files,
      original_size: e.original,
      compressed_size: Math.round(e.original * 0.72),
      deduplicated_size: e.added,
      progress_percent: percent,
      total_expected_size: safe ? e.original : Math.round(e.original / 0.38),
    },
    total_expected_files: safe ? e.files : Math.round(e.files / 0.38),
    ...e.part,
  });
}

export function commandOf(plan: Plan): string {
  const excludes = plan.excludes.map((pattern) => ` --exclude '${pattern}'`).join("");
  return `borg create --log-json --progress --compression ${plan.compression}${excludes} '${plan.repository.path}::{now}' ${plan.sources.join(" ")}`;
}

export function repository(id: number, name: string, path: string): Repository {
  const reached = {
    ssh_key: null,
    remote_path: null,
    append_only: false,
    check: null,
    key_exported_at: null,
  };
  const keep_passphrase = "keyring" as const;
  return {
    id,
    name,
    path,
    encryption: "repokey-blake2",
    borg_id: `${id}`.repeat(8),
    ...reached,
    keep_passphrase,
  };
}

export function plan(
  id: number,
  name: string,
  to: Repository,
  sources: string[],
  part: Partial<Plan> = {},
): Plan {
  return {
    id,
    name,
    repository: to,
    sources,
    excludes: ["sh:**/.cache"],
    compression: "zstd,3",
    log_files: false,
    keep: { within: 0, last: 0, hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 },
    compact: true,
    check: false,
    archive_prefix: `thinkpad-${name.replaceAll(" ", "-")}-k3m9x2a${id}-`,
    is_default: true,
    enabled: true,
    schedule: null,
    hooks: [],
    conditions: { on_ac_power: false, not_metered: false },
    ping_url: null,
    waiting_for: null,
    unplug: null,
    hold: null,
    created_at: new Date(2025, 10, 2, 10, 0, 0).toISOString(),
    last_job: null,
    last_good: null,
    protected_until: null,
    ...part,
  };
}

/** The days of a history, oldest first, today last. */
export function days(countOfDays: number): Date[] {
  const all: Date[] = [];
  for (let back = countOfDays - 1; back >= 0; back -= 1) {
    all.push(new Date(FAKE_NOW.getFullYear(), FAKE_NOW.getMonth(), FAKE_NOW.getDate() - back));
  }
  return all;
}

export function at(day: Date, hour: number, minute = 0): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute);
}
