import { useQueueOutline } from "../../app/queue";
import { go } from "../../app/router";
import type { Job, Plan } from "../../platform/bindings";
import { useRepositories } from "../plans/queries";
import { useStartBackup, useStartMaintenance } from "./queries";

/** Starts what a job was for once more and shows it; null where that is under way, or what it needs is gone. */
export function useTryAgain(
  job: Job,
  plan: Plan | undefined,
): { again: (() => void) | null; pending: boolean } {
  const backup = useStartBackup();
  const maintenance = useStartMaintenance();
  const { running, waiting } = useQueueOutline();
  const repository = useRepositories().data?.find((each) => each.path === job.repository);
  const { kind } = job;
  const show = { onSuccess: ({ job_id }: { job_id: number }) => go({ screen: "jobs", job: job_id }) };
  const underWay = [...running, ...waiting].some(
    (other) => other.kind === kind && other.plan === job.plan && other.repository === job.repository,
  );
  const start = (): (() => void) | null => {
    if (underWay) return null;
    if (kind === "backup") return plan ? () => backup.mutate({ plan, retryOf: job }, show) : null;
    const possible = kind === "check" || !repository?.append_only;
    if (!repository || !possible || (kind === "prune" && !plan)) return null;
    return () => maintenance.mutate({ repository, kind, plan: job.plan, retryOf: job }, show);
  };
  return { again: start(), pending: backup.isPending || maintenance.isPending };
}
