/** Schedules of the fake platform: enough of cron for what the editor writes. */
import type { NewSchedule, Schedule } from "../bindings";
import { badArgument } from "./refusals";

const ZONE = "Europe/Berlin";

/** Whether a time is one of a cron line's, by minute, hour, day and day of the week. */
function isMet(at: Date, cron: string): boolean {
  const [minute, hour, day, , weekday] = cron.split(" ");
  const met = (field: string | undefined, value: number): boolean =>
    field === "*" ||
    (field?.startsWith("*/")
      ? value % Number(field.slice(2)) === 0
      : !!field?.split(",").includes(String(value)));
  const last = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate();
  return (
    met(minute, at.getMinutes()) &&
    met(hour, at.getHours()) &&
    met(day === "L" ? String(last) : day, at.getDate()) &&
    met(weekday, at.getDay())
  );
}

export function scheduleOf({ cron, time_zone = ZONE }: NewSchedule, now: Date): Schedule {
  const line = cron.trim().split(/\s+/).join(" ");
  if (
    !/^([\d*/,L-]+ ){4}[\d*/,-]+$/.test(line) ||
    Number(line.split(" ")[0]) > 59 ||
    Number(line.split(" ")[1]) > 23
  )
    throw badArgument("schedule", `${cron} is no schedule.`);
  const next_runs: string[] = [];
  const at = new Date(now);
  at.setSeconds(0, 0);
  for (let minutes = 0; next_runs.length < 3 && minutes < 100 * 1440; minutes += 1) {
    at.setMinutes(at.getMinutes() + 1);
    if (isMet(at, line)) next_runs.push(at.toISOString());
  }
  return { cron: line, time_zone, words: `At the times of ${line}`, next_runs };
}
