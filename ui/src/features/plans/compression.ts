/** Borg's compression in plain words. The values are those of `borg help compression`. */

export const COMPRESSIONS: readonly (readonly [value: string, label: string, hint: string])[] = [
  ["none", "None", "Right for files that are compressed already, such as films and photos"],
  ["lz4", "Fastest (lz4)", "Hardly any work, saves the least"],
  ["zstd,3", "Balanced (zstd 3)", "Small, and faster than most disks"],
  ["zstd,10", "Small (zstd 10)", "Saves a little more, takes several times as long"],
  ["zstd,19", "Smallest (zstd 19)", "For slow connections: takes very long"],
];

/** The choices, with the plan's own where it is none of them. */
export function compressionChoices(value: string) {
  return COMPRESSIONS.some(([known]) => known === value)
    ? COMPRESSIONS
    : [...COMPRESSIONS, [value, `Other (${value})`, "As it was set elsewhere"] as const];
}
