import { useMemo } from "react";
import { hasEnded } from "../features/jobs/job";
import { useLiveJobs } from "../features/jobs/LiveProvider";
import { usePlans } from "../features/plans/queries";
import type { Job } from "../platform/bindings";

/** The jobs that have not ended: those at work first, then those that wait, each in the order they were asked for. */
export function useQueue(): { running: Job[]; waiting: Job[] } {
  const live = useLiveJobs();
  const plans = usePlans();
  return useMemo(() => {
    const open = new Map<number, Job>();
    for (const plan of plans)
      if (plan.last_job && !hasEnded(plan.last_job)) open.set(plan.last_job.id, plan.last_job);
    for (const job of live.values()) if (!hasEnded(job)) open.set(job.id, job);
    const jobs = [...open.values()].sort((a, b) => a.id - b.id);
    return { running: jobs.filter((job) => job.active), waiting: jobs.filter((job) => !job.active) };
  }, [live, plans]);
}
