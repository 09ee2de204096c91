import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { go } from "../../app/router";
import { useNow } from "../../app/useNow";
import { Button, IconButton } from "../../components/Button";
import { CommandLine } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import { PathText } from "../../components/PathText";
import { Problem } from "../../components/Problem";
import { Progress } from "../../components/Progress";
import { Ring } from "../../components/Ring";
import { count } from "../../format/count";
import { clockDuration, wordDuration } from "../../format/duration";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { speed } from "../../format/speed";
import { clockTime, lowerDay, when } from "../../format/time";
import type { Job, Plan } from "../../platform/bindings";
import { LogView } from "../log/LogView";
import { useCalmTimeLeft } from "../overview/useCalmTimeLeft";
import { usePlans, useReleasePlans, useRepositoryName } from "../plans/queries";
import { CancelButton } from "./CancelButton";
import {
  backupPercent,
  backupSeconds,
  elapsed,
  hasEnded,
  isBackup,
  isBroken,
  isSafe,
  jobName,
  KIND_ICON,
  PHASE_LABEL,
  STATUS_ICON,
  TRIGGER_LABEL,
} from "./job";
import { MaintenanceBadge } from "./MaintenanceBadge";
import { MaintenanceFigures } from "./MaintenanceFigures";
import { PassphraseDialog } from "./PassphraseDialog";
import { problemOf } from "./problem";
import { useJob, useRunNext } from "./queries";
import { StatusBadge } from "./Status";
import { StillLine } from "./StillLine";
import { standsStill, stoppingOf } from "./stopping";
import { timelineOf } from "./timeline";
import { useTryAgain } from "./useTryAgain";
import { WaitingBox } from "./Waiting";
import { waitingOf } from "./waiting";
import "./panel.css";

/**
 * Everything about one job: what went wrong, the figures, the steps, the command and the log. It takes the focus
 * whenever `followed` is another object, be the job known by then or not.
 */
export function JobPanel({ id, followed }: { id: number; followed: object | null }) {
  const { job, error } = useJob(id);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (followed) panel.current?.focus({ preventScroll: true });
  }, [followed]);
  const plan = usePlans().find((each) => each.id === job?.plan);
  const now = useNow(job !== undefined && (job.active || job.waiting_for !== null));
  const close = () => {
    go({ screen: "jobs", job: null });
    // Back to the row it was opened from.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-job="${id}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // An open menu or dialog takes the key for itself; React hands on the keys of those opened from here.
    const inside =
      event.currentTarget.contains(event.target as Node) && !document.querySelector('[role="menu"]');
    if (event.key === "Escape" && inside && !event.defaultPrevented) close();
  };
  return (
    <aside
      className="panel"
      aria-label="Job details"
      data-region="panel"
      ref={panel}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {job ? (
        <>
          <Head job={job} now={now} onClose={close} />
          <div className="panel-body">
            <WaitingBox job={job} />
            <ProblemBox job={job} plan={plan} />
            {isBackup(job) ? (
              <>
                {job.active && !isSafe(job) && !isBroken(job) && <Live job={job} now={now} />}
                <FigureList job={job} now={now} />
              </>
            ) : (
              <MaintenanceFigures job={job} now={now} />
            )}
            <Timeline job={job} plan={plan} now={now} />
            {job.command && <Command command={job.command} />}
            <LogView job={job} />
          </div>
        </>
      ) : (
        <>
          <div className="panel-head">
            <h2 className="grow">Job {id}</h2>
            <IconButton label="Close details" icon="x" kind="ghost" size="sm" onClick={close} />
          </div>
          {error && (
            <div className="panel-problem">
              <Problem title="This job cannot be shown" hints={error.hints}>
                {error.message}
              </Problem>
            </div>
          )}
        </>
      )}
    </aside>
  );
}

function Head({ job, now, onClose }: { job: Job; now: Date; onClose: () => void }) {
  const name = jobName(job, useRepositoryName()(job.repository));
  const runNext = useRunNext();
  return (
    <div className="panel-head">
      <div className="grow">
        <div className="row">
          {job.kind !== "backup" && <Icon name={KIND_ICON[job.kind]} size={14} />}
          <h2 className="trunc">{name}</h2>
          <StatusBadge job={job} />
          <MaintenanceBadge job={job} />
        </div>
        <p className="hint trunc num">{subtitle(job, now)}</p>
      </div>
      {job.queue_position !== null && job.queue_position > 1 && (
        <Button size="sm" disabled={runNext.isPending} onClick={() => runNext.mutate(job)}>
          Run next
        </Button>
      )}
      {/* A job that waits has its answers, Cancel among them, with what it waits for. */}
      {!hasEnded(job) && (job.waiting_for === null || job.waiting_for === "passphrase") && (
        <CancelButton job={job} name={name} />
      )}
      <IconButton label="Close details" icon="x" kind="ghost" size="sm" onClick={onClose} />
    </div>
  );
}

function subtitle(job: Job, now: Date): string {
  const trigger = TRIGGER_LABEL[job.triggered_by];
  const start = job.started_at ?? job.created_at;
  const said = lowerDay(when(start, now));
  if (!job.started_at) return `${trigger}, asked for ${said}`;
  const seconds = elapsed(job, now);
  if (!job.ended_at || seconds === null) return `${trigger}, started ${said}`;
  return `${trigger}, ${said} to ${clockTime(job.ended_at)}, ${wordDuration(seconds)}`;
}

