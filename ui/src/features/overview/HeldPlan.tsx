import { hrefOf } from "../../app/router";
import { Button, LinkButton } from "../../components/Button";
import { Problem } from "../../components/Problem";
import type { Collapse, Plan, PlanHold } from "../../platform/bindings";
import { useReleasePlans } from "../plans/queries";

const TITLE: Record<Collapse, string> = {
  files_gone: "many files are gone",
  nearly_all_changed: "nearly all files changed at once",
};

/** A plan whose last backups show that something happened to its files, until someone has looked. */
export function HeldPlan({ plan, hold }: { plan: Plan; hold: PlanHold }) {
  const release = useReleasePlans();
  return (
    <Problem
      tone="warnings"
      title={`${plan.name}: ${TITLE[hold.collapse]}`}
      hints={release.error ? [release.error.message] : []}
      actions={
        <>
          <LinkButton size="sm" href={hrefOf({ screen: "jobs", job: hold.job_id })}>
            See the job
          </LinkButton>
          <Button size="sm" disabled={release.isPending} onClick={() => release.mutate(plan.id)}>
            That is as it should be
          </Button>
        </>
      }
    >
      <p>{hold.message}</p>
    </Problem>
  );
}
