/** When a plan runs: a cron line as the choices of the editor, and back; and in words. */
import { uncapitalized } from "../../format/case";
import { listed } from "../../format/list";
import { clockTime } from "../../format/time";
import type { Schedule } from "../../platform/bindings";

export type Rhythm = "never" | "hours" | "daily" | "weekly" | "monthly" | "cron";

/** What the editor's fields hold; those of another rhythm keep what they held. */
export interface When {
  rhythm: Rhythm;
  /** Every so many hours: a part of a day without a rest. */
  hours: number;
  /** "18:00". */
  time: string;
  /** Days of the week, 0 is Sunday. */
  days: number[];
  /** Day of the month; 0 is the last. */
  day: number;
  cron: string;
  /** The time zone it is meant in; `null`: the one of this computer. */
  zone: string | null;
}

export const RHYTHMS = [
  ["never", "Only when I start it"],
  ["hours", "Every few hours"],
  ["daily", "Every day"],
  ["weekly", "On days of the week"],
  ["monthly", "Every month"],
  ["cron", "By a cron line"],
] as const satisfies readonly (readonly [Rhythm, string])[];

export const HOURS = [1, 2, 3, 4, 6, 8, 12];
/** As a week is read, Monday first. */
export const WEEKDAYS = [
  [1, "Monday"],
  [2, "Tuesday"],
  [3, "Wednesday"],
  [4, "Thursday"],
  [5, "Friday"],
  [6, "Saturday"],
  [0, "Sunday"],
] as const;

const DEFAULT: When = {
  rhythm: "never",
  hours: 4,
  time: "18:00",
  days: [1, 2, 3, 4, 5],
  day: 1,
  cron: "0 18 * * *",
  zone: null,
};

/** The time zone of this computer. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "New York time", where that is not this computer's. */
export function zoneWords({ zone }: When): string {
  return zone === null || zone === HERE
    ? ""
    : `${(zone.split("/").at(-1) ?? zone).replaceAll("_", " ")} time`;
}

const two = (n: number | string) => String(n).padStart(2, "0");

export function whenOf(schedule: Schedule | null): When {
  if (!schedule) return DEFAULT;
  const { cron, time_zone } = schedule;
  const given = { ...DEFAULT, cron, zone: time_zone };
  const hours = cron.match(/^0 \*(?:\/(\d+))? \* \* \*$/);
  if (hours) {
    const every = Number(hours[1] ?? 1);
    if (HOURS.includes(every)) return { ...given, rhythm: "hours", hours: every };
  }
  const [, minute, hour, day, days] = cron.match(/^(\d+) (\d+) (\*|L|\d+) \* (\*|[0-6](?:,[0-6])*)$/) ?? [];
  if (minute === undefined || hour === undefined || day === undefined || days === undefined)
    return { ...given, rhythm: "cron" };
  const base = { ...given, time: `${two(hour)}:${two(minute)}` };
  if (day === "*" && days === "*") return { ...base, rhythm: "daily" };
  if (day === "*") return { ...base, rhythm: "weekly", days: days.split(",").map(Number) };
  if (days === "*" && (day === "L" || Number(day) <= 28))
    return { ...base, rhythm: "monthly", day: day === "L" ? 0 : Number(day) };
  return { ...given, rhythm: "cron" };
}

/** "18:00" as hours and minutes; `null` where it is no time of day. */
export function timeOf(text: string): [hour: number, minute: number] | null {
  const [, hour, minute] = text.trim().match(/^([01]?\d|2[0-3]):([0-5]\d)$/) ?? [];
  return hour === undefined ? null : [Number(hour), Number(minute)];
}

/** The cron line; `null` where the plan does not run by itself. */
export function cronOf(when: When): string | null {
  const time = timeOf(when.time);
  // What is no time is the engine's to refuse.
  const at = time ? `${time[1]} ${time[0]}` : when.time;
  switch (when.rhythm) {
    case "never":
      return null;
    case "hours":
      return when.hours === 1 ? "0 * * * *" : `0 */${when.hours} * * *`;
    case "daily":
      return `${at} * * *`;
    case "weekly":
      return `${at} * * ${[...when.days].sort((a, b) => a - b).join(",")}`;
    case "monthly":
      return `${at} ${when.day === 0 ? "L" : when.day} * *`;
    case "cron":
      return when.cron.trim();
  }
}

/** "every day at 18:00"; for a line of another kind, what the engine says of it. */
export function whenWords(when: When, described: string | undefined): string {
  const time = timeOf(when.time);
  const zone = zoneWords(when);
  const at = time
    ? ` at ${clockTime(new Date(2026, 0, 1, ...time).toISOString())}${zone && `, ${zone}`}`
    : "";
  switch (when.rhythm) {
    case "never":
      return "when you start it";
    case "hours":
      return when.hours === 1 ? "every hour" : `every ${when.hours} hours`;
    case "daily":
      return `every day${at}`;
    case "weekly": {
      const names = WEEKDAYS.filter(([day]) => when.days.includes(day)).map(([, name]) => name);
      return names.length === 7 ? `every day${at}` : `every ${listed(names)}${at}`;
    }
    case "monthly":
      return `every month on ${when.day === 0 ? "its last day" : `day ${when.day}`}${at}`;
    case "cron":
      return described ? uncapitalized(described) : `by ${when.cron}`;
  }
}
