import { LOCALE } from "./locale";

const grouped = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

/** A count, grouped and never shortened: 412,806. */
export function count(n: number): string {
  return grouped.format(n);
}

/** A count and its noun: "1 file", "412,806 files". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
