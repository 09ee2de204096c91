/** How far the stopping of a job is, in a few words and in a sentence; or what it waits for while it runs. */
import { uncapitalized } from "../../format/case";
import { clockDuration } from "../../format/duration";
import { size } from "../../format/size";
import { clockTime } from "../../format/time";
import type { CancelStage, Job } from "../../platform/bindings";
import { isBackup, isSafe } from "./job";

const STAGE: Record<CancelStage, { short: string; text: string }> = {
  asked: { short: "Stopping", text: "Borg is asked to stop and to keep what it has stored." },
  keeping: {
    short: "Writing a checkpoint",
    text: "Borg writes a checkpoint, which can take up to 30 seconds.",
  },
  told: { short: "Stopping now", text: "Borg is told to stop at once." },
  forced: { short: "Ending Borg", text: "Borg does not answer, and is ended with its connection." },
};

export interface Stopping {
  short: string;
  text: string;
}

/** `null` while nobody asked for a stop. */
export function stoppingOf(job: Job): Stopping | null {
  if (!job.cancelling) return null;
  const { short, text } = job.cancel_stage ? STAGE[job.cancel_stage] : { short: "Stopping", text: "" };
  const kept = isBackup(job) && !isSafe(job) && job.kept_until ? `${keptText(job)}.` : "";
  return { short, text: [text, kept].filter(Boolean).join(" ") };
}

/** What a job that runs waits for, as a sentence: a Borg that says nothing, the next attempt. `null` while it is at work or stopped. */
export function standsStill(job: Job, now: Date): string | null {
  if (job.cancelling) return null;
  if (job.next_try_at) {
    const left = Math.max(0, Math.ceil((Date.parse(job.next_try_at) - now.getTime()) / 1000));
    const kept = keptText(job);
    return [`Attempt ${job.attempt}`, kept && uncapitalized(kept), `next try in ${clockDuration(left)}`]
      .filter(Boolean)
      .join(", ");
  }
  if (job.stalled_since) {
    return `Borg has said nothing since ${clockTime(job.stalled_since)}. It may still be at work.`;
  }
  return null;
}

/** What of a backup is of use to the next one, whatever happens now. */
export function keptText(job: Job): string | null {
  if (!job.kept_until) return null;
  const much = job.kept_size > 0 ? `${size(job.kept_size)} kept` : "Kept";
  return `${much} up to ${clockTime(job.kept_until)}`;
}
