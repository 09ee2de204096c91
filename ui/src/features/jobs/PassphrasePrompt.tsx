import { useState } from "react";
import { useQueueOutline } from "../../app/queue";
import { useRepositoryName } from "../plans/queries";
import { jobName } from "./job";
import { PassphraseDialog } from "./PassphraseDialog";

/** Opens by itself when a job waits for a passphrase; once closed it stays closed for that job. */
export function PassphrasePrompt() {
  const { running, waiting } = useQueueOutline();
  const nameOf = useRepositoryName();
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const job = [...running, ...waiting].find(
    (each) => each.waiting_for === "passphrase" && !closed.has(each.id),
  );
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
