/** What a prune would do, as queries. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { Keep } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";

/** What a prune of this plan would do now; read anew and never kept, since it is about to be acted on. */
export function usePrunePreview(repository: number, plan: number) {
  const platform = usePlatform();
  return useQuery({
    queryKey: ["prune", repository, plan],
    queryFn: () => platform.call("preview_prune", { repository_id: repository, plan, refresh: true }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What other rules would do with the archives, which are read once, or when it is asked for. */
export function useTriedRules(repository: number, plan: number, keep: Keep) {
  const platform = usePlatform();
  const again = useRef(false);
  const query = useQuery({
    queryKey: ["tried", repository, plan, keep],
    queryFn: () => {
      const refresh = again.current;
      again.current = false;
      return platform.call("preview_prune", {
        repository_id: repository,
        plan,
        keep,
        ...(refresh && { refresh }),
      });
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  const readAgain = () => {
    again.current = true;
    void query.refetch();
  };
  return { ...query, readAgain };
}
