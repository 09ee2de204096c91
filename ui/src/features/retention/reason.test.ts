import { describe, expect, it } from "vitest";
import type { KeepRule } from "../../platform/bindings";
import { reasonWords } from "./reason";

describe("why an archive stays", () => {
  it.each<[KeepRule, number, boolean, string]>([
    ["daily", 1, false, "The newest of its day, 1st"],
    ["daily", 2, false, "The newest of its day, 2nd"],
    ["weekly", 3, false, "The newest of its week, 3rd"],
    ["hourly", 11, false, "The newest of its hour, 11th"],
    ["hourly", 22, false, "The newest of its hour, 22nd"],
    ["yearly", 4, true, "The oldest, as the 4th year"],
    ["last", 2, false, "One of the newest, 2nd"],
    ["last", 3, true, "The oldest, 3rd of the newest"],
    ["within", 5, false, "By its age, 5th"],
    ["checkpoint", 1, false, "Stays, an unfinished backup"],
  ])("is said in plain words: %s %i", (rule, number, oldest, words) => {
    expect(reasonWords({ rule, number, oldest })).toBe(words);
  });
});
