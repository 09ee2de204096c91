import { useState } from "react";
import { useNow } from "../../app/useNow";
import { Button } from "../../components/Button";
import { whenInSentence } from "../../format/time";
import type { Keep, Plan } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { Fates } from "../retention/Fates";
import { NotForeseen } from "../retention/NotForeseen";
import { useTriedRules } from "../retention/queries";
import { keepsAll, keepWords } from "./keep";

/** The rules in words, and once somebody asks, what they would do with the archives of a plan: without one, words alone. */
export function KeepPreview({ keep, plan }: { keep: Keep; plan: Plan | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div className="keep-words">
        <p className="hint" role="status">
          {keepsAll(keep) ? "All are 0: nothing is removed." : `Keeps ${keepWords(keep)}.`}
        </p>
        {plan && (
          <Button size="sm" kind="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            Preview
          </Button>
        )}
      </div>
      {plan && open && <Tried keep={keep} plan={plan} />}
    </>
  );
}

function Tried({ keep, plan }: { keep: Keep; plan: Plan }) {
  const now = useNow(false);
  const tried = useTriedRules(plan.repository.id, plan.id, keep);
  const { data, error, isFetching, readAgain } = tried;
  if (error && !isFetching) {
    return (
      <div className="keep-preview">
        <NotForeseen error={PlatformError.from(error)} repository={plan.repository} onRetry={readAgain} />
      </div>
    );
  }
  if (!data) {
    return (
      <div className="keep-preview">
        <p className="keep-wait" role="status">
          Asking Borg for the archives. Nothing is deleted by asking.
        </p>
      </div>
    );
  }
  return (
    <div className="keep-preview">
      <Fates archives={data.archives} plan={plan.name} />
      <p className="keep-read hint">
        With the archives as they were {whenInSentence(data.read_at, now)}. Nothing goes before the plan is
        saved and has run.
        <Button size="sm" kind="ghost" disabled={isFetching} onClick={readAgain}>
          {isFetching ? "Reading…" : "Read again"}
        </Button>
      </p>
    </div>
  );
}
