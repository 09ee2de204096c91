/** Suggested passphrases and an honest, plain estimate of how strong one is. */
import { WORDS } from "./words";

export const SUGGESTED_WORDS = 6;
export const SHORTEST = 8;

/** A random number below `limit`, every one as likely: numbers past the last whole multiple are thrown away. */
export function randomBelow(
  limit: number,
  fill: (into: Uint32Array<ArrayBuffer>) => void = (into) => crypto.getRandomValues(into),
): number {
  const span = 2 ** 32;
  const fair = span - (span % limit);
  const box = new Uint32Array(1);
  for (;;) {
    fill(box);
    const drawn = box[0] ?? 0;
    if (drawn < fair) return drawn % limit;
  }
}

export function suggestPassphrase(): string {
  return Array.from({ length: SUGGESTED_WORDS }, () => WORDS[randomBelow(WORDS.length)]).join("-");
}

export interface Strength {
  /** 0 nothing typed, 1 weak to 4 very strong. */
  level: 0 | 1 | 2 | 3 | 4;
  label: string;
  reason: string;
}

const known = new Set(WORDS);
const COMMON = /pass(word|phrase)|qwert|asdf|letmein|welcome|admin|borg|alcove|backup|secret|iloveyou/i;

/** Bits a guesser must get right, counted from what a guesser would try first. */
function bits(text: string): { bits: number; words: number } {
  const parts = text
    .toLowerCase()
    .split(/[\s\-_.,]+/)
    .filter(Boolean);
  const distinct = new Set(parts).size;
  // Words: each one of a list of a few thousand, whoever chose them; repeating one adds nothing.
  if (parts.length >= 3 && parts.every((part) => /^[\p{L}']+$/u.test(part))) {
    const each = parts.every((part) => known.has(part)) ? Math.log2(WORDS.length) : 11;
    return { bits: distinct * each, words: distinct };
  }
  const sets: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^a-zA-Z0-9]/, 32],
  ];
  const alphabet = sets.reduce((sum, [set, n]) => sum + (set.test(text) ? n : 0), 0);
  // A character that repeats or continues the one before (aaa, 123, abc) is hardly a guess.
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const step = i === 0 ? 9 : Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1));
    length += step <= 1 ? 0.25 : 1;
  }
  const guessable = COMMON.test(text) ? 0.5 : 1;
  // People do not choose evenly: two thirds of what chance would give.
  return { bits: length * Math.log2(Math.max(alphabet, 2)) * 0.67 * guessable, words: 0 };
}

export function strengthOf(text: string): Strength {
  if (text === "") return { level: 0, label: "", reason: "" };
  const { bits: n, words } = bits(text);
  const reason = words > 0 ? `${words} different words.` : `${[...text].length} characters.`;
  if (n < 30) return { level: 1, label: "Weak", reason: `${reason} A computer guesses this within hours.` };
  if (n < 44) return { level: 2, label: "Fair", reason: `${reason} A longer one is safer.` };
  if (n < 55) return { level: 3, label: "Strong", reason };
  return { level: 4, label: "Very strong", reason };
}
