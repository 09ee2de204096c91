import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { lastPart } from "../../format/path";
import type { Plan } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { useLiveJobs } from "../jobs/LiveProvider";

export function usePlansQuery() {
  const platform = usePlatform();
  return useQuery({
    queryKey: ["plans"],
    queryFn: async () => (await platform.call("list_plans", {})).plans,
  });
}

/** The plans, their last job as the engine last told of it. */
export function usePlans(): Plan[] {
  const { data } = usePlansQuery();
  const live = useLiveJobs();
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
