/** Repositories as queries: what is known of each, and what can be done with one. */
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  ChangePassphrase,
  ChangeRepository,
  KeyForm,
  MoveRepository,
  Repository,
  RepositoryHealth,
} from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import type { Platform } from "../../platform/platform";

const healthQuery = (platform: Platform, id: number) => ({
  queryKey: ["repository", id],
  queryFn: () => platform.call("get_repository", { repository_id: id }),
  // Who holds a lock changes without anyone telling of it.
  staleTime: 0,
});

export function useHealth(id: number) {
  return useQuery(healthQuery(usePlatform(), id));
}

/** What is known of each, in their order; null until it is. */
export function useHealthOfAll(repositories: readonly Repository[]): (RepositoryHealth | null)[] {
  const platform = usePlatform();
  return useQueries({
    queries: repositories.map(({ id }) => healthQuery(platform, id)),
    combine: (all) => all.map((each) => each.data ?? null),
  });
}

/** Reads anew what may have changed with a repository. */
export function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ["repository", "repositories", "plans"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
}

export function useMeasure(id: number) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => platform.call("measure_repository", { repository_id: id }),
    onSuccess: refresh,
  });
}

export function useChangeRepository(id: number) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (change: Omit<ChangeRepository, "repository_id">) =>
      platform.call("change_repository", { repository_id: id, ...change }),
    onSuccess: refresh,
  });
}

export function useForget(id: number) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => platform.call("forget_repository", { repository_id: id }),
    // Its page is left first: it would say that there is no such repository.
    onSuccess: () => void refresh(),
  });
}

export function useBreakLock(id: number) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (confirm?: string) =>
      platform.call("break_repository_lock", {
        repository_id: id,
        ...(confirm !== undefined && { confirm }),
      }),
    // Refused or not, the lock is another one now.
    onSettled: refresh,
  });
}

/** The passphrase is not one of the variables, which the cache of mutations keeps. */
export function useMove(args: () => MoveRepository) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => platform.call("move_repository", args()),
    gcTime: 0,
    onSuccess: refresh,
  });
}

/** Nor are these passphrases. */
export function useChangePassphrase(args: () => ChangePassphrase) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => platform.call("change_passphrase", args()),
    gcTime: 0,
    onSuccess: refresh,
  });
}

export function useSaveKey(id: number) {
  const platform = usePlatform();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (form: KeyForm) => platform.call("save_key", { repository: id, form }),
    onSuccess: refresh,
  });
}
