import { Progress } from "../../components/Progress";
import { count } from "../../format/count";
import { clockDuration } from "../../format/duration";
import { NONE } from "../../format/locale";
import type { Job } from "../../platform/bindings";
import { useRepositoryName } from "../plans/queries";
import { elapsed, jobName, jobPercent, PHASE_LABEL } from "./job";
import { StillLine } from "./StillLine";
import { standsStill, stoppingOf } from "./stopping";

/** How far maintenance has come, and the little there is to count in it: Borg tells of no files. */
export function MaintenanceFigures({ job, now }: { job: Job; now: Date }) {
  const repository = useRepositoryName()(job.repository);
  const seconds = elapsed(job, now);
  return (
    <>
      {job.active && <Live job={job} now={now} name={jobName(job, repository)} />}
      <div className="panel-sec">
        <h3>Figures</h3>
        <dl className="kv">
          <div>
            <dt>Repository</dt>
            <dd className="trunc" title={job.repository}>
              {repository}
            </dd>
          </div>
          <div>
            <dt>{job.ended_at ? "Duration" : "Elapsed"}</dt>
            <dd>{seconds === null ? NONE : clockDuration(seconds)}</dd>
          </div>
          <div>
            <dt>Warnings</dt>
            <dd>{count(job.warnings)}</dd>
          </div>
        </dl>
      </div>
    </>
  );
}

function Live({ job, now, name }: { job: Job; now: Date; name: string }) {
  const percent = jobPercent(job);
  const word = stoppingOf(job)?.short ?? PHASE_LABEL[job.phase];
  const still = standsStill(job, now);
  return (
    <div className="panel-sec">
      <div className="figures">
        {percent === null ? (
          <span className="percent is-count">{word}</span>
        ) : (
          <>
            <span className="percent">
              {percent}
              <small>%</small>
            </span>
            <span className="strong">{word}</span>
          </>
        )}
      </div>
      <Progress
        percent={percent}
        label={name}
        text={percent === null ? word : `${word}, ${percent} percent`}
      />
      {still && <StillLine text={still} />}
    </div>
  );
}
