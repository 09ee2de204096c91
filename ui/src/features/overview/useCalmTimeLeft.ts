import { useRef } from "react";
import { timeLeft } from "../../format/timeLeft";
import type { Job } from "../../platform/bindings";

const HOLD_MS = 5000;

/** The time left of a job as text that changes at most every 5 s, so that it can be believed. */
export function useCalmTimeLeft(job: Job, now: Date): string | null {
  const held = useRef<{ text: string | null; at: number }>({ text: null, at: Number.NEGATIVE_INFINITY });
  const text = timeLeft(job.progress_details.estimated_time_remaining, job.time_remaining_margin);
  const old = held.current;
  if (text !== old.text && (text === null || now.getTime() - old.at >= HOLD_MS)) {
    held.current = { text, at: now.getTime() };
  }
  return held.current.text;
}
