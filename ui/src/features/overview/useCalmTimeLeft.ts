import { useRef } from "react";
import { timeLeft } from "../../format/timeLeft";

const HOLD_MS = 5000;

/** The time left as text that changes at most every 5 s, so that it can be believed. */
export function useCalmTimeLeft(secondsLeft: number, secondsElapsed: number, now: Date): string | null {
  const held = useRef<{ text: string | null; at: number }>({ text: null, at: Number.NEGATIVE_INFINITY });
  const text = timeLeft(secondsLeft, secondsElapsed);
  const old = held.current;
  if (text !== old.text && (text === null || now.getTime() - old.at >= HOLD_MS)) {
    held.current = { text, at: now.getTime() };
  }
  return held.current.text;
}
