import { uncapitalized } from "./case";
import { LOCALE, uses12Hours } from "./locale";

const clock24 = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clock12 = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", hour12: true });
const seconds = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric" });

/** Local midnight of the day, as a number that two times of one day share. */
export function dayKey(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** Calendar days from one time to a later one; a clock change in between does not count. */
export function daysBetween(from: Date, to: Date): number {
  return Math.round((dayKey(to) - dayKey(from)) / 86_400_000);
}

/** The time of day as this computer writes it: 18:00, 6:00 PM. */
export function clockTime(iso: string, hour12 = uses12Hours): string {
  return (hour12 ? clock12 : clock24).format(new Date(iso));
}

/** The time of day with seconds, for logs. */
export function logTime(iso: string): string {
  return seconds.format(new Date(iso));
}

function date(at: Date, now: Date): string {
  return (at.getFullYear() === now.getFullYear() ? dayMonth : dayMonthYear).format(at);
}

/** The day as people say it: Today, Yesterday, Tuesday, 3 February, 8 December 2025. */
export function dayName(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 1 && days < 7 ? weekday.format(at) : date(at, now);
}

/** Today, 18:00; Yesterday, 03:00; Tuesday, 09:47; from a week on only the day. */
export function when(iso: string, now: Date, hour12 = uses12Hours): string {
  const at = new Date(iso);
  const days = daysBetween(at, now);
  const name = dayName(at, now);
  return days >= 0 && days < 7 ? `${name}, ${clockTime(iso, hour12)}` : name;
}

const isSaidAlone = (day: string) => /^(Today|Yesterday)/.test(day);

/** A day or time as above, with a small letter where it may have one inside a sentence: "today, 18:00", "Tuesday". */
export const lowerDay = (day: string) => (isSaidAlone(day) ? uncapitalized(day) : day);

/** The same inside a sentence: "today, 18:00", "on Tuesday, 09:47", "on 3 February". */
export function whenInSentence(iso: string, now: Date, hour12 = uses12Hours): string {
  const text = when(iso, now, hour12);
  return isSaidAlone(text) ? lowerDay(text) : `on ${text}`;
}

/** Second part of a day heading: "Thursday 12 March" after Today, "8 March" after Sunday, else nothing. */
export function dayDetail(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days < 0 || days >= 7) return "";
  return days < 2 ? `${weekday.format(at)} ${date(at, now)}` : date(at, now);
}

/** "12 March", for a bar of the strip. */
export function shortDate(at: Date): string {
  return dayMonth.format(at);
}

/** A time to come: "today, 18:00", "tomorrow, 18:00", "Tuesday, 09:47", "3 February, 18:00". */
export function upcoming(iso: string, now: Date, hour12 = uses12Hours): string {
  const at = new Date(iso);
  const days = daysBetween(now, at);
  const near =
    days === 0 ? "today" : days === 1 ? "tomorrow" : days > 0 && days < 7 ? weekday.format(at) : null;
  return `${near ?? date(at, now)}, ${clockTime(iso, hour12)}`;
}
