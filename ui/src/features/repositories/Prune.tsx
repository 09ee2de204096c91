import { useId, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Select } from "../../components/Select";
import { counted } from "../../format/count";
import type { Plan, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { prunes } from "../jobs/job";
import { useStartMaintenance } from "../jobs/queries";
import { keepWords } from "../plans/keep";
import { Fates, withFate } from "../retention/Fates";
import { NotForeseen } from "../retention/NotForeseen";
import { usePrunePreview } from "../retention/queries";
import { useRefresh } from "./queries";
import "./prune.css";

/** Shows what a prune would delete, and why the rest stays, before anything goes. */
export function Prune({
  repository,
  plans,
  onClose,
}: {
  repository: Repository;
  plans: readonly Plan[];
  onClose: () => void;
}) {
  const choices = plans.filter(prunes);
  const [chosen, setChosen] = useState(() => choices.find((plan) => plan.is_default) ?? choices[0]);
  const { data, error, isFetching, refetch } = usePrunePreview(repository.id, chosen?.id ?? 0);
  const start = useStartMaintenance();
  const refresh = useRefresh();
  const keep = useRef<HTMLButtonElement>(null);
  const field = useId();
  const archives = isFetching ? null : (data?.archives ?? null);
  const goes = withFate(archives ?? [], "goes").length;
  if (!chosen) return null;
  return (
    <FormDialog
      open
      wide
      onClose={onClose}
      title={`Prune ${repository.name}`}
      initialFocus={keep}
      foot={
        <>
          <Button ref={keep} size="lg" onClick={onClose}>
            {goes > 0 ? "Keep all archives" : "Close"}
          </Button>
          {goes > 0 && (
            <Button
              size="lg"
              kind="danger"
              disabled={start.isPending}
              onClick={() =>
                start.mutate(
                  { repository, kind: "prune", plan: chosen.id },
                  {
                    onSuccess: () => {
                      void refresh();
                      onClose();
                    },
                  },
                )
              }
            >
              Delete {counted(goes, "archive")}
            </Button>
          )}
        </>
      }
    >
      {choices.length > 1 && (
        <div className="prune-plan">
          <label htmlFor={field}>Archives of the plan</label>
          <Select
            id={field}
            value={`${chosen.id}`}
            choices={choices.map((plan) => [`${plan.id}`, plan.name] as const)}
            onChange={(id) => setChosen(choices.find((plan) => `${plan.id}` === id))}
          />
        </div>
      )}
      <p className="hint">
        {chosen.name} keeps {keepWords(chosen.keep)}.
        {chosen.compact && " Compact follows and gives the space back."}
      </p>
      {archives ? (
        <Fates key={chosen.id} archives={archives} plan={chosen.name} />
      ) : error && !isFetching ? (
        <NotForeseen
          error={PlatformError.from(error)}
          repository={repository}
          onRetry={() => void refetch()}
        />
      ) : (
        <p className="prune-wait" role="status">
          Asking Borg what would go. Nothing is deleted by asking.
        </p>
      )}
    </FormDialog>
  );
}
