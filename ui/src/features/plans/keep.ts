/** Which archives stay, in words. */
import { counted } from "../../format/count";
import { listed } from "../../format/list";
import type { Keep } from "../../platform/bindings";

/** All zero: prune never runs. */
export const KEEP_ALL: Keep = { within: 0, last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
/** What a plan keeps when its archives are removed as they age. */
export const KEEP: Keep = { ...KEEP_ALL, daily: 7, weekly: 4, monthly: 6 };

export const SPANS = [
  ["hourly", "Hours", "hour"],
  ["daily", "Days", "day"],
  ["weekly", "Weeks", "week"],
  ["monthly", "Months", "month"],
  ["yearly", "Years", "year"],
] as const satisfies readonly (readonly [keyof Keep, string, string])[];

export const keepsAll = (keep: Keep) => Object.values(keep).every((n) => n === 0);

/** Hours in which an age is said: whole days where it can be. */
export const ageUnit = (hours: number) => (hours % 24 === 0 ? 24 : 1);

/** "7 days, 4 weeks and 6 months"; empty where none is kept for its span. */
export function spanWords(keep: Keep): string {
  return listed(SPANS.filter(([span]) => keep[span] > 0).map(([span, , noun]) => counted(keep[span], noun)));
}

/** "everything of the last 2 days, the newest 3 and the newest of 7 days and 4 weeks"; empty where all stay. */
export function keepWords(keep: Keep): string {
  const { within, last } = keep;
  const unit = ageUnit(within);
  const spans = spanWords(keep);
  return listed([
    ...(within > 0 ? [`everything of the last ${counted(within / unit, unit === 24 ? "day" : "hour")}`] : []),
    ...(last > 0 ? [last === 1 ? "the newest" : `the newest ${last}`] : []),
    ...(spans ? [`the newest of ${spans}`] : []),
  ]);
}
