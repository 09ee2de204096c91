import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { toastError } from "../../components/toasts";
import type { BackupJobs, Job, JobKind, Plan, Repository, Status } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { type Args, PlatformError } from "../../platform/platform";
import { isBackup, jobNoun } from "./job";
import { useJobsOutline, useLiveJob, useLiveJobs } from "./LiveProvider";

export interface JobFilter {
  kind: JobKind | null;
  status: Status | null;
  trigger: "manual" | "schedule" | null;
  repository: string | null;
}

const PAGE = 200;

/** The engine does not know the trigger as a filter: `matches` does. */
function listArgs(filter: JobFilter, before: number | null): Args<"list_jobs"> {
  return {
    limit: PAGE,
    ...(filter.kind && { kind: filter.kind }),
    ...(filter.status && { status: filter.status }),
    ...(filter.repository && { repository: filter.repository }),
    ...(before !== null && { before_id: before }),
  };
}

function matches(job: Job, filter: JobFilter): boolean {
  return (
    (!filter.kind || job.kind === filter.kind) &&
    (!filter.status || job.status === filter.status) &&
    (!filter.trigger || job.triggered_by === filter.trigger) &&
    (!filter.repository || job.repository === filter.repository)
  );
}

/** The history, newest first, page by page, each job as the engine last told of it. */
export function useJobs(filter: JobFilter) {
  const platform = usePlatform();
  const live = useLiveJobs();
  const query = useInfiniteQuery({
    queryKey: ["jobs", filter],
    queryFn: async ({ pageParam }) => (await platform.call("list_jobs", listArgs(filter, pageParam))).jobs,
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < PAGE ? undefined : (last.at(-1)?.id ?? undefined)),
    placeholderData: (old) => old,
  });
  const jobs = useMemo(() => {
    const pages = query.data?.pages.flat() ?? [];
    return pages.map((job) => live.get(job.id) ?? job).filter((job) => matches(job, filter));
  }, [query.data, live, filter]);
  return { ...query, jobs };
}

/** One job: as the engine last told of it, else asked for. */
export function useJob(id: number | undefined): { job: Job | undefined; error: PlatformError | null } {
  const platform = usePlatform();
  const live = useLiveJob(id);
  const query = useQuery({
    queryKey: ["job", id],
    queryFn: () => platform.call("get_backup_status", { job_id: id ?? 0 }),
    enabled: id !== undefined && live === undefined,
  });
  return { job: live ?? query.data, error: query.error ? PlatformError.from(query.error) : null };
}

const HISTORY_DAYS = 31;

/** Every backup of the last month, for the 30-day strips, without figures that move. */
export function useHistory() {
  const platform = usePlatform();
  const live = useJobsOutline();
  const query = useQuery({
    queryKey: ["history"],
    queryFn: async () => {
      const oldest = platform.now().getTime() - HISTORY_DAYS * 86_400_000;
      const all: Job[] = [];
      for (let before: number | null = null; ; ) {
        const { jobs }: BackupJobs = await platform.call("list_backup_jobs", {
          limit: 1000,
          ...(before !== null && { before_id: before }),
        });
        all.push(...jobs);
        const last: Job | undefined = jobs.at(-1);
        if (jobs.length < 1000 || !last || new Date(last.created_at).getTime() < oldest) return all;
        before = last.id;
      }
    },
  });
  return useMemo(() => {
    const asked = query.data ?? [];
    const known = new Set(asked.map((job) => job.id));
    return [
      ...[...live.values()].filter((job) => isBackup(job) && !known.has(job.id)),
      ...asked.map((job) => live.get(job.id) ?? job),
    ];
  }, [query.data, live]);
}

/** Starts a plan, or tries one of its jobs again; an error becomes a toast that stays. */
export function useStartBackup() {
  const platform = usePlatform();
  return useMutation({
    mutationFn: ({ plan, retryOf }: { plan: Plan; retryOf?: Job | undefined }) =>
      platform.call("start_backup", {
        repository: plan.repository.path,
        plan: plan.id,
        ...(retryOf && { retry_of: retryOf.id }),
      }),
    onError: (error, { plan }) => toastError(`${plan.name} did not start`, PlatformError.from(error)),
  });
}

/** What of a repository is to be maintained; of a prune also whose archives. */
export interface Maintain {
  repository: Repository;
  kind: Exclude<JobKind, "backup">;
  plan?: number | null;
  retryOf?: Job;
}

/** Starts maintenance by itself; an error becomes a toast that stays. */
export function useStartMaintenance() {
  const platform = usePlatform();
  return useMutation({
    mutationFn: ({ repository, kind, plan, retryOf }: Maintain) =>
      platform.call("start_maintenance", {
        repository_id: repository.id,
        kind,
        ...(plan && { plan }),
        ...(retryOf && { retry_of: retryOf.id }),
      }),
    onError: (error, { repository, kind }) =>
      toastError(`The ${kind} of ${repository.name} did not start`, PlatformError.from(error)),
  });
}

/** Lets a waiting job go on; `confirm` answers yes to what Borg asks. */
export function useResumeBackup() {
  const platform = usePlatform();
  return useMutation({
    mutationFn: ({ job, confirm }: { job: Job; confirm?: boolean }) =>
      platform.call("resume_backup", { job_id: job.id, ...(confirm && { confirm }) }),
    onError: (error, { job }) => toastError(`The ${jobNoun(job)} did not go on`, PlatformError.from(error)),
  });
}

/** Has a job that waits for its turn be the next one of its repository. */
export function useRunNext() {
  const platform = usePlatform();
  return useMutation({
    mutationFn: (job: Job) => platform.call("move_job", { job_id: job.id, position: 1 }),
    onError: (error, job) => toastError(`The ${jobNoun(job)} was not moved`, PlatformError.from(error)),
  });
}

export function useCancelBackup() {
  const platform = usePlatform();
  return useMutation({
    mutationFn: (job: Job) => platform.call("cancel_backup", { job_id: job.id }),
    onError: (error, job) => toastError(`The ${jobNoun(job)} was not cancelled`, PlatformError.from(error)),
  });
}
