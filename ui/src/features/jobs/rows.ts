/** The job history as rows: a heading for each day, then its jobs. */
import { dayDetail, dayKey, dayName } from "../../format/time";
import type { Job } from "../../platform/bindings";
import { jobName } from "./job";

export type Row = { day: string; detail: string; key: string } | { job: Job; key: string };

export function rowsOf(jobs: Job[], now: Date): Row[] {
  const rows: Row[] = [];
  let day = Number.NaN;
  for (const job of jobs) {
    const at = new Date(job.created_at);
    const key = dayKey(at);
    if (key !== day) {
      day = key;
      rows.push({ day: dayName(at, now), detail: dayDetail(at, now), key: `day-${key}` });
    }
    rows.push({ job, key: `job-${job.id}` });
  }
  return rows;
}

/** Whether a job has the words in its name, archive, place or error. */
export function hasWords(job: Job, repository: string, words: string): boolean {
  const name = jobName(job, repository);
  const all = [name, job.archive_name, repository, job.repository, job.error_message, `#${job.id}`];
  const text = all.filter(Boolean).join("\n").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