function ProblemBox({ job, plan }: { job: Job; plan: Plan | undefined }) {
  const repository = useRepositoryName()(job.repository);
  const name = jobName(job, repository);
  const { again, pending } = useTryAgain(job, plan);
  const release = useReleasePlans();
  const held = job.error_code === "plan_held" && plan?.hold?.job_id === job.id ? plan : null;
  const [asking, setAsking] = useState(false);
  const problem = problemOf(job, name, repository);
  if (!problem) return null;
  return (
    <div className="panel-problem">
      <Problem
        title={problem.title}
        tone={problem.tone}
        hints={release.error ? [release.error.message] : []}
        actions={
          held ? (
            <Button size="sm" disabled={release.isPending} onClick={() => release.mutate(held.id)}>
              That is as it should be
            </Button>
          ) : (
            again &&
            problem.fix && (
              <>
                {problem.fix === "passphrase" && (
                  <Button size="sm" kind="primary" icon="key" onClick={() => setAsking(true)}>
                    Enter passphrase…
                  </Button>
                )}
                <Button
                  size="sm"
                  kind={problem.fix === "again" ? "primary" : "default"}
                  icon="refresh"
                  disabled={pending}
                  onClick={again}
                >
                  Try again
                </Button>
              </>
            )
          )
        }
      >
        {problem.text && <p>{problem.text}</p>}
        {job.borg_exit_code !== null && job.status === "failed" && (
          <p className="mono muted">Borg ended with code {job.borg_exit_code}</p>
        )}
      </Problem>
      {asking && again && (
        <PassphraseDialog
          location={job.repository}
          what={name}
          onClose={() => setAsking(false)}
          onUnlocked={again}
        />
      )}
    </div>
  );
}

function Live({ job, now }: { job: Job; now: Date }) {
  const p = job.progress_details;
  const percent = backupPercent(job);
  const left = useCalmTimeLeft(job, now);
  const stopping = stoppingOf(job);
  const still = standsStill(job, now);
  const beside = stopping?.short ?? (job.phase === "backing_up" ? left : PHASE_LABEL[job.phase]);
  return (
    <div className="panel-sec">
      <div className="figures">
        {percent === null ? (
          <span className="percent is-count">
            {count(p.nfiles)} files<small>so far</small>
          </span>
        ) : (
          <span className="percent">
            {percent}
            <small>%</small>
          </span>
        )}
        <span className="strong">{beside}</span>
        <span className="hint num end">{job.phase === "backing_up" ? speed(p.backup_speed) : ""}</span>
      </div>
      <Progress
        percent={percent}
        label="Progress of this backup"
        text={
          percent === null
            ? undefined
            : [`${percent} percent`, left?.toLowerCase()].filter(Boolean).join(", ")
        }
      />
      {still ? (
        <StillLine text={still} />
      ) : (
        <div className="now">
          {stopping?.text ? (
            <span>{stopping.text}</span>
          ) : (
            p.current_file && (
              <>
                <Icon name="file" size={14} />
                <PathText path={p.current_file} />
              </>
            )
          )}
        </div>
      )}
    </div>
  );
}

function FigureList({ job, now }: { job: Job; now: Date }) {
  const p = job.progress_details;
  if (!job.started_at) return null;
  const safe = isSafe(job);
  const of = (total: number, text: string) =>
    !safe && total > 0 ? <span className="hint"> of {text}</span> : null;
  const took = backupSeconds(job);
  const average = took && took > 0 ? p.original_size / 1e6 / took : 0;
  const some = p.nfiles > 0 || p.original_size > 0;
  return (
    <div className="panel-sec">
      <h3>{safe ? "Archive" : hasEnded(job) ? "Progress when it stopped" : "Progress"}</h3>
      <dl className="kv">
        <Fact name="Files">
          {some ? count(p.nfiles) : NONE}
          {of(job.total_expected_files, count(job.total_expected_files))}
        </Fact>
        <Fact name="Original">
          {some ? size(p.original_size) : NONE}
          {of(p.total_expected_size, size(p.total_expected_size))}
        </Fact>
        {took !== null && !job.active ? (
          <Fact name="Average speed">{average > 0 ? speed(average) : NONE}</Fact>
        ) : (
          <Fact name="Elapsed">{clockDuration(elapsed(job, now) ?? 0)}</Fact>
        )}
        <Fact name="Compressed">{some ? size(p.compressed_size) : NONE}</Fact>
        <Fact name="Deduplicated">{some ? size(p.deduplicated_size) : NONE}</Fact>
        <Fact name="Warnings">{count(job.warnings)}</Fact>
      </dl>
      {job.archive_name && safe && <p className="mono archive-name trunc">{job.archive_name}</p>}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Timeline({ job, plan, now }: { job: Job; plan: Plan | undefined; now: Date }) {
  const repository = useRepositoryName()(job.repository);
  const waits = waitingOf(job, jobName(job, repository), repository)?.short ?? null;
  return (
    <div className="panel-sec">
      <h3>Timeline</h3>
      <ol className="timeline">
        {timelineOf(job, plan, now, waits).map((step) => (
          <li
            key={step.name}
            data-status={step.state === "skipped" ? undefined : step.state}
            className={step.state === "skipped" ? "muted" : undefined}
          >
            {step.state === "running" ? (
              <Ring percent={step.percent ?? null} size={14} />
            ) : (
              <Icon name={step.state === "skipped" ? "minus" : STATUS_ICON[step.state]} size={14} />
            )}
            <b>{step.name}</b>
            <span className="trunc" title={step.text}>
              {step.text}
            </span>
            <span className="num">{step.time}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Command({ command }: { command: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="panel-sec command">
      <Button size="sm" kind="ghost" icon="terminal" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? "Hide command" : "Show command"}
      </Button>
      {shown && <CommandLine command={command} />}
    </div>
  );
}
