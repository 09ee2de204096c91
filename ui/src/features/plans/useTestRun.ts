import { useMutation } from "@tanstack/react-query";
import type { TestPlan } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import type { PlanForm } from "./form";

/** What of a plan a test run depends on: its name, its repository and its rules for archives change nothing. */
const testArgs = (form: PlanForm, plan: number | null): TestPlan => ({
  source_directories: form.sources,
  exclude_patterns: form.excludes,
  ...(plan !== null && { plan }),
});

/** Tries a plan as it stands in the form. The answer is kept until the next try, and knows whether it still holds. */
export function useTestRun(form: PlanForm, plan: number | null) {
  const platform = usePlatform();
  const mutation = useMutation({ mutationFn: (args: TestPlan) => platform.call("test_plan", args) });
  const args = testArgs(form, plan);
  return {
    run: () => mutation.mutate(args),
    pending: mutation.isPending,
    result: mutation.data ?? null,
    error: mutation.error ? PlatformError.from(mutation.error) : null,
    /** Whether the form has changed since. */
    outdated: mutation.variables !== undefined && JSON.stringify(mutation.variables) !== JSON.stringify(args),
    /** How many folders were, or are being, walked through. */
    folders: mutation.variables?.source_directories.length ?? 0,
  };
}

export type TestRunState = ReturnType<typeof useTestRun>;
