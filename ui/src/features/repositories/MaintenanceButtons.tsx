import { Button } from "../../components/Button";
import type { IconName } from "../../components/icons";
import type { Plan, Repository } from "../../platform/bindings";
import { KIND_ICON } from "../jobs/job";
import { type Maintain, useStartMaintenance } from "../jobs/queries";
import { useRefresh } from "./queries";
import { whyNot } from "./upkeep";

const BUTTONS = [
  ["check", "Check now"],
  ["compact", "Compact"],
  ["prune", "Prune…"],
] as const satisfies readonly (readonly [Maintain["kind"], string])[];

/** Check, compact and prune; each says why where it cannot be pressed. Prune shows first what would go. */
export function MaintenanceButtons({
  repository,
  plans,
  busy,
  onPrune,
}: {
  repository: Repository;
  plans: readonly Plan[];
  /** A job of the repository that has not ended, by its name. */
  busy: string | undefined;
  onPrune: () => void;
}) {
  const start = useStartMaintenance();
  const refresh = useRefresh();
  return BUTTONS.map(([kind, label]) => {
    const icon: IconName = KIND_ICON[kind];
    return (
      <Button
        key={kind}
        icon={icon}
        why={whyNot(kind, repository, plans, busy) ?? (start.isPending ? "It is being started." : null)}
        onClick={() =>
          kind === "prune" ? onPrune() : start.mutate({ repository, kind }, { onSuccess: refresh })
        }
      >
        {label}
      </Button>
    );
  });
}
