/** Looks through a whole log for lines that fit and keeps their numbers, not their text. */
import type { LogLine } from "../../platform/bindings";
import type { LogBook } from "./book";

/** More places than anyone steps through; the count then reads "100,000+". */
export const MOST_MATCHES = 100_000;

export interface Scan {
  /** Indexes of the lines that fit, ascending. */
  matches: number[];
  /** Lines looked at so far. */
  looked: number;
  done: boolean;
  capped: boolean;
}

export const NOTHING_SCANNED: Scan = { matches: [], looked: 0, done: false, capped: false };

/** Goes on from where `before` ended. `onProgress` hears of every stride. */
export async function scan(
  book: LogBook,
  fits: (line: LogLine) => boolean,
  before: Scan,
  signal: AbortSignal,
  onProgress: (scan: Scan) => void,
): Promise<void> {
  let now: Scan = { ...before, done: false };
  for await (const lines of book.strides(before.looked, signal)) {
    const found = lines.filter(fits).map((line) => line.line_number - 1);
    const matches = found.length > 0 ? [...now.matches, ...found].slice(0, MOST_MATCHES) : now.matches;
    now = {
      matches,
      looked: now.looked + lines.length,
      done: false,
      capped: matches.length >= MOST_MATCHES,
    };
    if (now.capped) break;
    onProgress(now);
  }
  if (!signal.aborted) onProgress({ ...now, done: true });
}
