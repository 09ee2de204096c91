import { go, hrefOf } from "../../app/router";
import { Button, IconButton, LinkButton } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { Menu, MenuItem } from "../../components/Menu";
import { capitalized } from "../../format/case";
import { wordDuration } from "../../format/duration";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { clockTime, upcoming, when } from "../../format/time";
import type { Job, Plan, WaitingFor } from "../../platform/bindings";
import { backupSeconds, hasEnded, jobName } from "../jobs/job";
import { MaintenanceBadge } from "../jobs/MaintenanceBadge";
import { useCancelBackup, useRunNext, useStartBackup } from "../jobs/queries";
import { StatusBadge } from "../jobs/Status";
import { WaitingActions } from "../jobs/Waiting";
import { waitingOf } from "../jobs/waiting";
import { conditionWords } from "./conditions";
import { usePausedUntil, useSystem } from "./queries";
import { placeIcon, sourcesLine } from "./route";
import { Strip } from "./Strip";
import type { Day } from "./strip";
import "./plan.css";

/** A plan: what goes where, how the last month went, and the one next step. */
export function PlanCard({ plan, open, days, now }: { plan: Plan; open: Job[]; days: Day[]; now: Date }) {
  const system = useSystem();
  const sources = sourcesLine(plan, system.data?.home_folder ?? "");
  const job = plan.last_job;
  return (
    <article className="card plan" aria-label={plan.name}>
      <div className="name">
        <h3 className="trunc">{plan.name}</h3>
        <span className="end" />
        {job && <StatusBadge job={job} />}
        <PlanMenu plan={plan} />
      </div>
      <div className="route" title={`${plan.sources.join("\n")}\n→ ${plan.repository.path}`}>
        <Icon name="folder" size={14} />
        <span className="trunc">{sources}</span>
        <span className="to">
          <Icon name="arrow-r" size={12} />
        </span>
        <Icon name={placeIcon(plan.repository.path)} size={14} />
        <span className="nowrap">{plan.repository.name}</span>
        <span className="end" />
        {job && <MaintenanceBadge job={job} />}
      </div>
      <Strip days={days} now={now} name={plan.name} />
      <div className="foot">
        <Facts plan={plan} open={open} now={now} />
        <NextStep plan={plan} />
      </div>
    </article>
  );
}

function Facts({ plan, open, now }: { plan: Plan; open: Job[]; now: Date }) {
  const pause = usePausedUntil();
  const { last_job: job, last_good: good } = plan;
  const broken = job?.status === "failed" || (job?.status === "cancelled" && job.started_at !== null);
  const took = good && backupSeconds(good);
  const facts: [string, string][] = [
    [
      broken ? "Last good backup" : "Last backup",
      good ? when(good.started_at ?? good.created_at, now) : NONE,
    ],
  ];
  const waiting = plan.waiting_for;
  if (waiting) {
    facts.push(["Waits for", conditionWords(waiting, plan.repository.name)]);
    facts.push(["Due since", when(waiting.since, now)]);
  } else if (broken && job) {
    facts.push(["Last attempt", when(job.started_at ?? job.created_at, now)]);
    facts.push(["Kept", job.kept_until ? `Up to ${clockTime(job.kept_until)}` : "Nothing new"]);
  } else if (job?.waiting_for) {
    facts.push(["Now", waitsFor(job, plan.repository.name, open)]);
  } else {
    const added =
      good && `${size(good.progress_details.deduplicated_size)}${took ? ` in ${rounded(took)}` : ""}`;
    facts.push(["Added", added || NONE]);
    const waits = job && !hasEnded(job) && !job.active ? waitsFor(job, plan.repository.name, open) : null;
    const next = plan.enabled ? plan.schedule?.next_runs[0] : undefined;
    if (waits) facts.push(["Next", waits]);
    else if (next)
      facts.push([
        "Next",
        capitalized(upcoming(pause && new Date(pause) > new Date(next) ? pause : next, now)),
      ]);
    else facts.push(["Size", good ? size(good.progress_details.original_size) : NONE]);
  }
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Minutes are enough beside a size. */
const rounded = (seconds: number) => wordDuration(seconds < 60 ? seconds : Math.round(seconds / 60) * 60);

/** What a waiting job waits for, by the name of the thing. */
function waitsFor(job: Job, repository: string, open: Job[]): string {
  const waiting = waitingOf(job, jobName(job, repository), repository);
  if (waiting) return waiting.short;
  const before = open.find((other) => other.active && other.repository === job.repository);
  if (before) return `After ${jobName(before, "the job before it")}`;
  return job.queue_position === 1 ? "Next in the queue" : "Starts soon";
}

/** What is answered in the details of the job. */
const IN_DETAILS: readonly WaitingFor[] = ["question", "host_key", "keyring"];

function NextStep({ plan }: { plan: Plan }) {
  const start = useStartBackup();
  const cancel = useCancelBackup();
  const job = plan.last_job;
  if (job?.active) return null;
  // An answer needs its question, or the keyring.
  if (job?.waiting_for && IN_DETAILS.includes(job.waiting_for)) {
    return (
      <LinkButton size="sm" href={hrefOf({ screen: "jobs", job: job.id })}>
        Answer…
      </LinkButton>
    );
  }
  if (job?.waiting_for) return <WaitingActions job={job} size="sm" />;
  if (job && !hasEnded(job)) {
    return (
      <Button size="sm" disabled={cancel.isPending} onClick={() => cancel.mutate(job)}>
        Skip this run
      </Button>
    );
  }
  const failed = job?.status === "failed" ? job : undefined;
  return (
    <Button
      size="sm"
      disabled={!plan.enabled || start.isPending}
      onClick={() => start.mutate({ plan, retryOf: failed })}
    >
      {failed ? "Try again" : "Back up now"}
    </Button>
  );
}

function PlanMenu({ plan }: { plan: Plan }) {
  const start = useStartBackup();
  const runNext = useRunNext();
  const busy = plan.last_job !== null && !hasEnded(plan.last_job);
  return (
    <Menu trigger={<IconButton label={`More actions for ${plan.name}`} icon="more" kind="ghost" size="sm" />}>
      <MenuItem icon="play" disabled={busy || !plan.enabled} onClick={() => start.mutate({ plan })}>
        Back up now
      </MenuItem>
      {plan.last_job && (plan.last_job.queue_position ?? 0) > 1 && (
        <MenuItem icon="arrow-r" onClick={() => plan.last_job && runNext.mutate(plan.last_job)}>
          Run next
        </MenuItem>
      )}
      <MenuItem
        icon="jobs"
        disabled={!plan.last_job}
        onClick={() => plan.last_job && go({ screen: "jobs", job: plan.last_job.id })}
      >
        Show last job
      </MenuItem>
      <MenuItem icon="plans" onClick={() => go({ screen: "plans", plan: plan.id })}>
        Change plan
      </MenuItem>
    </Menu>
  );
}
