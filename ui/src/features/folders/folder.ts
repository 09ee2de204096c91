/** Paths of folders as people type them. */

/** A path without slashes at its end. */
export const tidy = (path: string) => (path.length > 1 ? path.replace(/\/+$/, "") : path);

/** Why a folder cannot be added to these; null when it can. */
export function folderRefusal(path: string, known: readonly string[]): string | null {
  const typed = tidy(path);
  if (typed.trim() === "") return "Type a folder first.";
  if (!typed.startsWith("/")) return "Type the whole path, from the first slash on: /home/…";
  if (known.includes(typed)) return `${typed} is in the list already.`;
  return null;
}
