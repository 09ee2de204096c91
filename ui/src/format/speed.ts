import { NBSP } from "./locale";

/** Original bytes a second, from MB/s: "211 MB/s", "8.4 MB/s", "850 KB/s". */
export function speed(megabytesPerSecond: number): string {
  if (megabytesPerSecond <= 0) return `0${NBSP}MB/s`;
  if (megabytesPerSecond < 0.9995) return `${Math.round(megabytesPerSecond * 1000)}${NBSP}KB/s`;
  const digits = megabytesPerSecond < 9.95 ? 1 : 0;
  return `${megabytesPerSecond.toFixed(digits)}${NBSP}MB/s`;
}
