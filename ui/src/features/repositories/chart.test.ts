import { expect, it } from "vitest";
import type { RepositorySize } from "../../platform/bindings";
import { ceiling, linePath, rangesOf, within } from "./chart";

const NOW = new Date("2026-03-12T18:00:00Z");
const size = (days: number, bytes: number): RepositorySize => ({
  at: new Date(NOW.getTime() - days * 86_400_000).toISOString(),
  source: "backup",
  original_size: bytes,
  compressed_size: bytes,
  deduplicated_size: bytes,
});

it.each([
  [0, 1],
  [1, 1],
  [139e9, 200e9],
  [401, 800],
  [8.1e12, 1e13],
])("the upper edge for %d is a round number that is not less", (bytes, top) =>
  expect(ceiling(bytes)).toBe(top),
);

it("a line runs from edge to edge, time to the right and bytes up", () => {
  expect(linePath([size(10, 50), size(5, 100), size(0, 25)], 100)).toBe(
    "M0.00 50.00L50.00 0.00L100.00 75.00",
  );
  expect(linePath([size(3, 50)], 100)).toBe("M0.00 50.00");
});

it("a range is offered where it shows less than all", () => {
  expect(rangesOf([], NOW)).toEqual(["all"]);
  expect(rangesOf([size(20, 1)], NOW)).toEqual(["all"]);
  expect(rangesOf([size(200, 1)], NOW)).toEqual(["month", "all"]);
  expect(rangesOf([size(800, 1)], NOW)).toEqual(["month", "year", "all"]);
  expect(
    within([size(800, 1), size(200, 2), size(3, 3)], "year", NOW).map((each) => each.deduplicated_size),
  ).toEqual([2, 3]);
});
