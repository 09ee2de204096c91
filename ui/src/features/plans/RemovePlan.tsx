import { useRef, useState } from "react";
import { go } from "../../app/router";
import { Button } from "../../components/Button";
import { QuestionDialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Plan } from "../../platform/bindings";
import { useRemovePlan } from "./queries";

/** Removes a plan after asking; what it made stays. */
export function RemovePlan({ plan, onRemoved }: { plan: Plan; onRemoved: () => void }) {
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const { remove, pending, error, reset } = useRemovePlan();
  const close = () => {
    setAsking(false);
    reset();
  };
  return (
    <>
      <Button kind="danger-quiet" onClick={() => setAsking(true)}>
        Remove plan…
      </Button>
      <QuestionDialog
        open={asking}
        onClose={close}
        title={`Remove the plan ${plan.name}?`}
        initialFocus={keep}
        foot={
          <>
            <Button ref={keep} size="lg" onClick={close}>
              Keep plan
            </Button>
            <Button
              size="lg"
              kind="danger"
              disabled={pending}
              onClick={() =>
                remove(plan.id, () => {
                  onRemoved();
                  toastDone(`${plan.name} is removed`);
                  go({ screen: "plans", plan: null });
                })
              }
            >
              Remove plan
            </Button>
          </>
        }
      >
        <p>
          Its archives in {plan.repository.name} stay, and so does the history of its jobs. Nothing is backed
          up by it any more.
        </p>
        {error && (
          <Problem live title={`${plan.name} is in use`} hints={error.hints}>
            {error.message}
          </Problem>
        )}
      </QuestionDialog>
    </>
  );
}
