import { describe, expect, it } from "vitest";
import { plan, repository } from "../../platform/fake/jobs";
import { whyNot } from "./upkeep";

const ssd = repository(1, "Backup SSD", "/mnt/ssd");
const home = plan(1, "Home folder", ssd, ["/home"]);
const all = plan(2, "Everything", ssd, ["/"], {
  keep: { within: 0, last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
});

describe("maintenance", () => {
  it("can be asked for where nothing stands in its way", () => {
    for (const kind of ["check", "compact", "prune"] as const) {
      expect(whyNot(kind, ssd, [home], undefined)).toBeNull();
    }
  });

  it("waits for the end of a job", () => {
    expect(whyNot("check", ssd, [home], "Prune of Home folder")).toBe(
      "Prune of Home folder has not ended yet.",
    );
  });

  it("of an append-only repository is a check alone", () => {
    const kept = { ...ssd, append_only: true };
    expect(whyNot("check", kept, [home], undefined)).toBeNull();
    for (const kind of ["compact", "prune"] as const) {
      expect(whyNot(kind, kept, [home], "a job")).toMatch(/^Backup SSD is append-only/);
    }
  });

  it("prunes only by the rules of a plan", () => {
    expect(whyNot("prune", ssd, [], undefined)).toMatch(/^No plan writes here/);
    expect(whyNot("prune", ssd, [all], undefined)).toBe("Every plan here keeps all of its archives.");
    expect(whyNot("prune", ssd, [all, home], undefined)).toBeNull();
  });
});
