/** The person's own programs around a backup, as they are written in the editor. */
import type { Hook, HookWhen } from "../../platform/bindings";

export const WHENS: readonly (readonly [HookWhen, string])[] = [
  ["before", "Before the backup"],
  ["success", "After it succeeded"],
  ["warning", "After warnings"],
  ["failure", "After it failed"],
  ["always", "After it, always"],
];

const LIMITS = [
  [60, "1 minute"],
  [600, "10 minutes"],
  [3600, "1 hour"],
  [21_600, "6 hours"],
  [86_400, "1 day"],
] as const;

/** The time limits to choose from, among them the one that is set. */
export function limits(set: number): (readonly [string, string])[] {
  const known = LIMITS.some(([seconds]) => seconds === set);
  const all: (readonly [number, string])[] = known ? [...LIMITS] : [...LIMITS, [set, `${set} seconds`]];
  return all.sort(([a], [b]) => a - b).map(([seconds, label]) => [String(seconds), label]);
}

export const newHook = (when: HookWhen): Hook => ({ when, command: "", time_limit: 600 });

/** A command as a line; a list of arguments, which no shell reads, with quotes where words have spaces. */
export function lineOf(command: Hook["command"]): string {
  if (typeof command === "string") return command;
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}

/** What is saved: rows without a command are none. */
export const written = (hooks: readonly Hook[]): Hook[] =>
  hooks.filter(({ command }) => typeof command !== "string" || command.trim() !== "");
