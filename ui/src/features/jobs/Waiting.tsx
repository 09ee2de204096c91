import { useState } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { PathText } from "../../components/PathText";
import type { Job, WaitingFor } from "../../platform/bindings";
import { useRepositoryName } from "../plans/queries";
import { HostKeyDialog } from "./HostKeyDialog";
import { jobName, jobNoun } from "./job";
import { PassphraseDialog } from "./PassphraseDialog";
import { useCancelBackup, useResumeBackup } from "./queries";
import { lockPath, waitingOf } from "./waiting";

/** What a waiting job asks of the person, as buttons. One that waits for a lock can only be cancelled. */
export function WaitingActions({
  job,
  size,
  primary = false,
}: {
  job: Job;
  size?: "sm" | "md";
  /** Whether this is the next step of its view. */
  primary?: boolean;
}) {
  const [asking, setAsking] = useState(false);
  const name = jobName(job, useRepositoryName()(job.repository));
  const resume = useResumeBackup();
  const cancel = useCancelBackup();
  const kind = primary ? "primary" : "default";
  const cancelButton = (
    <Button {...(size && { size })} disabled={cancel.isPending} onClick={() => cancel.mutate(job)}>
      Cancel {jobNoun(job)}
    </Button>
  );
  switch (job.waiting_for) {
    case "passphrase":
      return (
        <>
          <Button {...(size && { size })} kind={kind} icon="key" onClick={() => setAsking(true)}>
            Enter passphrase…
          </Button>
          {asking && (
            <PassphraseDialog location={job.repository} what={name} onClose={() => setAsking(false)} />
          )}
        </>
      );
    case "keyring":
      return (
        <>
          <Button
            {...(size && { size })}
            kind={kind}
            icon="key"
            disabled={resume.isPending}
            onClick={() => resume.mutate({ job })}
          >
            Unlock keyring…
          </Button>
          <Button {...(size && { size })} onClick={() => setAsking(true)}>
            Enter passphrase…
          </Button>
          {cancelButton}
          {asking && (
            <PassphraseDialog location={job.repository} what={name} onClose={() => setAsking(false)} />
          )}
        </>
      );
    case "question":
      // Neither answer is the one to press without reading.
      return (
        <>
          <Button
            {...(size && { size })}
            disabled={resume.isPending}
            onClick={() => resume.mutate({ job, confirm: true })}
          >
            Yes, go on
          </Button>
          {cancelButton}
        </>
      );
    case "host_key":
      return (
        <>
          <Button {...(size && { size })} kind={kind} icon="key" onClick={() => setAsking(true)}>
            Look at its key…
          </Button>
          {cancelButton}
          {asking && <HostKeyDialog job={job} onClose={() => setAsking(false)} />}
        </>
      );
    case "lock":
      return cancelButton;
    default:
      return null;
  }
}

const WITH_KEY: readonly WaitingFor[] = ["passphrase", "keyring", "host_key"];

/** In the details of a job: what it waits for, why, and the way on. */
export function WaitingBox({ job }: { job: Job }) {
  const repository = useRepositoryName()(job.repository);
  const waiting = waitingOf(job, jobName(job, repository), repository);
  if (!waiting) return null;
  const lock = waiting.for === "lock" ? lockPath(job) : null;
  return (
    <div className="panel-problem">
      <Callout
        icon={WITH_KEY.includes(waiting.for) ? "key" : "st-pending"}
        tone="pending"
        title={waiting.title}
      >
        <p>{waiting.text}</p>
        {lock && (
          <p className="mono lock-path">
            <PathText path={lock} />
          </p>
        )}
        <div className="row callout-actions">
          <WaitingActions job={job} size="sm" primary />
        </div>
      </Callout>
    </div>
  );
}
