import { describe, expect, it } from "vitest";
import { ruleWords } from "./rule";

describe("why an archive stays", () => {
  it.each([
    ["daily #1", "The newest of its day, 1st"],
    ["daily #2", "The newest of its day, 2nd"],
    ["weekly #3", "The newest of its week, 3rd"],
    ["hourly #11", "The newest of its hour, 11th"],
    ["hourly #22", "The newest of its hour, 22nd"],
    ["yearly[oldest] #4", "The oldest, as the 4th year"],
  ])("is said in plain words: %s", (rule, words) => {
    expect(ruleWords(rule)).toBe(words);
  });

  it("is left in Borg's words where they are not known", () => {
    expect(ruleWords("quarterly_3monthly #1")).toBe("quarterly_3monthly #1");
    expect(ruleWords("within")).toBe("within");
  });
});
