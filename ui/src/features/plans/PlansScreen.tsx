import { hrefOf } from "../../app/router";
import { useNow } from "../../app/useNow";
import { LinkButton } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { Problem } from "../../components/Problem";
import { counted } from "../../format/count";
import { when } from "../../format/time";
import type { Plan } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { hasEnded } from "../jobs/job";
import { StatusBadge } from "../jobs/Status";
import { usePlans, usePlansQuery, useSystem } from "./queries";
import { placeIcon, sourcesLine } from "./route";
import "./plans.css";

/** Every plan: what goes where, and how it went last. */
export function PlansScreen() {
  const plans = usePlans();
  const { isPending, error } = usePlansQuery();
  const sorted = [...plans].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <header className="page-head">
        <h1>Plans</h1>
        <span className="hint num">{plans.length > 0 && counted(plans.length, "plan")}</span>
        <div className="actions">{plans.length > 0 && <NewPlan />}</div>
      </header>
      <div className="scroll">
        {error ? (
          <div className="list-problem">
            <Problem live title="The plans could not be read" hints={PlatformError.from(error).hints}>
              {PlatformError.from(error).message}
            </Problem>
          </div>
        ) : isPending ? (
          <div aria-busy="true" />
        ) : plans.length === 0 ? (
          <Empty icon="plans" title="No plan yet" action={<NewPlan />}>
            A plan says which folders go into which repository, and how long their archives stay.
          </Empty>
        ) : (
          <div className="content">
            <ul className="card plan-list" aria-label="Plans">
              {sorted.map((plan) => (
                <Row key={plan.id} plan={plan} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </>
  );
}

export function NewPlan() {
  return (
    <LinkButton kind="primary" href={hrefOf({ screen: "plans", plan: "new" })}>
      <Icon name="plus" size={14} />
      New plan
    </LinkButton>
  );
}

function Row({ plan }: { plan: Plan }) {
  const now = useNow(false);
  const home = useSystem().data?.home_folder ?? "";
  const job = plan.last_job;
  const at = job && (job.started_at ?? job.created_at);
  return (
    <li>
      <a href={hrefOf({ screen: "plans", plan: plan.id })}>
        <span className="plan-what">
          <span className="strong trunc">{plan.name}</span>
          <span className="hint trunc" title={plan.sources.join("\n")}>
            {sourcesLine(plan, home)}
          </span>
        </span>
        <span className="plan-where trunc" title={plan.repository.path}>
          <Icon name={placeIcon(plan.repository.path)} size={14} />
          <span className="trunc">{plan.repository.name}</span>
        </span>
        <span className="plan-last">
          {!plan.enabled ? (
            <span className="badge">Switched off</span>
          ) : job ? (
            <>
              <StatusBadge job={job} />
              {at && hasEnded(job) && <span className="hint num nowrap">{when(at, now)}</span>}
            </>
          ) : (
            <span className="hint">No backup yet</span>
          )}
        </span>
        <Icon name="chev-r" size={14} />
      </a>
    </li>
  );
}
