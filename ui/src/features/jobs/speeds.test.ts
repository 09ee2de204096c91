import { describe, expect, it } from "vitest";
import type { Job } from "../../platform/bindings";
import { scenarios } from "../../platform/fake/scenarios";
import { Speeds } from "./speeds";

const running = scenarios.first_backup().jobs[0] as Job;
const began = Date.parse(running.started_at ?? "");
const fast = (speed: number, phase: Job["phase"] = "backing_up"): Job => ({
  ...running,
  phase,
  progress_details: { ...running.progress_details, backup_speed: speed },
});

describe("the speeds of a backup", () => {
  it("are those of the time in which it reads, once a second", () => {
    const speeds = new Speeds();
    speeds.note(fast(1, "preparing"), began);
    speeds.note(fast(2), began + 1000);
    speeds.note(fast(3), began + 1500);
    speeds.note(fast(4), began + 2000);
    speeds.note(fast(5, "finishing"), began + 3000);
    expect(speeds.all()).toEqual([
      { at: 1, speed: 2 },
      { at: 2, speed: 4 },
    ]);
  });

  it("of a day are no more than of four minutes, from its first to its last", () => {
    const speeds = new Speeds();
    for (let second = 0; second <= 86_400; second += 1) speeds.note(fast(second), began + second * 1000);
    const all = speeds.all();
    expect(all.length).toBeLessThanOrEqual(240);
    expect(all.length).toBeGreaterThan(100);
    expect(all[0]?.at).toBe(0);
    expect(all.at(-1)?.at).toBeGreaterThan(86_000);
  });
});
