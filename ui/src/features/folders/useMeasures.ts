import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { FolderMeasure } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

export interface Measured {
  measure: FolderMeasure | null;
  /** Why it cannot be added up. */
  error: PlatformError | null;
}

/** How long patterns must rest before everything is added up again. */
const RESTING_MS = 800;

/** The end of the one line in which folders wait: the disk reads one tree at a time. */
let line: Promise<unknown> = Promise.resolve();

/** What each folder holds without what is left out, one after the other. */
export function useMeasures(paths: readonly string[], excludes: readonly string[]): Measured[] {
  const platform = usePlatform();
  const wanted = excludes.join("\n");
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), RESTING_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const patterns = settled === "" ? [] : settled.split("\n");
  return useQueries({
    queries: paths.map((path) => ({
      queryKey: ["measure", path, settled],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const turn = line.then(() => {
          // It left the list while it waited.
          signal.throwIfAborted();
          return platform.call("measure_folder", { path, exclude_patterns: patterns });
        });
        line = turn.catch(() => undefined);
        return turn;
      },
      // Files change; a look at the same plan later counts anew.
      gcTime: 0,
    })),
    combine: (results) =>
      results.map(({ data, error }) => ({
        measure: data ?? null,
        error: error ? PlatformError.from(error) : null,
      })),
  });
}
