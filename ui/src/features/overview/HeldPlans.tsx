import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { useReleasePlans } from "../plans/queries";

/** Plans that came back with restored records, until someone has looked at them. */
export function HeldPlans() {
  const release = useReleasePlans();
  return (
    <Problem
      tone="warnings"
      title="No backup prunes until you have looked at your plans"
      hints={release.error ? [release.error.message] : []}
      actions={
        <Button size="sm" disabled={release.isPending} onClick={() => release.mutate(undefined)}>
          The plans are right
        </Button>
      }
    >
      <p>
        They came back with older records and may keep less than you set last. Backups run; no archive is
        pruned and no space is freed after them.
      </p>
    </Problem>
  );
}
