/**
 * The words of the window are English, so its numbers and month names are too; only the clock follows the
 * person's own habit of 12 or 24 hours.
 */
export const LOCALE = "en-GB";

/** Whether this computer writes 6:00 PM rather than 18:00. */
export const uses12Hours: boolean =
  new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hour12 ?? false;

/** Stands for a value there is none of. */
export const NONE = "–";

/** Keeps a number and its unit on one line. */
export const NBSP = "\u00a0";
