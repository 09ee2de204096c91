import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Job, Level, LogLine } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { hasEnded } from "../jobs/job";
import { LogBook } from "./book";
import { NOTHING_SCANNED, type Scan, scan } from "./scan";

const POLL_MS = 1000;

/** The log of a job; while the job runs its end is asked for once a second. */
export function useLogBook(job: Job): LogBook {
  const platform = usePlatform();
  const book = useMemo(
    () =>
      new LogBook((offset, limit) => platform.call("stream_backup_logs", { job_id: job.id, offset, limit })),
    [platform, job.id],
  );
  useSyncExternalStore(book.subscribe, book.snapshot);
  const ended = hasEnded(job);
  useEffect(() => {
    void book.refresh();
    if (ended) return undefined;
    const timer = setInterval(() => void book.refresh(), POLL_MS);
    return () => clearInterval(timer);
  }, [book, ended]);
  return book;
}

export type LevelFilter = "all" | "problems" | "errors";

const LEVELS: Record<LevelFilter, readonly Level[] | null> = {
  all: null,
  problems: ["WARNING", "ERROR"],
  errors: ["ERROR"],
};

/** What a line must be to be shown or found; null when every line is. */
export function fitting(level: LevelFilter, words: string): ((line: LogLine) => boolean) | null {
  const levels = LEVELS[level];
  const needle = words.toLowerCase();
  if (!levels && needle === "") return null;
  return (line) =>
    (levels === null || levels.includes(line.level)) &&
    (needle === "" || line.text.toLowerCase().includes(needle));
}

/**
 * The lines that fit, found stride by stride. It starts anew when the question changes and goes on by itself when
 * the log grows. `stop` leaves it at what it has.
 */
export function useScan(
  book: LogBook,
  fits: ((line: LogLine) => boolean) | null,
): Scan & { stop: () => void } {
  const [state, setState] = useState<Scan>(NOTHING_SCANNED);
  const latest = useRef(NOTHING_SCANNED);
  const asked = useRef<typeof fits>(null);
  const abort = useRef<AbortController | null>(null);
  const total = book.total ?? 0;
  useEffect(() => {
    if (asked.current !== fits) {
      asked.current = fits;
      latest.current = NOTHING_SCANNED;
      setState(NOTHING_SCANNED);
    }
    const before = latest.current;
    if (!fits || before.capped || (before.done && before.looked >= total)) return undefined;
    const controller = new AbortController();
    abort.current = controller;
    scan(book, fits, before, controller.signal, (next) => {
      latest.current = next;
      setState(next);
    }).catch(() => {
      const stopped = { ...latest.current, done: true };
      latest.current = stopped;
      setState(stopped);
    });
    return () => controller.abort();
  }, [book, fits, total]);
  const stop = () => {
    abort.current?.abort();
    latest.current = { ...latest.current, done: true };
    setState(latest.current);
  };
  return { ...state, stop };
}
