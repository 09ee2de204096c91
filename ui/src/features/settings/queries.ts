/** Settings as queries: what is shown changes at once and goes back where the engine refuses. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ChangeHttpAccess, ChangeSettings, HttpAccess, Settings } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

export function useSettings(): Settings | undefined {
  const platform = usePlatform();
  return useQuery({ queryKey: ["settings"], queryFn: () => platform.call("get_settings", {}) }).data;
}

/** What a row says about its last change. */
export interface Saving {
  saved: boolean;
  error: PlatformError | null;
}

const SAVED_MS = 2000;

/** "Saved" for a moment after each success. */
function useSaving(mutation: { error: unknown; isSuccess: boolean; submittedAt: number }): Saving {
  const [shown, setShown] = useState(0);
  const { isSuccess, submittedAt } = mutation;
  useEffect(() => {
    if (!isSuccess) return undefined;
    const timer = setTimeout(() => setShown(submittedAt), SAVED_MS);
    return () => clearTimeout(timer);
  }, [isSuccess, submittedAt]);
  return {
    saved: isSuccess && shown !== submittedAt,
    error: mutation.error ? PlatformError.from(mutation.error) : null,
  };
}

/** Changes settings; each row has its own, so that it alone says what became of it. */
export function useChangeSettings() {
  const platform = usePlatform();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: (change: ChangeSettings) => platform.call("change_settings", change),
    onMutate: async ({ borg_path: _, ...shown }) => {
      // What is still being asked for is older than this change.
      await queries.cancelQueries({ queryKey: ["settings"] });
      const before = queries.getQueryData<Settings>(["settings"]);
      if (before) queries.setQueryData(["settings"], { ...before, ...shown });
      return before;
    },
    onError: (_error, _change, before) => queries.setQueryData(["settings"], before),
    onSuccess: (settings) => queries.setQueryData(["settings"], settings),
  });
  return { change: mutation.mutate, pending: mutation.isPending, saving: useSaving(mutation) };
}

export function useHttpAccess() {
  const platform = usePlatform();
  return useQuery({ queryKey: ["http"], queryFn: () => platform.call("get_http_access", {}) });
}

export function useChangeHttpAccess() {
  const platform = usePlatform();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: (change: ChangeHttpAccess) => platform.call("change_http_access", change),
    onSuccess: (access: HttpAccess) => queries.setQueryData(["http"], access),
  });
  return { change: mutation.mutate, pending: mutation.isPending, saving: useSaving(mutation) };
}

export function useTokens() {
  const platform = usePlatform();
  return useQuery({
    queryKey: ["tokens"],
    queryFn: async () => (await platform.call("list_access_tokens", {})).tokens,
  });
}

export function useCreateToken() {
  const platform = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => platform.call("create_access_token", { name }),
    // The token is shown once: no cache keeps it longer than its place on the screen.
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
}

export function useRevokeToken() {
  const platform = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => platform.call("revoke_access_token", { id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
