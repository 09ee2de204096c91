import { describe, expect, it } from "vitest";
import type { LockState, RepositoryLock } from "../../platform/bindings";
import { job, plan, repository } from "../../platform/fake/jobs";
import {
  canBreak,
  checkFact,
  encryptionFact,
  keyFact,
  lockFact,
  metLock,
  needsWord,
  sizeAge,
} from "./health";

const NOW = new Date("2026-03-12T18:00:00Z");
const box = repository(1, "Storage Box", "ssh://box/./borg");
const lock = (state: LockState, since: string | null = null): RepositoryLock => ({
  state,
  host: "attic",
  process: 77,
  exclusive: true,
  since,
});

it("a check passed, found something, runs, or never was", () => {
  const at = "2026-02-03T18:00:00Z";
  expect(checkFact({ job_id: 1, at, good: true, minutes: null }, NOW)).toEqual({
    value: "Passed",
    hint: "3 February, 37 days ago",
    tone: "completed",
  });
  expect(checkFact({ job_id: 1, at, good: false, minutes: null }, NOW)).toMatchObject({
    value: "Problems found",
    tone: "failed",
  });
  expect(checkFact({ job_id: 1, at, good: null, minutes: null }, NOW)).toMatchObject({
    value: "Checking now",
  });
  expect(checkFact({ job_id: 1, at, good: true, minutes: 30 }, NOW)).toMatchObject({
    value: "Passed",
    hint: "3 February, 37 days ago, 30 minutes of it",
  });
  expect(checkFact(null, NOW)).toMatchObject({ value: "Never checked" });
});

it("a key that lies on this computer alone is said to, and one without encryption does not exist", () => {
  const home = { ...box, encryption: "keyfile-blake2" };
  const plain = { ...box, encryption: "none" };
  expect(encryptionFact(home).hint).toBe("The key is on this computer alone");
  expect(keyFact(home, NOW)).toMatchObject({ hint: "Lost with this computer, it opens nothing" });
  expect(keyFact(box, NOW)).toMatchObject({ value: "Never exported", hint: "A damaged repository needs it" });
  expect(keyFact({ ...box, key_exported_at: "2026-03-12T08:00:00Z" }, NOW)).toMatchObject({
    value: "Exported",
  });
  expect(encryptionFact(plain).value).toBe("Not encrypted");
  expect(keyFact(plain, NOW).value).toBe("No key");
});

describe("a lock", () => {
  it.each([
    ["free", false, "Not locked", false],
    ["held", false, "In use", false],
    ["left_behind", false, "Locked", true],
    ["elsewhere", false, "Locked", true],
    ["unknown", false, "Not known", false],
    ["unknown", true, "Locked", true],
  ] as const)("that is %s (met by a job: %s) reads %s", (state, met, value, breakable) => {
    expect(lockFact(lock(state), met, NOW).value).toBe(value);
    expect(canBreak(lock(state), met)).toBe(breakable);
  });

  it("is told with its holder and its age, with the day where it was not today", () => {
    const hint = (state: LockState, since: string) => lockFact(lock(state, since), false, NOW).hint;
    expect(hint("held", "2026-03-12T16:00:00Z")).toMatch(
      /^By process 77 of this computer, since [\d:]+( PM)? \(2 hours\)$/,
    );
    expect(hint("elsewhere", "2026-03-08T16:00:00Z")).toMatch(
      /^By process 77 on attic, since Sunday, [\d:]+( PM)? \(4 days\)$/,
    );
    expect(needsWord(lock("left_behind"))).toBe(false);
    expect(needsWord(lock("elsewhere")) && needsWord(lock("unknown"))).toBe(true);
  });

  it("is met by a job that waits for it or failed because of it", () => {
    const home = plan(1, "Home", box, ["/home"]);
    expect(metLock([null, job(1, home)])).toBe(false);
    expect(metLock([job(1, home, { waiting_for: "lock" })])).toBe(true);
    expect(metLock([job(1, home, { status: "failed", error_code: "repository_locked" })])).toBe(true);
  });
});

it("a size says when it was known and how", () => {
  const size = { at: "2026-02-03T18:00:00Z", original_size: 3, compressed_size: 2, deduplicated_size: 1 };
  expect(sizeAge({ ...size, source: "asked" }, NOW)).toBe("Measured on 3 February");
  expect(sizeAge({ ...size, source: "backup" }, NOW)).toBe("After the backup on 3 February");
});
