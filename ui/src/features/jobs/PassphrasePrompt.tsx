import { useState } from "react";
import { useQueueOutline } from "../../app/queue";
import { useRepositoryName } from "../plans/queries";
import { jobName } from "./job";
import { PassphraseDialog } from "./PassphraseDialog";

/**
 * Opens by itself when a job waits for a passphrase; once closed it stays closed for that job. One that is open stays
 * with its job, whichever asks meanwhile: somebody types.
 */
export function PassphrasePrompt() {
  const { running, waiting } = useQueueOutline();
  const nameOf = useRepositoryName();
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState<number>();
  const asking = [...running, ...waiting].filter(
    (each) => each.waiting_for === "passphrase" && !closed.has(each.id),
  );
  const job = asking.find((each) => each.id === shown) ?? asking[0];
  if (job?.id !== shown) setShown(job?.id);
  if (!job) return null;
  return (
    <PassphraseDialog
      key={job.id}
      location={job.repository}
      what={jobName(job, nameOf(job.repository))}
      onClose={() => setClosed(new Set(closed).add(job.id))}
    />
  );
}
