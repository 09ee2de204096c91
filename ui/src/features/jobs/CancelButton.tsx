import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { QuestionDialog } from "../../components/Dialog";
import { size } from "../../format/size";
import { clockTime } from "../../format/time";
import type { Job, JobKind } from "../../platform/bindings";
import { isSafe, jobNoun, PHASE_LABEL, PHASES_OF_MAINTENANCE } from "./job";
import { useCancelBackup } from "./queries";

/** Stops a job after asking; a job that has not begun is taken out of the queue at once. */
export function CancelButton({ job, name }: { job: Job; name: string }) {
  // What the question is about: it goes when the backup becomes safe, so that no answer means something else.
  const [asking, setAsking] = useState<"job" | "maintenance" | null>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const cancel = useCancelBackup();
  const stopping = job.cancelling || cancel.isPending;
  const noun = jobNoun(job);
  if (!job.active) {
    return (
      <Button size="sm" disabled={stopping} onClick={() => cancel.mutate(job)}>
        Skip this {job.kind === "backup" ? "run" : noun}
      </Button>
    );
  }
  const safe = isSafe(job);
  const subject = safe ? "maintenance" : "job";
  const step = PHASES_OF_MAINTENANCE.includes(job.phase)
    ? PHASE_LABEL[job.phase].toLowerCase()
    : "maintenance";
  return (
    <>
      <Button size="sm" disabled={stopping} onClick={() => setAsking(subject)}>
        {stopping ? "Cancelling…" : "Cancel"}
      </Button>
      <QuestionDialog
        // A job that ends by itself takes its question along.
        open={asking === subject && !stopping}
        onClose={() => setAsking(null)}
        title={safe ? `Stop ${step}?` : `Cancel this ${noun}?`}
        initialFocus={keep}
        foot={
          <>
            <Button ref={keep} size="lg" onClick={() => setAsking(null)}>
              Keep running
            </Button>
            <Button
              size="lg"
              kind="primary"
              onClick={() => {
                setAsking(null);
                cancel.mutate(job);
              }}
            >
              {safe ? `Stop ${step}` : `Cancel ${noun}`}
            </Button>
          </>
        }
      >
        {safe
          ? `The archive of ${name} is safe. ${name} is tidied up after the next backup.`
          : job.kind === "backup"
            ? consequence(job)
            : LEAVES[job.kind]}
      </QuestionDialog>
    </>
  );
}

/** What is left of maintenance that is stopped half-way. */
const LEAVES: Record<Exclude<JobKind, "backup">, string> = {
  check: "A check changes nothing. The next one begins anew.",
  compact: "Space that is freed already stays free, and every archive stays whole.",
  prune: "Archives that are deleted already stay deleted. All others stay whole.",
};

function consequence(job: Job): string {
  const stored = job.progress_details.deduplicated_size;
  if (stored === 0) return "Nothing has been stored yet.";
  const kept = job.kept_until ? ` Kept for certain: up to ${clockTime(job.kept_until)}.` : "";
  return `Borg writes a checkpoint before it stops, so the next backup continues from the ${size(stored)} stored so far.${kept}`;
}
