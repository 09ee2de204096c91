import { NBSP } from "./locale";

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

function parts(bytes: number): [number, string] {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would round to 1000 of the smaller unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return [value, UNITS[unit] ?? "B"];
}

/** Decimal units as Borg prints them, three significant digits: 512 B, 48.2 KB, 1.31 GB, 139 GB. */
export function size(bytes: number): string {
  const [value, unit] = parts(bytes);
  if (unit === "B") return `${Math.round(value)}${NBSP}B`;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)}${NBSP}${unit}`;
}

/** An estimate: two digits at most, "about 9.4 GB", "about 140 GB". */
export function aboutSize(bytes: number): string {
  const [value, unit] = parts(bytes);
  if (unit === "B" || value === 0) return `about ${Math.round(value)}${NBSP}${unit}`;
  return `about ${Number(value.toPrecision(2))}${NBSP}${unit}`;
}
