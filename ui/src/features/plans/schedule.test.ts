import { describe, expect, it } from "vitest";
import type { Schedule } from "../../platform/bindings";
import { cronOf, whenOf, whenWords } from "./schedule";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const set = (cron: string, time_zone = HERE): Schedule => ({ cron, time_zone, words: "", next_runs: [] });

describe("a schedule", () => {
  it("is the same cron line after it went through the editor", () => {
    for (const [cron, rhythm] of [
      ["0 * * * *", "hours"],
      ["0 */4 * * *", "hours"],
      ["30 7 * * *", "daily"],
      ["5 18 * * 1,2,5", "weekly"],
      ["0 6 15 * *", "monthly"],
      ["0 6 L * *", "monthly"],
      ["0 6 31 * *", "cron"],
      ["*/10 * * * *", "cron"],
      ["0 */5 * * *", "cron"],
      ["0 6 1 * 1", "cron"],
    ] as const) {
      const when = whenOf(set(cron));
      expect([when.rhythm, cronOf(when)]).toEqual([rhythm, cron]);
    }
    expect(cronOf(whenOf(null))).toBeNull();
  });

  it("is said in words", () => {
    const words = (cron: string) => whenWords(whenOf(set(cron)), "At the tenth minute");
    expect(words("0 * * * *")).toBe("every hour");
    expect(words("0 */6 * * *")).toBe("every 6 hours");
    expect(words("30 7 * * *")).toMatch(/^every day at 0?7:30( AM)?$/);
    expect(words("0 18 * * 5,1")).toMatch(/^every Monday and Friday at /);
    expect(words("0 18 L * *")).toMatch(/^every month on its last day at /);
    expect(words("*/10 * * * *")).toBe("at the tenth minute");
    expect(whenWords(whenOf(null), undefined)).toBe("when you start it");
    const away = whenOf(set("0 18 * * *", "America/New_York"));
    expect(whenWords(away, undefined)).toMatch(/^every day at .*, New York time$/);
    expect(away.zone).toBe("America/New_York");
  });
});
