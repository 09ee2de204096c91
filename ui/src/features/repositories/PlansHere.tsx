import { hrefOf } from "../../app/router";
import { LinkButton } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { when } from "../../format/time";
import type { Plan } from "../../platform/bindings";
import { hasEnded } from "../jobs/job";
import { StatusBadge } from "../jobs/Status";
import { useSystem } from "../plans/queries";
import { sourcesLine } from "../plans/route";
import "../plans/plans.css";

/** The plans that write to one repository. */
export function PlansHere({ repository, plans, now }: { repository: number; plans: Plan[]; now: Date }) {
  const home = useSystem().data?.home_folder ?? "";
  return (
    <section className="card repo-card" aria-labelledby="plans-here">
      <header>
        <h2 id="plans-here">Plans</h2>
        <LinkButton size="sm" href={hrefOf({ screen: "plans", plan: "new", repository })}>
          <Icon name="plus" size={14} />
          New plan
        </LinkButton>
      </header>
      {plans.length === 0 ? (
        <p className="card-body hint">No plan writes here. Its archives stay as they are.</p>
      ) : (
        <ul className="plans-here">
          {plans.map((plan) => {
            const job = plan.last_job;
            const at = job && hasEnded(job) && (job.started_at ?? job.created_at);
            return (
              <li key={plan.id}>
                <a href={hrefOf({ screen: "plans", plan: plan.id })}>
                  <span className="plan-what">
                    <span className="strong trunc">{plan.name}</span>
                    <span className="hint trunc" title={plan.sources.join("\n")}>
                      {sourcesLine(plan, home)}
                    </span>
                  </span>
                  <span className="plan-last">
                    {job ? <StatusBadge job={job} /> : <span className="hint">No backup yet</span>}
                    {at && <span className="hint num nowrap">{when(at, now)}</span>}
                  </span>
                  <Icon name="chev-r" size={14} />
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
