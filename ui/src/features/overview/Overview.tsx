import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useQueue, useQueueOutline } from "../../app/queue";
import { hrefOf } from "../../app/router";
import { useNow } from "../../app/useNow";
import { Button, LinkButton } from "../../components/Button";
import { CommandLine } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/icons";
import { Problem } from "../../components/Problem";
import { listed } from "../../format/list";
import type { Job, Plan, Status } from "../../platform/bindings";
import { isBackup } from "../jobs/job";
import { useLiveJob } from "../jobs/LiveProvider";
import { useHistory, useStartBackup } from "../jobs/queries";
import { WaitingActions } from "../jobs/Waiting";
import { PlanCard } from "../plans/PlanCard";
import { NewPlan } from "../plans/PlansScreen";
import { usePlans, useSystem } from "../plans/queries";
import { StripLegend } from "../plans/Strip";
import { daysOf } from "../plans/strip";
import { HeldPlan } from "./HeldPlan";
import { HeldPlans } from "./HeldPlans";
import { headline, sortPlans, unneededDrives } from "./headline";
import { MaintenanceCard } from "./MaintenanceCard";
import { Paused, PauseMenu } from "./Paused";
import { Recovered } from "./Recovered";
import { RunningCard } from "./RunningCard";
import "./overview.css";

export function Overview() {
  const plans = usePlans();
  const { running, waiting } = useQueueOutline();
  const history = useHistory();
  const now = useNow(false);
  const today = now.toDateString();
  const open = useMemo(() => [...running, ...waiting], [running, waiting]);
  const shown = useMemo(() => sortPlans(plans, new Date(today)), [plans, today]);
  return (
    <div className="scroll">
      <div className="content">
        <HeadlineBar plans={plans} />
        <Notices />
        <Paused />
        {plans.map(
          (plan) =>
            plan.hold && (
              <div className="notice" key={plan.id}>
                <HeldPlan plan={plan} hold={plan.hold} />
              </div>
            ),
        )}
        {running.map((job) => (
          <AtWork key={job.id} job={job} plan={plans.find((plan) => plan.id === job.plan)} />
        ))}
        {plans.length > 0 && (
          <div className="section-head">
            <h2>{plans.length === 1 ? "Plan" : "Plans"}</h2>
            <StripLegend />
            <PauseMenu />
          </div>
        )}
        <div className="plans">
          {shown.map((plan) => (
            <PlanCard key={plan.id} plan={plan} open={open} days={daysOf(plan.id, history, now)} now={now} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** A job with its figures: of this screen, what is painted again every second. */
function AtWork({ job, plan }: { job: Job; plan: Plan | undefined }) {
  const live = useLiveJob(job.id) ?? job;
  const now = useNow(true);
  return isBackup(live) ? (
    <RunningCard job={live} plan={plan} now={now} />
  ) : (
    <MaintenanceCard job={live} now={now} />
  );
}

const EMBLEM: Partial<Record<Status, IconName>> = {
  completed: "shield-check",
  running: "shield",
  pending: "shield",
};

function HeadlineBar({ plans }: { plans: Plan[] }) {
  const { running, waiting } = useQueue();
  const now = useNow(false);
  const { tone, title, text, job, start } = headline(plans, [...running, ...waiting], now);
  const unneeded = unneededDrives(plans);
  return (
    <header className="headline" data-status={tone}>
      <div className="emblem">
        <Icon name={EMBLEM[tone] ?? "shield-alert"} size={24} />
      </div>
      <div className="grow">
        <h1>{title}</h1>
        <p>{text}</p>
        {unneeded.length > 0 && (
          <p className="unplug">
            <Icon name="usb" size={14} />
            You can unplug {listed(unneeded)} now.
          </p>
        )}
      </div>
      <div className="actions">
        {plans.length === 0 && <NewPlan />}
        <HeadlineAction tone={tone} job={job} plan={start} />
      </div>
    </header>
  );
}

function HeadlineAction({ tone, job, plan }: { tone: Status; job: Job | null; plan: Plan | undefined }) {
  const start = useStartBackup();
  if (plan) {
    return (
      <Button kind="primary" icon="play" disabled={start.isPending} onClick={() => start.mutate({ plan })}>
        Back up now
      </Button>
    );
  }
  if (!job) return null;
  if (job.waiting_for) return <WaitingActions job={job} primary />;
  if (tone !== "failed") return null;
  return (
    <LinkButton kind="primary" href={hrefOf({ screen: "jobs", job: job.id })}>
      See what happened
    </LinkButton>
  );
}

/** What is wrong with this computer rather than with a plan. */
function Notices() {
  const { data } = useSystem();
  const queries = useQueryClient();
  if (!data) return null;
  return (
    <>
      {data.borg.problem && (
        <div className="notice">
          <Problem
            title="No backup can run: Borg is missing"
            actions={
              <Button size="sm" onClick={() => void queries.refetchQueries({ queryKey: ["system"] })}>
                Look again
              </Button>
            }
          >
            <p>{data.borg.problem} Backups made so far are not touched.</p>
            {data.borg.install_command && <CommandLine command={data.borg.install_command} />}
          </Problem>
        </div>
      )}
      {data.recovery && (
        <div className="notice">
          <Recovered recovery={data.recovery} />
        </div>
      )}
      {data.plans_held && (
        <div className="notice">
          <HeldPlans />
        </div>
      )}
    </>
  );
}
