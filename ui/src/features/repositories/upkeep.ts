/** Whether a repository can be maintained now, in words. Pure, so that each sentence has a test. */
import type { Plan, Repository } from "../../platform/bindings";
import { prunes } from "../jobs/job";
import type { Maintain } from "../jobs/queries";

/** What the switch means, and why prune and compact are not offered where it is on. */
export const APPEND_ONLY =
  "Nothing can be deleted from this computer: no prune and no compact here. The server has to be set up for it.";

/** Why maintenance of this kind cannot be asked for now; null where it can. `busy` is a job that has not ended. */
export function whyNot(
  kind: Maintain["kind"],
  repository: Repository,
  plans: readonly Plan[],
  busy: string | undefined,
): string | null {
  if (kind !== "check" && repository.append_only) {
    return `${repository.name} is append-only: nothing can be deleted from this computer.`;
  }
  if (kind === "prune" && plans.length === 0) return "No plan writes here, so no rule says what stays.";
  if (kind === "prune" && !plans.some(prunes)) return "Every plan here keeps all of its archives.";
  return busy ? `${busy} has not ended yet.` : null;
}
