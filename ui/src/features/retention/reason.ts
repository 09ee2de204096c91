/** Why an archive stays, in plain words. */
import type { KeepRule, KeptBy } from "../../platform/bindings";

const SPAN: Partial<Record<KeepRule, string>> = {
  hourly: "hour",
  daily: "day",
  weekly: "week",
  monthly: "month",
  yearly: "year",
};
const SUFFIX: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });

const ordinal = (n: number) => `${n}${SUFFIX[ordinals.select(n)] ?? "th"}`;

/** "The newest of its day, 1st". */
export function reasonWords({ rule, number, oldest }: KeptBy): string {
  const nth = ordinal(number);
  if (rule === "checkpoint") return "Stays, an unfinished backup";
  if (rule === "within") return `By its age, ${nth}`;
  const span = SPAN[rule];
  // A rule that has archives too few is filled with the oldest there is.
  if (oldest) return span ? `The oldest, as the ${nth} ${span}` : `The oldest, ${nth} of the newest`;
  return span ? `The newest of its ${span}, ${nth}` : `One of the newest, ${nth}`;
}
