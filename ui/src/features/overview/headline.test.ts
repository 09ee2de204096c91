import { describe, expect, it } from "vitest";
import type { Job, Plan } from "../../platform/bindings";
import { FAKE_NOW } from "../../platform/fake/jobs";
import { type ScenarioName, scenarios } from "../../platform/fake/scenarios";
import { headline, sortPlans } from "./headline";

function of(name: ScenarioName, now = FAKE_NOW) {
  const { plans, jobs } = scenarios[name]();
  return headline(
    plans,
    jobs.filter((job) => job.phase !== "ended"),
    now,
  );
}

describe("the headline", () => {
  it("says that everything is protected only when it is", () => {
    expect(of("protected")).toMatchObject({ tone: "completed", title: "Everything is protected" });
  });
  it("names the plan that failed and its last good backup", () => {
    const said = of("overview");
    expect(said).toMatchObject({ tone: "failed", title: "1 plan needs attention" });
    expect(said.text).toMatch(
      /^Photo library did not finish today\. Its last good backup is from yesterday, /,
    );
    expect(said.job?.status).toBe("failed");
  });
  it("does not promise anything during the first backup", () => {
    expect(of("first_backup")).toMatchObject({ tone: "running", title: "Your first backup is running" });
    expect(of("first_backup").text).toContain("Home folder is not protected yet");
  });
  it("calls the first backup of one plan beside others by its name", () => {
    const first = scenarios.first_backup();
    const [plan] = first.plans;
    const others = scenarios.protected().plans.map((other) => ({ ...other, id: other.id + 100 }));
    const running = first.jobs.filter((job) => job.phase !== "ended");
    expect(headline([...others, plan as Plan], running, FAKE_NOW)).toMatchObject({
      tone: "running",
      title: "The first backup of Home folder is running",
    });
  });
  it("asks for the passphrase a backup waits for", () => {
    expect(of("passphrase").title).toBe("Home folder waits for its passphrase");
  });
  it("is not flipped by a warning or a failed prune", () => {
    const { plans } = scenarios.protected();
    expect(plans.some((plan) => plan.last_job?.maintenance_status === "compact_failed")).toBe(true);
    expect(of("protected").tone).toBe("completed");
  });
  it("does not call a month without a backup protected", () => {
    const later = new Date(FAKE_NOW.getTime() + 30 * 86_400_000);
    expect(of("protected", later)).toMatchObject({
      tone: "completed_with_warnings",
      title: "4 plans are overdue",
    });
  });
  it("calls a plan overdue when its last good backup counts no more, and not before", () => {
    const { plans } = scenarios.protected();
    const until = new Date(FAKE_NOW.getTime() + 3_600_000).toISOString();
    const kept = plans.map((plan) => ({ ...plan, protected_until: until }));
    expect(headline(kept, [], FAKE_NOW).tone).toBe("completed");
    const later = new Date(FAKE_NOW.getTime() + 3_600_001);
    expect(headline(kept, [], later).title).toBe("4 plans are overdue");
    const month = new Date(FAKE_NOW.getTime() + 30 * 86_400_000).toISOString();
    const monthly = plans.map((plan) => ({ ...plan, protected_until: month }));
    const weeks = new Date(FAKE_NOW.getTime() + 20 * 86_400_000);
    expect(headline(monthly, [], weeks).tone).toBe("completed");
  });
  it("says not protected when a first backup was cancelled", () => {
    const { plans } = scenarios.first_backup();
    const cancelled = plans.map((plan) => ({
      ...plan,
      last_job: { ...(plan.last_job as Job), status: "cancelled" as const },
    }));
    expect(headline(cancelled, [], FAKE_NOW)).toMatchObject({
      tone: "pending",
      title: "1 plan is not protected yet",
    });
  });
  it("leaves out plans that are switched off", () => {
    const off = scenarios.overview().plans.map((plan) => ({ ...plan, enabled: false }));
    expect(headline(off, [], FAKE_NOW).title).toBe("No plan is switched on");
  });
});

it("cards come in the order they need a look", () => {
  const names = sortPlans(scenarios.overview().plans, FAKE_NOW).map((plan: Plan) => plan.name);
  expect(names).toEqual(["Photo library", "Home folder", "Work projects", "Server configs"]);
});
