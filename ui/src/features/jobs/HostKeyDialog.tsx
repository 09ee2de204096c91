import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Button } from "../../components/Button";
import { ChangedKey } from "../../components/ChangedKey";
import { CommandLine } from "../../components/CopyButton";
import { FormDialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import type { ConnectionReport, Job } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { useRepositoryName } from "../plans/queries";

/** Shows the key of a server nobody has approved yet; once approved, the job that waits for it goes on. */
export function HostKeyDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const platform = usePlatform();
  const repository = useRepositoryName()(job.repository);
  const close = useRef<HTMLButtonElement>(null);
  const asked = useQuery({
    queryKey: ["host-key", job.repository],
    queryFn: () => platform.call("test_connection", { repository: job.repository }),
    // A key is looked at as it is now.
    gcTime: 0,
    staleTime: 0,
  });
  const key = asked.data?.host_key ?? null;
  const mayApprove = key !== null && key.expected === null;
  const approve = useMutation({
    mutationFn: async (fingerprint: string) => {
      await platform.call("trust_host_key", { repository: job.repository, fingerprint });
      await platform.call("resume_backup", { job_id: job.id });
    },
    onSuccess: onClose,
  });
  const error = approve.error ?? asked.error;
  const known = error && PlatformError.from(error);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`The server of ${repository}`}
      initialFocus={close}
      onSubmit={() => key && mayApprove && approve.mutate(key.fingerprint)}
      foot={
        <>
          <Button ref={close} size="lg" onClick={onClose}>
            Not now
          </Button>
          {mayApprove ? (
            <Button size="lg" kind="primary" type="submit" disabled={approve.isPending}>
              {approve.isPending ? "Approving…" : "Approve and go on"}
            </Button>
          ) : (
            <Button size="lg" disabled={asked.isFetching} onClick={() => void asked.refetch()}>
              Ask again
            </Button>
          )}
        </>
      }
    >
      {asked.isFetching && <p role="status">Asking the server for its key…</p>}
      {asked.data && !asked.isFetching && <Answer report={asked.data} />}
      {known && (
        <Problem live title="That did not work" hints={known.hints}>
          {known.message}
        </Problem>
      )}
    </FormDialog>
  );
}

function Answer({ report }: { report: ConnectionReport }) {
  const key = report.host_key;
  if (key?.expected) {
    return <ChangedKey shown={key.fingerprint} expected={key.expected} />;
  }
  if (key) {
    return (
      <>
        <p>
          It shows this key ({key.kind}). Compare it with the one your provider or the server’s owner names;
          if they differ, do not approve it.
        </p>
        <CommandLine command={key.fingerprint} label="Copy fingerprint" />
      </>
    );
  }
  const failed = report.steps.find((step) => step.state === "failed");
  return (
    <Problem live title="The server shows no key" hints={failed?.hint ? [failed.hint] : []}>
      {failed?.sentence ?? "It did not get that far."}
    </Problem>
  );
}
