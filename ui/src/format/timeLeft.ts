import { wordDuration } from "./duration";

const HIDDEN_FOR = 10;

/**
 * "About 4 min left". Null in the first seconds, when every estimate is a guess, and while it is unknown (0).
 * Rounded so that it reads as an estimate: 1 min under 1 h, 5 min above.
 */
export function timeLeft(secondsLeft: number, secondsElapsed: number): string | null {
  if (secondsLeft <= 0 || secondsElapsed < HIDDEN_FOR) return null;
  if (secondsLeft < 60) return "Less than a minute left";
  const step = secondsLeft < 3600 ? 60 : 300;
  return `About ${wordDuration(Math.round(secondsLeft / step) * step)} left`;
}
