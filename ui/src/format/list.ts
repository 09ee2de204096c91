import { LOCALE } from "./locale";

/** Names in one line, the rest counted: "Documents, Pictures, Projects and 2 more". */
export function shortList(names: string[], shown = 3): string {
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}

const all = new Intl.ListFormat(LOCALE, { type: "conjunction" });

/** Everything named: "7 days, 4 weeks and 6 months". */
export function listed(parts: string[]): string {
  return all.format(parts);
}
