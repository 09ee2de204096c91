/** How fast a backup was, since the window heard of it: a bounded number of points, at even distances. */
import type { Job } from "../../platform/bindings";

const MOST = 240;

/** A moment of a backup: seconds since it began, and its speed in MB/s. */
export interface Speed {
  readonly at: number;
  readonly speed: number;
}

export class Speeds {
  private points: readonly Speed[] = [];
  /** Seconds between two points; doubled whenever there are too many. */
  private distance = 1;

  /** All points, the oldest first; a new array whenever there is one more. */
  readonly all = (): readonly Speed[] => this.points;

  /** Notes how fast a job is now. */
  note(job: Job, now: number): void {
    if (job.phase !== "backing_up" || !job.started_at) return;
    const at = Math.max(0, (now - Date.parse(job.started_at)) / 1000);
    const last = this.points.at(-1);
    if (last && at < last.at + this.distance) return;
    this.points = [...this.points, { at, speed: job.progress_details.backup_speed }];
    if (this.points.length > MOST) {
      this.distance *= 2;
      this.points = this.points.filter((_, index) => index % 2 === 0);
    }
  }
}
