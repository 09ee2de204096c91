import { Icon } from "../../components/Icon";
import { Ring } from "../../components/Ring";
import type { Job } from "../../platform/bindings";
import { isSafe, maintenanceFailed, PHASE_LABEL, PHASES_OF_MAINTENANCE } from "./job";
import { useLiveJob } from "./LiveProvider";

const STEP = { prune_failed: "prune", compact_failed: "compact", check_failed: "check" } as const;

/** Beside the status, never instead of it: the archive is safe, tidying up goes on or is not done. */
export function MaintenanceBadge({ job }: { job: Job }) {
  const live = useLiveJob(job.id) ?? job;
  const status = job.maintenance_status;
  if (!isSafe(job) || !status) return null;
  if (PHASES_OF_MAINTENANCE.includes(job.phase)) {
    return (
      <span className="badge" data-status="running">
        <Ring percent={live.phase_percent} size={14} />
        {PHASE_LABEL[job.phase]}
      </span>
    );
  }
  if (maintenanceFailed(status)) {
    return (
      <span className="badge" data-status="completed_with_warnings">
        <Icon name="st-warnings" size={14} />
        Safe, {STEP[status as keyof typeof STEP]} failed
      </span>
    );
  }
  return null;
}
