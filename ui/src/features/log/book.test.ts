import { describe, expect, it, vi } from "vitest";
import type { LogLine } from "../../platform/bindings";
import { logLine, longLog } from "../../platform/fake/log";
import { KEPT_PAGES, LogBook, PAGE_LINES } from "./book";
import { fitting } from "./hooks";
import { NOTHING_SCANNED, type Scan, scan } from "./scan";

const START = new Date(2026, 2, 12);

function bookOf(total: number) {
  const source = longLog(total);
  const state = { total };
  const read = vi.fn(async (offset: number, limit: number) => {
    const end = Math.min(offset + limit, state.total);
    const lines: LogLine[] = [];
    for (let n = offset; n < end; n += 1) lines.push(logLine(source, n, START));
    return {
      job_id: 1,
      status: "completed" as const,
      lines,
      total_lines: state.total,
      has_more: end < state.total,
    };
  });
  return { book: new LogBook(read), read, state };
}

const settled = () => new Promise((done) => setTimeout(done));

describe("a log of a million lines", () => {
  it("is read a page at a time", async () => {
    const { book, read } = bookOf(1_000_000);
    await book.refresh();
    expect(book.total).toBe(1_000_000);
    book.want([654_000, 654_010, 654_020]);
    await settled();
    expect(read.mock.calls).toEqual([
      [0, PAGE_LINES],
      [654_000, PAGE_LINES],
    ]);
    expect(book.line(654_010)?.line_number).toBe(654_011);
  });

  it("keeps a bounded number of pages, the last used", async () => {
    const { book } = bookOf(1_000_000);
    await book.refresh();
    for (let page = 0; page < KEPT_PAGES * 3; page += 1) {
      book.want([0, page * PAGE_LINES]);
      await settled();
    }
    expect(book.line(0)).toBeDefined();
    expect(book.line((KEPT_PAGES * 3 - 1) * PAGE_LINES)).toBeDefined();
    expect(book.line(5 * PAGE_LINES)).toBeUndefined();
  });

  it("is looked through to the end, with the count on the way", async () => {
    const { book } = bookOf(1_000_000);
    const steps: Scan[] = [];
    const fits = fitting("errors", "");
    await scan(book, fits ?? (() => false), NOTHING_SCANNED, new AbortController().signal, (s) =>
      steps.push(s),
    );
    expect(steps.at(-1)).toMatchObject({
      looked: 1_000_000,
      done: true,
      matches: [250_007, 500_014, 750_021],
    });
    expect(steps.length).toBeGreaterThan(50);
  });

  it("is no longer looked through once that is cancelled", async () => {
    const { book, read } = bookOf(1_000_000);
    const controller = new AbortController();
    await scan(
      book,
      () => false,
      NOTHING_SCANNED,
      controller.signal,
      () => controller.abort(),
    );
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("finds the next and the previous problem from anywhere", async () => {
    const { book, read } = bookOf(1_000_000);
    const { signal } = new AbortController();
    const isError = (line: LogLine) => line.level === "ERROR";
    expect(await book.find(250_007, 1, isError, signal)).toBe(500_014);
    expect(await book.find(250_007, -1, isError, signal)).toBeNull();
    expect(await book.find(1_000_000, -1, isError, signal)).toBe(750_021);
    expect(read.mock.calls.length).toBeLessThan(90);
  });
});

describe("a log that grows", () => {
  it("is asked for its end alone", async () => {
    const { book, read, state } = bookOf(1200);
    await book.refresh();
    await book.refresh();
    state.total = 1203;
    read.mockClear();
    await book.refresh();
    expect(read.mock.calls).toEqual([[1000, PAGE_LINES]]);
    expect(book.total).toBe(1203);
    expect(book.line(1202)).toBeDefined();
  });

  it("is looked through from where the last look ended", async () => {
    const { book, read, state } = bookOf(100);
    let latest = NOTHING_SCANNED;
    const look = () =>
      scan(
        book,
        () => true,
        latest,
        new AbortController().signal,
        (s) => (latest = s),
      );
    await look();
    state.total = 150;
    read.mockClear();
    await look();
    expect(read.mock.calls[0]?.[0]).toBe(100);
    expect(latest.matches).toHaveLength(150);
  });
});

it("a log that cannot be read says so and can be asked again", async () => {
  const read = vi
    .fn()
    .mockRejectedValueOnce(new Error("gone"))
    .mockResolvedValue({ job_id: 1, status: "failed", lines: [], total_lines: 0, has_more: false });
  const book = new LogBook(read);
  await book.refresh();
  expect(book.failed).toBeInstanceOf(Error);
  await book.refresh();
  expect(book.failed).toBeNull();
});
