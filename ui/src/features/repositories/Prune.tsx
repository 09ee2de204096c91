import { useId, useRef, useState } from "react";
import { useNow } from "../../app/useNow";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { Select } from "../../components/Select";
import { count, counted } from "../../format/count";
import type { Plan, PrunedArchive, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { prunes } from "../jobs/job";
import { PassphraseDialog } from "../jobs/PassphraseDialog";
import { useStartMaintenance } from "../jobs/queries";
import { keepWords } from "../plans/keep";
import { WANTS_PASSPHRASE } from "./health";
import { PruneTable } from "./PruneTable";
import { usePrunePreview, useRefresh } from "./queries";
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
  const goes = archives?.filter(({ deleted }) => deleted).length ?? 0;
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
        {chosen.name} keeps the newest of {keepWords(chosen.keep)}.
        {chosen.compact && " Compact follows and gives the space back."}
      </p>
      {archives ? (
        <Preview key={chosen.id} archives={archives} goes={goes} plan={chosen.name} />
      ) : error && !isFetching ? (
        <NotKnown error={PlatformError.from(error)} repository={repository} onRetry={() => void refetch()} />
      ) : (
        <p className="prune-wait" role="status">
          Asking Borg what would go. Nothing is deleted by asking.
        </p>
      )}
    </FormDialog>
  );
}

function Preview({ archives, goes, plan }: { archives: PrunedArchive[]; goes: number; plan: string }) {
  const now = useNow(false);
  const title = useId();
  const [shown, setShown] = useState<"all" | "goes" | "stays">("all");
  const stays = archives.length - goes;
  if (archives.length === 0) return <p className="prune-wait">{plan} has made no archive yet.</p>;
  const rows = shown === "all" ? archives : archives.filter(({ deleted }) => deleted === (shown === "goes"));
  return (
    <>
      <div className="prune-counts">
        <p id={title} role="status">
          {goes === 0 ? (
            <>
              <b>Nothing is due to go.</b> {stays === 1 ? "The one archive" : `All ${count(stays)} archives`}{" "}
              {stays === 1 ? "stays." : "stay."}
            </>
          ) : (
            <>
              <b>{counted(goes, "archive goes", "archives go")}</b>, {count(stays)}{" "}
              {stays === 1 ? "stays" : "stay"}.
            </>
          )}
        </p>
        {goes > 0 && stays > 0 && (
          <Segmented
            labelledBy={title}
            value={shown}
            choices={[
              ["all", "All"],
              ["goes", "Goes"],
              ["stays", "Stays"],
            ]}
            onChange={setShown}
          />
        )}
      </div>
      <PruneTable archives={rows} now={now} />
    </>
  );
}

function NotKnown({
  error,
  repository,
  onRetry,
}: {
  error: PlatformError;
  repository: Repository;
  onRetry: () => void;
}) {
  const [unlocking, setUnlocking] = useState(false);
  const locked = WANTS_PASSPHRASE.includes(error.code);
  return (
    <>
      <Problem
        live
        title="What would go is not known"
        hints={error.hints}
        actions={
          <Button size="sm" onClick={() => (locked ? setUnlocking(true) : onRetry())}>
            {locked ? "Enter passphrase…" : "Try again"}
          </Button>
        }
      >
        {error.message} Nothing was deleted.
      </Problem>
      {unlocking && (
        <PassphraseDialog
          location={repository.path}
          what="The preview"
          onClose={() => setUnlocking(false)}
          onUnlocked={onRetry}
        />
      )}
    </>
  );
}
