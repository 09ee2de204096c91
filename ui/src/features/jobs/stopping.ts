/** How far the stopping of a job is, in a few words and in a sentence; or that Borg says nothing any more. */
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
  const kept =
    isBackup(job) && !isSafe(job) && job.kept_until ? `Kept up to ${clockTime(job.kept_until)}.` : "";
  return { short, text: [text, kept].filter(Boolean).join(" ") };
}

/** That Borg says nothing any more; `null` while it does, and while it is stopped. */
export function stalledText(job: Job): string | null {
  if (!job.stalled_since || job.cancelling) return null;
  return `Borg has said nothing since ${clockTime(job.stalled_since)}. It may still be at work.`;
}
