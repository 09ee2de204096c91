import { describe, expect, it } from "vitest";
import { count, counted } from "./count";
import { clockDuration, wordDuration } from "./duration";
import { shortList } from "./list";
import { lastPart, splitPath, underHome } from "./path";
import { wholePercent } from "./percent";
import { aboutSize, size } from "./size";
import { speed } from "./speed";
import { dayDetail, daysBetween, logTime, when, whenInSentence } from "./time";
import { timeLeft } from "./timeLeft";

const spaced = (text: string | null) => text?.replaceAll("\u00a0", " ");

describe("a size", () => {
  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [999, "999 B"],
    [1000, "1.00 KB"],
    [48_200, "48.2 KB"],
    [1.31e9, "1.31 GB"],
    [139e9, "139 GB"],
    [9.994e6, "9.99 MB"],
    [9.996e6, "10.0 MB"],
    [99.96e6, "100 MB"],
    [999.4e6, "999 MB"],
    [999.6e6, "1.00 GB"],
    [1.06e12, "1.06 TB"],
    [5e18, "5000 PB"],
  ])("of %d bytes has three significant digits: %s", (bytes, text) => {
    expect(spaced(size(bytes))).toBe(text);
  });

  it("keeps the number and the unit on one line", () => {
    expect(size(1.31e9)).toContain("\u00a0");
  });

  it("that is an estimate has two digits at most", () => {
    expect(spaced(aboutSize(9.42e9))).toBe("about 9.4 GB");
    expect(spaced(aboutSize(139e9))).toBe("about 140 GB");
    expect(spaced(aboutSize(0))).toBe("about 0 B");
  });
});

describe("a count", () => {
  it("is grouped and never shortened", () => expect(count(412_806)).toBe("412,806"));
  it("agrees with its noun", () => {
    expect(counted(1, "file")).toBe("1 file");
    expect(counted(412_806, "file")).toBe("412,806 files");
    expect(counted(2, "match", "matches")).toBe("2 matches");
  });
});

describe("a duration", () => {
  it.each([
    [0, "0:00"],
    [41.9, "0:41"],
    [2832, "47:12"],
    [7100, "1:58:20"],
    [-3, "0:00"],
  ])("of %d s reads %s in a table", (seconds, text) => expect(clockDuration(seconds)).toBe(text));
  it.each([
    [0, "0 s"],
    [41, "41 s"],
    [2832, "47 min 12 s"],
    [7200, "2 h"],
    [7260, "2 h 1 min"],
    [7201, "2 h"],
    [90_000, "1 d 1 h"],
  ])("of %d s reads %s in a sentence", (seconds, text) => expect(spaced(wordDuration(seconds))).toBe(text));
});

describe("the time left", () => {
  it("is hidden while unknown", () => expect(timeLeft(0, 0)).toBeNull());
  it.each([
    [59, "Less than a minute left"],
    [61, "About 1 min left"],
    [250, "About 4 min left"],
    [3580, "About 1 h left"],
    [3700, "About 1 h left"],
    [8100, "About 2 h 15 min left"],
  ])("of %d s is rounded: %s", (seconds, text) => expect(spaced(timeLeft(seconds, 0))).toBe(text));
  it.each([
    [250, 40, "About 4 min left"],
    [250, 100, "3 min to 6 min left"],
    [80, 50, "Up to 2 min left"],
    [30, 29, "Less than a minute left"],
    [50, 20, "About 1 min left"],
    [5400, 1800, "1 h to 2 h left"],
  ])("of %d s that may be off by %d is a range: %s", (seconds, margin, text) =>
    expect(spaced(timeLeft(seconds, margin))).toBe(text),
  );
});

describe("a percent", () => {
  it("is whole and rounded down", () => expect(wholePercent(62.99)).toBe(62));
  it("is 100 only when done", () => {
    expect(wholePercent(99.9)).toBe(99);
    expect(wholePercent(100)).toBe(100);
    expect(wholePercent(140)).toBe(100);
    expect(wholePercent(-1)).toBe(0);
  });
});

describe("a speed", () => {
  it.each([
    [211.4, "211 MB/s"],
    [8.44, "8.4 MB/s"],
    [0.85, "850 KB/s"],
    [0, "0 MB/s"],
  ])("of %d reads %s", (mb, text) => expect(spaced(speed(mb))).toBe(text));
});

describe("a time", () => {
  const now = new Date(2026, 2, 12, 18, 6);
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
  it.each([
    [at(2026, 2, 12, 18, 0), "Today, 18:00"],
    [at(2026, 2, 11, 3, 0), "Yesterday, 03:00"],
    [at(2026, 2, 10, 9, 47), "Tuesday, 09:47"],
    [at(2026, 2, 6, 9, 0), "Friday, 09:00"],
    [at(2026, 2, 5, 9, 0), "5 March"],
    [at(2026, 1, 3, 9, 0), "3 February"],
    [at(2025, 11, 8, 9, 0), "8 December 2025"],
  ])("%s reads %s", (iso, text) => expect(when(iso, now, false)).toBe(text));
  it("follows the clock of the computer", () =>
    expect(when(at(2026, 2, 12, 18, 0), now, true)).toBe("Today, 6:00 PM"));
  it("fits into a sentence", () => {
    expect(whenInSentence(at(2026, 2, 12, 18, 0), now, false)).toBe("today, 18:00");
    expect(whenInSentence(at(2026, 2, 10, 9, 47), now, false)).toBe("on Tuesday, 09:47");
  });
  it("has its date beside the day's name", () => {
    expect(dayDetail(new Date(2026, 2, 12), now)).toBe("Thursday 12 March");
    expect(dayDetail(new Date(2026, 2, 8), now)).toBe("8 March");
    expect(dayDetail(new Date(2026, 1, 3), now)).toBe("");
  });
  it("counts calendar days, not 24 hours", () => {
    expect(daysBetween(new Date(2026, 2, 11, 23, 59), new Date(2026, 2, 12, 0, 1))).toBe(1);
  });
  it("in a log has seconds", () => expect(logTime(at(2026, 2, 12, 3, 4))).toBe("03:04:00"));
});

describe("a path", () => {
  it("keeps its last folder and file whole", () => {
    expect(splitPath("/home/marta/Pictures/2025/Day 04/DSC_4187.NEF")).toEqual([
      "/home/marta/Pictures/2025",
      "/Day 04/DSC_4187.NEF",
    ]);
  });
  it("that is short is not split", () => {
    expect(splitPath("/etc")).toEqual(["", "/etc"]);
    expect(splitPath("file")).toEqual(["", "file"]);
    expect(splitPath("/etc/fstab")).toEqual(["/etc", "/fstab"]);
  });
  it("has a name and a short form", () => {
    expect(lastPart("/home/marta/Pictures/")).toBe("Pictures");
    expect(lastPart("/")).toBe("/");
    expect(underHome("/home/marta/Projects/clients", "/home/marta")).toBe("Projects/clients");
    expect(underHome("/etc", "/home/marta")).toBe("/etc");
  });
});

it("a list of names counts what it leaves out", () => {
  expect(shortList(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  expect(shortList(["a", "b"])).toBe("a, b");
});
