import { Icon } from "../../components/Icon";
import { Ring } from "../../components/Ring";
import type { Job } from "../../platform/bindings";
import { jobPercent, STATUS_ICON, STATUS_LABEL } from "./job";
import { useLiveJob } from "./LiveProvider";
import "../../components/status.css";

function Mark({ job, size }: { job: Job; size: 14 | 16 }) {
  const live = useLiveJob(job.id) ?? job;
  return job.status === "running" ? (
    <Ring percent={jobPercent(live)} size={size} />
  ) : (
    <Icon name={STATUS_ICON[job.status]} size={size} />
  );
}

/** The status of a job as text with its own picture. */
export function Status({ job }: { job: Job }) {
  return (
    <span className="status" data-status={job.status}>
      <Mark job={job} size={16} />
      <span className="trunc">{STATUS_LABEL[job.status]}</span>
    </span>
  );
}

/** The same on a tint, for headings. */
export function StatusBadge({ job }: { job: Job }) {
  return (
    <span className="badge" data-status={job.status}>
      <Mark job={job} size={14} />
      {STATUS_LABEL[job.status]}
    </span>
  );
}
