import { describe, expect, it } from "vitest";
import { randomBelow, strengthOf, suggestPassphrase } from "./passphrase";
import { WORDS } from "./words";

describe("a suggestion", () => {
  it("has six words of the list", () => {
    const words = suggestPassphrase().split("-");
    expect(words).toHaveLength(6);
    for (const word of words) expect(WORDS).toContain(word);
  });
  it("is another each time", () =>
    expect(new Set(Array.from({ length: 50 }, suggestPassphrase)).size).toBe(50));
  it("is very strong", () => expect(strengthOf(suggestPassphrase()).level).toBeGreaterThanOrEqual(3));
});

describe("the word list", () => {
  it("is long enough, each word once, plain letters", () => {
    expect(WORDS.length).toBeGreaterThanOrEqual(512);
    expect(new Set(WORDS).size).toBe(WORDS.length);
    for (const word of WORDS) expect(word).toMatch(/^[a-z]{3,9}$/);
  });
});

describe("a random number", () => {
  it("past the last whole multiple is thrown away, so that none is likelier", () => {
    const draws = [2 ** 32 - 1, 2 ** 32 - 2, 9];
    // 2^32 is 4 mod 6: the four highest numbers would favour 0 to 3.
    const drawn = randomBelow(6, (into) => {
      into[0] = draws.shift() ?? 0;
    });
    expect(drawn).toBe(3);
    expect(draws).toEqual([]);
  });
});

describe("the strength", () => {
  it.each([
    ["", 0],
    ["hunter2", 1],
    ["aaaaaaaaaaaaaaaaaaaa", 1],
    ["12345678901234567890", 1],
    ["password1234", 1],
    ["blue blue blue blue", 1],
    ["correct horse battery staple", 3],
    ["Kx9$mQ2!vL7@pR4#", 4],
  ])("of %j is %d", (text, level) => expect(strengthOf(text).level).toBe(level));
});
