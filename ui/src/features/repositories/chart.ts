/** A size over time as a line. Pure geometry in a square of 100 by 100, the origin at the top left. */
import type { RepositorySize } from "../../platform/bindings";

export type Range = "month" | "year" | "all";

const DAYS: Record<Range, number> = { month: 30, year: 365, all: Number.POSITIVE_INFINITY };
const DAY_MS = 86_400_000;

/** The sizes of the last days, the oldest first. */
export function within(sizes: readonly RepositorySize[], range: Range, now: Date): RepositorySize[] {
  const from = now.getTime() - DAYS[range] * DAY_MS;
  return sizes.filter(({ at }) => new Date(at).getTime() >= from);
}

/** The ranges that show different things, the shortest first. */
export function rangesOf(sizes: readonly RepositorySize[], now: Date): Range[] {
  const [oldest] = sizes;
  const days = oldest ? (now.getTime() - new Date(oldest.at).getTime()) / DAY_MS : 0;
  return days <= 30 ? ["all"] : days <= 365 ? ["month", "all"] : ["month", "year", "all"];
}

/** The smallest round number that is not less: 1, 2, 4 or 8 with zeros, so that its half is round too. */
export function ceiling(bytes: number): number {
  if (bytes <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(bytes));
  return unit * ([1, 2, 4, 8, 10].find((step) => step * unit >= bytes) ?? 10);
}

/** The stored bytes as a path; `top` is the number of bytes at its upper edge. */
export function linePath(sizes: readonly RepositorySize[], top: number): string {
  const times = sizes.map(({ at }) => new Date(at).getTime());
  const first = times[0] ?? 0;
  const span = Math.max(1, (times.at(-1) ?? 0) - first);
  return sizes
    .map(({ deduplicated_size }, n) => {
      const x = (100 * ((times[n] ?? 0) - first)) / span;
      const y = 100 - (100 * deduplicated_size) / top;
      return `${n === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`;
    })
    .join("");
}
