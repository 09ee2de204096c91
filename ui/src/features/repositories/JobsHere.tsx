import { hrefOf } from "../../app/router";
import { Icon } from "../../components/Icon";
import { Progress } from "../../components/Progress";
import { Ring } from "../../components/Ring";
import type { Job } from "../../platform/bindings";
import { isSafe, jobName, jobPercent, PHASE_LABEL } from "../jobs/job";
import { waitingOf } from "../jobs/waiting";

/** What is under way in one repository: each job with how far it is, and the way to its details. */
export function JobsHere({ jobs, repository }: { jobs: Job[]; repository: string }) {
  if (jobs.length === 0) return null;
  return (
    <ul className="card jobs-here" aria-label="Jobs under way">
      {jobs.map((job) => {
        const name = jobName(job, repository);
        // Once a backup is safe, what goes on is its maintenance.
        const percent = isSafe(job) ? floored(job.phase_percent) : jobPercent(job);
        return (
          <li key={job.id}>
            <a href={hrefOf({ screen: "jobs", job: job.id })}>
              {job.active ? <Ring percent={percent} /> : <Icon name="st-pending" />}
              <span className="strong trunc">{name}</span>
              <span className="num nowrap">{stateOf(job, name, repository, percent)}</span>
              {job.active ? <Progress percent={percent} /> : <span />}
              <Icon name="chev-r" size={14} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}

const floored = (percent: number | null) => percent && Math.floor(percent);

function stateOf(job: Job, name: string, repository: string, percent: number | null): string {
  if (!job.active) return waitingOf(job, name, repository)?.short ?? "Waits for its turn";
  if (job.cancelling) return "Stopping";
  return percent === null ? PHASE_LABEL[job.phase] : `${PHASE_LABEL[job.phase]} ${percent}%`;
}
