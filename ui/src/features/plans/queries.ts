import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { lastPart } from "../../format/path";
import type { PauseSchedules, Plan } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { type Platform, PlatformError } from "../../platform/platform";
import { useJobsOutline } from "../jobs/LiveProvider";
import { changeArgs, createArgs, type PlanForm } from "./form";

export function usePlansQuery() {
  const platform = usePlatform();
  return useQuery({ ...listOfPlans(platform), select: ({ plans }) => plans });
}

const listOfPlans = (platform: Platform) => ({
  queryKey: ["plans"],
  queryFn: () => platform.call("list_plans", {}),
});

/** Until when no plan runs by itself; null: they do. It may be over since. */
export function usePausedUntil(): string | null {
  const platform = usePlatform();
  const { data } = useQuery({ ...listOfPlans(platform), select: ({ paused_until }) => paused_until });
  return data ?? null;
}

export function usePauseSchedules() {
  const platform = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (length: PauseSchedules["length"]) => platform.call("pause_schedules", { length }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plans"] }),
  });
}

export function useResumeSchedules() {
  const platform = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => platform.call("resume_schedules", {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plans"] }),
  });
}

/** The plans, their last job as the engine last told of it, without figures that move. */
export function usePlans(): Plan[] {
  const { data } = usePlansQuery();
  const live = useJobsOutline();
  return useMemo(
    () =>
      (data ?? []).map((plan) => ({
        ...plan,
        last_job: plan.last_job && (live.get(plan.last_job.id) ?? plan.last_job),
      })),
    [data, live],
  );
}

export function useSystem() {
  const platform = usePlatform();
  return useQuery({ queryKey: ["system"], queryFn: () => platform.call("get_system", {}) });
}

export function useRepositories() {
  const platform = usePlatform();
  return useQuery({
    queryKey: ["repositories"],
    queryFn: async () => (await platform.call("list_repositories", {})).repositories,
  });
}

const withoutSlash = (path: string) => path.replace(/\/+$/, "");

/** Names a location as the person did. */
export function useRepositoryName(): (location: string) => string {
  const { data } = useRepositories();
  return useMemo(() => {
    const names = new Map((data ?? []).map((r) => [withoutSlash(r.path), r.name]));
    return (location) => names.get(withoutSlash(location)) ?? lastPart(location);
  }, [data]);
}

/** Makes the plan, or changes the one with this number; the list is read again before `onSaved`. */
export function useSavePlan() {
  const platform = usePlatform();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ form, id, before }: { form: PlanForm; id: number | null; before: PlanForm }) =>
      id === null
        ? platform.call("create_plan", createArgs(form, form.repository ?? 0))
        : platform.call("change_plan", changeArgs(form, id, before)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plans"] }),
  });
  const error = useMemo(() => (mutation.error ? PlatformError.from(mutation.error) : null), [mutation.error]);
  return {
    save: (form: PlanForm, id: number | null, before: PlanForm, onSaved: () => void) =>
      mutation.mutate({ form, id, before }, { onSuccess: onSaved }),
    pending: mutation.isPending,
    error,
  };
}

/** Says that a plan which is held is right, or all that came back with restored records. */
export function useReleasePlans() {
  const platform = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (plan: number | undefined) =>
      platform.call("release_plans", plan === undefined ? {} : { plan }),
    onSuccess: (_, plan) =>
      queries.invalidateQueries({ queryKey: [plan === undefined ? "system" : "plans"] }),
  });
}

/** When a plan of this cron line would run next; nothing while there is none, or the engine does not take it. */
export function useSchedulePreview(cron: string | null, zone: string | null) {
  const platform = usePlatform();
  const query = useQuery({
    queryKey: ["schedule", cron, zone],
    queryFn: () => platform.call("preview_schedule", { cron: cron ?? "", ...(zone && { time_zone: zone }) }),
    enabled: cron !== null,
    retry: false,
  });
  const error = cron !== null && query.error ? PlatformError.from(query.error) : null;
  return { schedule: cron === null || error ? undefined : query.data, error };
}

export function useRemovePlan() {
  const platform = usePlatform();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: (plan: number) => platform.call("remove_plan", { plan }),
  });
  return {
    remove: (plan: number, onRemoved: () => void) =>
      mutation.mutate(plan, {
        onSuccess: () => {
          onRemoved();
          void queries.invalidateQueries({ queryKey: ["plans"] });
        },
      }),
    pending: mutation.isPending,
    error: mutation.error ? PlatformError.from(mutation.error) : null,
    reset: mutation.reset,
  };
}
