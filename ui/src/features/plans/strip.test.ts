import { expect, it } from "vitest";
import { FAKE_NOW } from "../../platform/fake/jobs";
import { scenarios } from "../../platform/fake/scenarios";
import { daySentence, daysOf, stripCaption, stripSentence } from "./strip";

const { jobs } = scenarios.overview();

it("has thirty days, today last", () => {
  const days = daysOf(1, jobs, FAKE_NOW);
  expect(days).toHaveLength(30);
  expect(days.at(-1)?.date.toDateString()).toBe(FAKE_NOW.toDateString());
  expect(days.at(-1)?.state).toBe("running");
});

it("a day is what its last job came to, and one that only waits hides nothing", () => {
  expect(daysOf(2, jobs, FAKE_NOW).at(-1)?.state).toBe("failed");
  expect(daysOf(3, jobs, FAKE_NOW).at(-1)?.state).toBe("completed");
  expect(daysOf(4, jobs, FAKE_NOW).at(-5)?.state).toBe("completed_with_warnings");
  expect(daysOf(4, jobs, FAKE_NOW).at(-1)?.state).toBe("none");
});

it("a backup that waited over night was on the day it began", () => {
  const [job] = jobs.filter((each) => each.plan === 2);
  if (!job) throw new Error("there is a job");
  const yesterday = new Date(FAKE_NOW.getTime() - 86_400_000).toISOString();
  const waited = { ...job, created_at: yesterday, started_at: FAKE_NOW.toISOString() };
  const days = daysOf(2, [waited], FAKE_NOW);
  expect(days.slice(-2).map((day) => day.jobs.length)).toEqual([0, 1]);
});

it("is a sentence for those who do not see it", () => {
  const days = daysOf(2, jobs, FAKE_NOW);
  expect(stripSentence(days)).toBe("Last 30 days: 29 days completed, 1 day failed");
  expect(stripCaption(days)).toEqual({ text: "1 failed", tone: "failed" });
  expect(daySentence(days.at(-1) as (typeof days)[number], FAKE_NOW)).toMatch(/^Today: failed, /);
});
