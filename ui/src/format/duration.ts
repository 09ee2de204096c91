import { counted } from "./count";
import { NBSP } from "./locale";

/** A duration in tables and live: 0:41, 47:12, 1:58:20. */
export function clockDuration(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds));
  const h = Math.floor(all / 3600);
  const m = Math.floor((all % 3600) / 60);
  const s = String(all % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** A duration in sentences, its two largest units: 41 s, 47 min 12 s, 2 h. */
export function wordDuration(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds));
  const units: [number, string][] = [
    [Math.floor(all / 86_400), "d"],
    [Math.floor((all % 86_400) / 3600), "h"],
    [Math.floor((all % 3600) / 60), "min"],
    [all % 60, "s"],
  ];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return `0${NBSP}s`;
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n}${NBSP}${unit}`)
    .join(" ");
}

/** A time in its largest unit, in words: 5 seconds, 2 hours, 1 day. */
export function age(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds));
  if (all < 60) return counted(all, "second");
  if (all < 3600) return counted(Math.floor(all / 60), "minute");
  if (all < 86_400) return counted(Math.floor(all / 3600), "hour");
  return counted(Math.floor(all / 86_400), "day");
}

/** Seconds between two ISO times. */
export function secondsBetween(from: string, to: string | Date): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}
