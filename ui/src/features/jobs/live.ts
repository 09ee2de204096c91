/**
 * The jobs as the engine tells of them.
 *
 * Changes of one job may arrive more often than a person can read. What must be seen at once (a new job, a phase, an
 * end) is shown at once; figures that only move are shown with the next beat, all jobs together and with the clocks beside
 * them, so that text can be read and a software renderer stays idle in between.
 */
import { second } from "../../app/beat";
import type { Change, Job } from "../../platform/bindings";
import { type Speed, Speeds } from "./speeds";

const NO_SPEED: readonly Speed[] = [];

export type Jobs = ReadonlyMap<number, Job>;

export class LiveJobs {
  private latest = new Map<number, Job>();
  private shown: Jobs = new Map();
  private outlined: Jobs = this.shown;
  /** Set while figures wait for the beat. */
  private unwait: (() => void) | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly speeds = new Map<number, Speeds>();

  constructor(private readonly now: () => number = Date.now) {}

  /** How fast a backup was, since the window heard of it. */
  readonly speedsOf = (id: number): readonly Speed[] => this.speeds.get(id)?.all() ?? NO_SPEED;

  /** What screens show; a new map whenever something in it changed. */
  readonly snapshot = (): Jobs => this.shown;

  /** The same, but a new map only when more than figures changed; the figures in it are those of then. */
  readonly outline = (): Jobs => this.outlined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes a change. Returns the job as it was shown before, if it was. */
  accept(change: Change & { type: "job" }): Job | undefined {
    const before = this.latest.get(change.job.id);
    this.latest.set(change.job.id, change.job);
    if (!before || stands(before) !== stands(change.job)) this.show(true);
    else this.unwait ??= second.subscribe(() => this.show(false));
    return before;
  }

  private note(job: Job): void {
    if (job.ended_at) {
      this.speeds.delete(job.id);
      return;
    }
    const speeds = this.speeds.get(job.id) ?? new Speeds();
    this.speeds.set(job.id, speeds);
    speeds.note(job, this.now());
  }

  private show(isOutline: boolean): void {
    this.unwait?.();
    this.unwait = null;
    this.shown = new Map(this.latest);
    if (isOutline) this.outlined = this.shown;
    for (const job of this.shown.values()) this.note(job);
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
