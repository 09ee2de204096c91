import { useMemo } from "react";
import { hasEnded } from "../features/jobs/job";
import { useJobsOutline, useLiveJobs } from "../features/jobs/LiveProvider";
import type { Jobs } from "../features/jobs/live";
import { usePlans } from "../features/plans/queries";
import type { Job } from "../platform/bindings";

interface Queue {
  running: Job[];
  waiting: Job[];
}

/** The jobs that have not ended: those at work first, then those that wait, each in the order they were asked for. */
export function useQueue(): Queue {
  return useQueueOf(useLiveJobs());
}

/** The same without figures that move. */
export function useQueueOutline(): Queue {
  return useQueueOf(useJobsOutline());
}

function useQueueOf(live: Jobs): Queue {
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
