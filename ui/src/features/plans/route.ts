import type { IconName } from "../../components/icons";
import { shortList } from "../../format/list";
import { underHome } from "../../format/path";
import type { Plan } from "../../platform/bindings";

export const isOnServer = (location: string) => /^ssh:\/\/|^[^/]+:/.test(location);

/** What stands for the place a repository is in. */
export function placeIcon(location: string): IconName {
  if (isOnServer(location)) return "server";
  return /^\/(media|run\/media|mnt|Volumes)\//.test(location) ? "usb" : "folder";
}

/** The folders of a plan in one line. */
export function sourcesLine(plan: Plan, home: string): string {
  return shortList(plan.sources.map((source) => underHome(source, home)));
}
