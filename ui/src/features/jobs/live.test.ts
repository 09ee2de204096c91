import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Job } from "../../platform/bindings";
import { scenarios } from "../../platform/fake/scenarios";
import { LiveJobs } from "./live";

const running = scenarios.first_backup().jobs[0] as Job;
const at = (percent: number, part: Partial<Job> = {}): Job => ({
  ...running,
  progress_details: { ...running.progress_details, progress_percent: percent },
  ...part,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("figures that move", () => {
  it("are shown once a second, the latest of ten", () => {
    const live = new LiveJobs();
    const listener = vi.fn();
    live.subscribe(listener);
    live.accept({ type: "job", job: at(62) });
    expect(listener).toHaveBeenCalledTimes(1);
    for (let n = 1; n <= 10; n += 1) {
      live.accept({ type: "job", job: at(62 + n / 10) });
      vi.advanceTimersByTime(99);
    }
    expect(listener).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10);
    expect(listener).toHaveBeenCalledTimes(2);
    expect(live.snapshot().get(running.id)?.progress_details.progress_percent).toBe(63);
  });

  it("of several jobs are shown together", () => {
    const live = new LiveJobs();
    live.accept({ type: "job", job: at(10) });
    live.accept({ type: "job", job: at(20, { id: 2 }) });
    const listener = vi.fn();
    live.subscribe(listener);
    live.accept({ type: "job", job: at(11) });
    live.accept({ type: "job", job: at(21, { id: 2 }) });
    vi.advanceTimersByTime(1000);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe("the outline", () => {
  it("is another only when more than figures changed", () => {
    const live = new LiveJobs();
    live.accept({ type: "job", job: at(62) });
    const outline = live.outline();
    live.accept({ type: "job", job: at(63) });
    vi.advanceTimersByTime(1000);
    expect(live.snapshot().get(running.id)?.progress_details.progress_percent).toBe(63);
    expect(live.outline()).toBe(outline);
    live.accept({ type: "job", job: at(64, { phase: "finishing" }) });
    expect(live.outline().get(running.id)?.phase).toBe("finishing");
  });
});

describe("what must be seen", () => {
  it.each<[string, Partial<Job>]>([
    ["a phase", { phase: "finishing" }],
    ["a status", { status: "failed" }],
    ["a stop", { cancelling: true }],
    ["a question", { waiting_for: "passphrase" }],
    ["a place in the queue", { queue_position: 1 }],
    ["maintenance", { maintenance_status: "running_prune" }],
    ["an end", { phase: "ended", active: false }],
    ["another attempt", { attempt: 2 }],
  ])("%s is shown at once", (_name, part) => {
    const live = new LiveJobs();
    live.accept({ type: "job", job: at(62) });
    const listener = vi.fn();
    live.subscribe(listener);
    live.accept({ type: "job", job: at(62, part) });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("a total that becomes known is shown at once", () => {
    const live = new LiveJobs();
    const unknown = { ...running.progress_details, total_expected_size: 0 };
    live.accept({ type: "job", job: { ...running, progress_details: unknown } });
    const listener = vi.fn();
    live.subscribe(listener);
    live.accept({ type: "job", job: running });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
