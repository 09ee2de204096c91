/** How many archives stay, in words. */
import { counted } from "../../format/count";
import { listed } from "../../format/list";
import type { Keep } from "../../platform/bindings";

/** What a plan keeps when its archives are removed as they age. */
export const KEEP: Keep = { hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 };
/** All zero: prune never runs. */
export const KEEP_ALL: Keep = { hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

export const SPANS = [
  ["hourly", "Hours", "hour"],
  ["daily", "Days", "day"],
  ["weekly", "Weeks", "week"],
  ["monthly", "Months", "month"],
  ["yearly", "Years", "year"],
] as const satisfies readonly (readonly [keyof Keep, string, string])[];

export const keepsAll = (keep: Keep) => SPANS.every(([span]) => keep[span] === 0);

/** "7 days, 4 weeks and 6 months"; empty where all stay. */
export function keepWords(keep: Keep): string {
  return listed(SPANS.filter(([span]) => keep[span] > 0).map(([span, , noun]) => counted(keep[span], noun)));
}
