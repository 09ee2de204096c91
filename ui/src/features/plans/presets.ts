/** What people leave out, in plain words, with Borg's patterns behind them. */

export interface Preset {
  label: string;
  /** What it catches, by name. */
  hint: string;
  patterns: readonly string[];
}

/** The first four together are what a new plan leaves out. */
export const PRESETS: readonly Preset[] = [
  { label: "Caches", hint: ".cache folders of programs", patterns: ["sh:**/.cache"] },
  {
    label: "Trash",
    hint: "Also on other drives",
    patterns: ["sh:**/.local/share/Trash", "sh:**/.Trash-*"],
  },
  {
    label: "Packages of projects",
    hint: "node_modules, __pycache__",
    patterns: ["sh:**/node_modules", "sh:**/__pycache__"],
  },
  { label: "Found fragments", hint: "lost+found", patterns: ["sh:**/lost+found"] },
  {
    label: "Build output",
    hint: "target, .venv, .gradle, .tox",
    patterns: ["sh:**/target", "sh:**/.venv", "sh:**/.gradle", "sh:**/.tox"],
  },
  { label: "Downloads", hint: "Downloads folders", patterns: ["sh:**/Downloads"] },
  {
    label: "Virtual machines",
    hint: "qcow2, vdi, vmdk, vhdx and iso files",
    patterns: ["sh:**/*.qcow2", "sh:**/*.vdi", "sh:**/*.vmdk", "sh:**/*.vhdx", "sh:**/*.iso"],
  },
  { label: "Containers", hint: "Images of Podman", patterns: ["sh:**/.local/share/containers"] },
  { label: "Games", hint: "What Steam installed", patterns: ["sh:**/steamapps/common"] },
  {
    label: "Temporary files",
    hint: "*.tmp, *.part, *.crdownload",
    patterns: ["sh:**/*.tmp", "sh:**/*.part", "sh:**/*.crdownload"],
  },
];

/** Whether all of a preset is left out. */
export const isOn = (preset: Preset, excludes: readonly string[]) =>
  preset.patterns.every((pattern) => excludes.includes(pattern));

/** Leaves a preset out, or no longer. */
export function withPreset(excludes: readonly string[], preset: Preset, on: boolean): string[] {
  const rest = excludes.filter((pattern) => !preset.patterns.includes(pattern));
  return on ? [...rest, ...preset.patterns] : rest;
}

/** The patterns no checked preset stands for. */
export function ownPatterns(excludes: readonly string[]): string[] {
  const covered = new Set(
    PRESETS.filter((preset) => isOn(preset, excludes)).flatMap((each) => each.patterns),
  );
  return excludes.filter((pattern) => !covered.has(pattern));
}

/**
 * The excludes with these patterns in the place of those that were typed before. A pattern on its way to another may be
 * that of a preset for a moment, which is not left out for it.
 */
export function withOwnPatterns(
  excludes: readonly string[],
  before: readonly string[],
  own: readonly string[],
): string[] {
  const rest = [...excludes];
  for (const pattern of before) {
    const place = rest.lastIndexOf(pattern);
    if (place >= 0) rest.splice(place, 1);
  }
  return [...rest, ...own];
}
