import { Progress } from "../../components/Progress";
import { clockDuration } from "../../format/duration";
import { clockTime } from "../../format/time";
import type { Job } from "../../platform/bindings";
import { elapsed, jobName, jobPercent, PHASE_LABEL } from "../jobs/job";
import { StillLine } from "../jobs/StillLine";
import { standsStill, stoppingOf } from "../jobs/stopping";
import { useRepositoryName } from "../plans/queries";
import { CardTop } from "./CardTop";
import "./running.css";

/** Maintenance at work: lower than the card of a backup, and without the one big number of the screen. */
export function MaintenanceCard({ job, now }: { job: Job; now: Date }) {
  const name = jobName(job, useRepositoryName()(job.repository));
  const percent = jobPercent(job);
  const word = stoppingOf(job)?.short ?? PHASE_LABEL[job.phase];
  const still = standsStill(job, now);
  const heading = `running-${job.id}`;
  return (
    <section className="card running is-maintenance" aria-labelledby={heading}>
      <CardTop
        id={heading}
        title={name}
        hint={`started ${clockTime(job.started_at ?? job.created_at)}, ${clockDuration(elapsed(job, now) ?? 0)} so far`}
        job={job}
        name={name}
      />
      <div className="maintenance-line">
        <span className="hint num">{percent === null ? word : `${word} ${percent}%`}</span>
        <Progress
          percent={percent}
          label={name}
          text={percent === null ? word : `${word}, ${percent} percent`}
        />
      </div>
      {still && <StillLine text={still} />}
    </section>
  );
}
