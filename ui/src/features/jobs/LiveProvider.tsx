import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Change, Job } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { type Jobs, LiveJobs } from "./live";
import type { Speed } from "./speeds";

const LiveContext = createContext<LiveJobs | null>(null);

/** Watches the engine for the whole window and asks again for what a change made old. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const queries = useQueryClient();
  const [live] = useState(() => new LiveJobs(() => platform.now().getTime()));

  useEffect(() => {
    const refresh = (...keys: string[]) => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
    };
    return platform.watch((change: Change) => {
      // What nobody chose may depend on whether a plan runs by itself.
      if (change.type === "plans") return refresh("plans", "repositories", "repository", "settings");
      // Another Borg may be chosen, and the first run may wait for it.
      if (change.type === "settings") return refresh("settings", "system");
      const before = live.accept(change);
      const { job } = change;
      // A list of one status has it now, or has it no more.
      if (before?.status !== job.status) refresh("jobs");
      if (before?.status !== job.status || before.phase !== job.phase) refresh("plans");
      if (job.phase === "ended" && before?.phase !== "ended") refresh("jobs", "history", "job", "repository");
      return undefined;
    });
  }, [platform, queries, live]);

  return <LiveContext value={live}>{children}</LiveContext>;
}

function useLive(): LiveJobs {
  const live = useContext(LiveContext);
  if (!live) throw new Error("No LiveProvider above this component");
  return live;
}

/** Every job heard of since the window opened. */
export function useLiveJobs(): Jobs {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.snapshot);
}

/** The same as of the last change that was more than figures: what lists and sentences are made of. */
export function useJobsOutline(): Jobs {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.outline);
}

/** One job as it is now, where the engine has told of it. */
export function useLiveJob(id: number | undefined): Job | undefined {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => (id === undefined ? undefined : live.snapshot().get(id)));
}

/** How fast a backup was, since the window heard of it. */
export function useSpeeds(id: number): readonly Speed[] {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => live.speedsOf(id));
}
