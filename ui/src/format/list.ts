/** Names in one line, the rest counted: "Documents, Pictures, Projects and 2 more". */
export function shortList(names: string[], shown = 3): string {
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}
