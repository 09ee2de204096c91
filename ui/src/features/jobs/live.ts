/**
 * The jobs as the engine tells of them.
 *
 * Changes of one job arrive up to ten times a second. What a person must see at once (a new job, a phase, an end)
 * is shown at once; figures that only move are shown once a second, all jobs together, so that text can be read
 * and a software renderer stays idle in between.
 */
import type { Change, Job } from "../../platform/bindings";

const REPAINT_MS = 1000;

export type Jobs = ReadonlyMap<number, Job>;

export class LiveJobs {
  private latest = new Map<number, Job>();
  private shown: Jobs = new Map();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<() => void>();

  /** What screens show; a new map whenever something in it changed. */
  readonly snapshot = (): Jobs => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes a change. Returns the job as it was shown before, if it was. */
  accept(change: Change & { type: "job" }): Job | undefined {
    const before = this.latest.get(change.job.id);
    this.latest.set(change.job.id, change.job);
    if (!before || stands(before) !== stands(change.job)) this.show();
    else this.timer ??= setTimeout(() => this.show(), REPAINT_MS);
    return before;
  }

  private show(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.shown = new Map(this.latest);
    for (const listener of this.listeners) listener();
  }
}

/** Everything about a job that is not a moving figure. */
function stands(job: Job): string {
  return [
    job.status,
    job.phase,
    job.active,
    job.cancelling,
    job.cancel_stage,
    job.waiting_for,
    job.queue_position,
    job.maintenance_status,
    job.attempt,
    job.error_code,
    job.progress_details.total_expected_size > 0,
  ].join();
}
