/** Why prune keeps an archive, from Borg's words for it (`daily #1`, of `borg prune --list`) into plain ones. */

const SPAN: Record<string, string> = {
  secondly: "second",
  minutely: "minute",
  hourly: "hour",
  daily: "day",
  weekly: "week",
  monthly: "month",
  yearly: "year",
};
const SUFFIX: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });

const ordinal = (n: number) => `${n}${SUFFIX[ordinals.select(n)] ?? "th"}`;

/** "The newest of its day, 1st"; a rule that is not known stays in Borg's words. */
export function ruleWords(rule: string): string {
  const [, name = "", oldest, number = ""] = /^(\w+)(\[oldest\])? #(\d+)$/.exec(rule) ?? [];
  const span = SPAN[name];
  if (!span) return rule;
  const nth = ordinal(Number(number));
  // Borg fills a rule that has archives too few with the oldest there is.
  return oldest ? `The oldest, as the ${nth} ${span}` : `The newest of its ${span}, ${nth}`;
}
