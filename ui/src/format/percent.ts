/** A whole percent, rounded down: 100 only when it is done. */
export function wholePercent(percent: number): number {
  return Math.min(100, Math.max(0, Math.floor(percent)));
}
