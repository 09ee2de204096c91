/** A test of the way to a repository, and the approval of the key its server shows. */
import { useMutation } from "@tanstack/react-query";
import type { TestConnection } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

/** `args` is read when the test begins; a passphrase in it stays out of the cache of mutations. */
export function useConnectionTest(args: () => TestConnection) {
  const platform = usePlatform();
  const test = useMutation({
    mutationFn: () => platform.call("test_connection", args()),
    gcTime: 0,
  });
  const approve = useMutation({
    mutationFn: (fingerprint: string) =>
      platform.call("trust_host_key", { repository: args().repository, fingerprint }),
    onSuccess: () => test.mutate(),
  });
  const error = approve.error ?? test.error;
  return {
    run: () => {
      approve.reset();
      test.mutate();
    },
    /** Forgets the answer: it was about something else. */
    reset: () => {
      approve.reset();
      test.reset();
    },
    approve: approve.mutate,
    running: test.isPending,
    approving: approve.isPending,
    report: test.isPending ? undefined : test.data,
    error: error ? PlatformError.from(error) : null,
  };
}

export type ConnectionTest = ReturnType<typeof useConnectionTest>;
