/** What a plan waits for, in words. */
import { listed } from "../../format/list";
import type { Conditions, PlanWaiting, Repository } from "../../platform/bindings";
import { isOnServer } from "./route";

/** What a plan that is due waits for, by the name of the thing. */
export function conditionWords({ condition }: PlanWaiting, repository: string): string {
  switch (condition) {
    case "drive":
      return `${repository} to be plugged in`;
    case "server":
      return `${repository} to be reachable`;
    case "answer":
      return `${repository} to answer`;
    case "power":
      return "AC power";
    case "network":
      return "A network that is not metered";
  }
}

/** What a plan that goes there waits for when it is due; nothing chosen: `null`. */
export function chosenWords(conditions: Conditions, to: Repository | undefined): string | null {
  const chosen = [
    ...(conditions.on_ac_power ? ["AC power"] : []),
    ...(conditions.not_metered && to && isOnServer(to.path) ? ["a network that is not metered"] : []),
  ];
  return chosen.length === 0 ? null : listed(chosen);
}
