import { wordDuration } from "./duration";

/** From this share of it on, the margin is said as well. */
const UNSURE = 0.2;

/**
 * "About 4 min left", or "3 min to 6 min left" while it may be off by much. Null while it is unknown (0).
 * Rounded so that it reads as an estimate: 1 min under 1 h, 5 min above.
 */
export function timeLeft(secondsLeft: number, margin: number): string | null {
  if (secondsLeft <= 0) return null;
  const most = secondsLeft + margin;
  if (most < 60) return "Less than a minute left";
  const least = rounded(secondsLeft - margin);
  if (margin <= secondsLeft * UNSURE || least === rounded(most))
    return `About ${rounded(Math.max(60, secondsLeft))} left`;
  return secondsLeft - margin < 60 ? `Up to ${rounded(most)} left` : `${least} to ${rounded(most)} left`;
}

function rounded(seconds: number): string {
  const step = seconds < 3600 ? 60 : 300;
  return wordDuration(Math.round(seconds / step) * step);
}
