import { Icon } from "../../components/Icon";
import { PathText } from "../../components/PathText";
import { Progress } from "../../components/Progress";
import { count } from "../../format/count";
import { clockDuration } from "../../format/duration";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { speed } from "../../format/speed";
import { clockTime } from "../../format/time";
import type { Job, Plan } from "../../platform/bindings";
import {
  backupPercent,
  elapsed,
  isBroken,
  isSafe,
  jobName,
  PHASE_LABEL,
  PHASES_OF_MAINTENANCE,
  stepOf,
  stepsOf,
} from "../jobs/job";
import { StillLine } from "../jobs/StillLine";
import { keptText, standsStill, stoppingOf } from "../jobs/stopping";
import { useRepositoryName } from "../plans/queries";
import { CardTop } from "./CardTop";
import { SpeedGraph } from "./SpeedGraph";
import { useCalmTimeLeft } from "./useCalmTimeLeft";
import "./running.css";

/** A job at work. It stays until the job is no longer active, also while the repository is tidied up after it. */
export function RunningCard({ job, plan, now }: { job: Job; plan: Plan | undefined; now: Date }) {
  const repository = useRepositoryName()(job.repository);
  const name = jobName(job, repository);
  const safe = isSafe(job);
  const broken = isBroken(job);
  const seconds = elapsed(job, now) ?? 0;
  const p = job.progress_details;
  const percent = backupPercent(job);
  const left = useCalmTimeLeft(job, now);
  const heading = `running-${job.id}`;
  const started = `${clockTime(job.started_at ?? job.created_at)}${job.triggered_by === "schedule" ? " by schedule" : ""}`;
  return (
    <section className="card running" aria-labelledby={heading}>
      <CardTop
        id={heading}
        title={safe ? `${name} is backed up` : broken ? `${name} did not finish` : `Backing up ${name}`}
        hint={`to ${repository}, started ${started}`}
        job={job}
        name={name}
      />
      <div className="figures">
        <Figures job={job} percent={percent} left={left} />
        <Steps job={job} plan={plan} />
      </div>
      {safe || broken ? (
        <MaintenanceLine job={job} />
      ) : (
        <Progress
          percent={percent}
          label={`Backing up ${name}`}
          text={
            percent === null
              ? `${count(p.nfiles)} files so far`
              : [`${percent} percent`, left?.toLowerCase()].filter(Boolean).join(", ")
          }
        />
      )}
      <NowLine job={job} now={now} />
      <dl className="stats">
        <Stat
          name="Files"
          id="running-files"
          value={count(p.nfiles)}
          after={job.total_expected_files > 0 && !safe ? `of ${count(job.total_expected_files)}` : ""}
        />
        <Stat
          name="Original"
          id="running-original"
          value={size(p.original_size)}
          after={p.total_expected_size > 0 && !safe ? `of ${size(p.total_expected_size)}` : ""}
        />
        <Stat name="Compressed" value={size(p.compressed_size)} />
        <Stat name="Deduplicated" id="running-deduplicated" value={size(p.deduplicated_size)} after="new" />
        <Stat name="Elapsed" value={job.started_at ? clockDuration(seconds) : NONE} />
      </dl>
      {!safe && !broken && <SpeedGraph id={job.id} name={name} />}
    </section>
  );
}

function Stat({ name, value, after, id }: { name: string; value: string; after?: string; id?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={id}>
        {value}
        {after && <small>{after}</small>}
      </dd>
    </div>
  );
}

function Figures({ job, percent, left }: { job: Job; percent: number | null; left: string | null }) {
  const p = job.progress_details;
  const safe = isSafe(job);
  const words = said(job, left);
  return (
    <>
      {percent === null ? (
        <div className="percent is-count" data-testid="running-percent">
          {count(p.nfiles)} files<small>so far</small>
        </div>
      ) : (
        <div className="percent" data-testid="running-percent">
          {percent}
          <small>%</small>
        </div>
      )}
      {words && <span className="strong nowrap">{words}</span>}
      {!safe && !job.cancelling && job.phase === "backing_up" && p.original_size > 0 && (
        <span className="hint num nowrap" data-testid="running-speed">
          {speed(p.backup_speed)}
        </span>
      )}
    </>
  );
}

/** What is going on, in a few words beside the number. */
function said(job: Job, left: string | null): string {
  const stopping = stoppingOf(job);
  if (stopping) return stopping.short;
  if (isSafe(job)) return "The archive is safe";
  if (job.phase === "waiting" && job.attempt > 1) return `Attempt ${job.attempt}, trying again soon`;
  if (job.phase === "backing_up") {
    const attempt = job.attempt > 1 ? `Attempt ${job.attempt}` : "";
    return [left, attempt].filter(Boolean).join(", ");
  }
  return PHASE_LABEL[job.phase];
}

function Steps({ job, plan }: { job: Job; plan: Plan | undefined }) {
  const steps = stepsOf(plan);
  const at = steps.indexOf(stepOf(job.phase));
  return (
    <ol className="phases end" aria-label="Steps">
      {steps.map((step, n) => (
        <li key={step} data-state={n < at ? "done" : undefined} aria-current={n === at ? "step" : undefined}>
          {n < at && <Icon name="check" size={12} />}
          <span>{PHASE_LABEL[step]}</span>
        </li>
      ))}
    </ol>
  );
}

/** Maintenance has a line of its own: the percent above belongs to the backup and stays at 100. */
function MaintenanceLine({ job }: { job: Job }) {
  const busy = PHASES_OF_MAINTENANCE.includes(job.phase);
  const percent = job.phase_percent === null ? null : Math.floor(job.phase_percent);
  const label = busy || job.phase === "hook_after" ? PHASE_LABEL[job.phase] : "Finishing";
  return (
    <div className="maintenance-line">
      <span className="hint num">{percent === null ? label : `${label} ${percent}%`}</span>
      <Progress percent={percent} label={label} text={percent === null ? undefined : `${percent} percent`} />
    </div>
  );
}

/** The file being read, or what the job waits for; from the first checkpoint on, what is kept. The line keeps its height when there is nothing. */
function NowLine({ job, now }: { job: Job; now: Date }) {
  const file = job.progress_details.current_file;
  const stopping = stoppingOf(job);
  const still = standsStill(job, now);
  if (still) return <StillLine text={still} />;
  if (isSafe(job)) return null;
  const kept = keptText(job);
  return (
    <div className="now">
      {stopping ? (
        stopping.text && (
          <>
            <Icon name="st-pending" size={14} />
            <span>{stopping.text}</span>
          </>
        )
      ) : file ? (
        <>
          <Icon name="file" size={14} />
          <PathText path={file} testId="running-file" />
        </>
      ) : null}
      {!stopping && kept && <span className="kept num">{kept}</span>}
    </div>
  );
}
