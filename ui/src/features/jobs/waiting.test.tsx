import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FAKE_NOW } from "../../platform/fake/jobs";
import { scenarios } from "../../platform/fake/scenarios";
import { expectNoFaults, open } from "../../test/screen";
import { timelineOf } from "./timeline";
import { lockPath } from "./waiting";

const card = () => screen.findByRole("article", { name: "Home folder" });
const panel = () => screen.findByRole("complementary", { name: "Job details" });
const waitingJob = (platform: { state: { jobs: { id: number }[] } }) => platform.state.jobs.at(-1)?.id ?? 0;

describe("a backup that waits for an answer", () => {
  it("says so on the Overview, with the question and both answers", async () => {
    const { platform, user } = open("moved");
    expect(await screen.findByRole("heading", { name: "Home folder waits for your answer" })).toBeVisible();
    const banner = within(screen.getByRole("banner"));
    expect(banner.getByText(/^Borg knows Backup SSD from another location\./)).toBeVisible();
    expect(banner.getByRole("button", { name: "Cancel backup" })).toBeVisible();
    expect(within(await card()).getByText("Waits for your answer")).toBeVisible();
    await expectNoFaults();
    await user.click(banner.getByRole("button", { name: "Yes, go on" }));
    expect(await screen.findByRole("heading", { name: "Backing up Home folder" })).toBeVisible();
    expect(platform.calls.find((call) => call.name === "resume_backup")?.args).toEqual({
      job_id: waitingJob(platform),
      confirm: true,
    });
  });

  it("leads from its card to the question, and is cancelled there", async () => {
    const { user } = open("unknown_unencrypted");
    await user.click(within(await card()).getByRole("link", { name: "Answer…" }));
    const details = await panel();
    expect(await within(details).findByText(/is not encrypted and Borg has not seen it/)).toBeVisible();
    expect(within(details).getAllByText("Waits for your answer")[0]).toBeVisible();
    expect(screen.getByText("Your answer")).toBeVisible();
    expect(within(details).getAllByRole("button", { name: /Cancel|Skip/ })).toHaveLength(1);
    await expectNoFaults();
    await user.click(within(details).getByRole("button", { name: "Cancel backup" }));
    expect(await within(details).findByText("Cancelled")).toBeVisible();
    expect(within(details).queryByRole("button", { name: "Yes, go on" })).not.toBeInTheDocument();
  });

  it("keeps its question when the answer does not arrive", async () => {
    const { platform, user } = open("moved");
    platform.failNext("resume_backup", "store_failed", "The disk is full.");
    await user.click(await screen.findByRole("button", { name: "Yes, go on" }));
    expect(await screen.findByText("The disk is full.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Yes, go on" })).toBeEnabled();
  });
});

describe("a backup that waits for a lock", () => {
  it("asks nothing, names the lock, can be cancelled, and goes on by itself", async () => {
    const { platform } = open("locked");
    expect(
      await screen.findByRole("heading", { name: "Home folder waits: Backup SSD is in use" }),
    ).toBeVisible();
    const banner = within(screen.getByRole("banner"));
    expect(
      banner.getByText(/^Held by process 4211 on attic, since 17:42 \(18 minutes\)\. .* goes on by itself/),
    ).toBeVisible();
    expect(banner.getAllByRole("button").map((button) => button.textContent)).toEqual(["Cancel backup"]);
    window.location.hash = `#/jobs/${waitingJob(platform)}`;
    expect(
      await within(await panel()).findByTitle("/run/media/marta/Backup SSD/alcove/lock.exclusive"),
    ).toBeVisible();
    await expectNoFaults();
    act(() => platform.advance(31_000));
    await waitFor(async () => expect(await within(await panel()).findByText("Running")).toBeVisible());
  });
});

describe("a backup whose passphrase is in a locked keyring", () => {
  it("has the keyring ask when the person says so, and goes on once it is unlocked", async () => {
    const { platform, user } = open("keyring");
    expect(
      await screen.findByRole("heading", { name: "Home folder waits: the keyring is locked" }),
    ).toBeVisible();
    await expectNoFaults();
    await user.click(within(screen.getByRole("banner")).getByRole("button", { name: "Unlock keyring…" }));
    expect(platform.calls.find((call) => call.name === "resume_backup")?.args).toEqual({
      job_id: waitingJob(platform),
    });
    expect(await screen.findByRole("heading", { name: "Backing up Home folder" })).toBeVisible();
  });

  it("takes the passphrase instead", async () => {
    const { user } = open("keyring");
    const banner = within(await screen.findByRole("banner"));
    await user.click(await banner.findByRole("button", { name: "Enter passphrase…" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Passphrase for Backup SSD" }));
    await user.type(dialog.getByLabelText("Passphrase"), "harbour{Enter}");
    expect(await screen.findByRole("heading", { name: "Backing up Home folder" })).toBeVisible();
  });
});

it("a question for a passphrase stays with its job though another asks", async () => {
  const { platform, user } = open("passphrase");
  const dialog = within(await screen.findByRole("dialog", { name: /^Passphrase for/ }));
  const title = dialog.getByRole("heading").textContent;
  await user.type(dialog.getByLabelText("Passphrase"), "harb");
  const [earlier] = platform.state.jobs;
  act(() =>
    platform.change(earlier?.id ?? 0, { status: "pending", waiting_for: "passphrase", ended_at: null }),
  );
  expect(dialog.getByLabelText("Passphrase")).toHaveValue("harb");
  expect(dialog.getByRole("heading")).toHaveTextContent(title ?? "");
});

describe("a backup whose server is not known", () => {
  const look = async (user: ReturnType<typeof open>["user"]) => {
    const banner = within(await screen.findByRole("banner"));
    expect(banner.getByRole("heading")).toHaveTextContent("the server is not known yet");
    await user.click(banner.getByRole("button", { name: "Look at its key…" }));
    return within(await screen.findByRole("dialog", { name: "The server of Storage Box" }));
  };

  it("shows the key, and goes on once it is approved", async () => {
    const { platform, user } = open("host_key");
    const dialog = await look(user);
    expect(await dialog.findByText(/^SHA256:/)).toBeVisible();
    await expectNoFaults();
    await user.click(dialog.getByRole("button", { name: "Approve and go on" }));
    expect(await screen.findByRole("heading", { name: "Backing up Photo library" })).toBeVisible();
    expect(platform.calls.find((call) => call.name === "trust_host_key")?.args).toHaveProperty(
      "fingerprint",
      expect.stringMatching(/^SHA256:/),
    );
    expect(platform.calls.find((call) => call.name === "resume_backup")?.args).not.toHaveProperty("confirm");
  });

  it("says why no key is shown, and asks again", async () => {
    const { platform, user } = open("host_key");
    platform.failNext("test_connection", "connection_failed", "nas did not answer.", ["Is it switched on?"]);
    const dialog = await look(user);
    expect(await dialog.findByText("nas did not answer.")).toBeVisible();
    expect(dialog.queryByRole("button", { name: "Approve and go on" })).not.toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Ask again" }));
    expect(await dialog.findByText(/^SHA256:/)).toBeVisible();
  });
});

it("a job that begins to wait is announced with what it waits for", async () => {
  const { platform } = open("protected_running");
  await screen.findByTestId("running-percent");
  act(() =>
    platform.change(waitingJob(platform), {
      status: "pending",
      phase: "waiting",
      active: false,
      waiting_for: "lock",
    }),
  );
  expect(await screen.findByText("Home folder waits: Backup SSD is in use.")).toBeInTheDocument();
});

it("the lock is found in the engine's sentence, and nowhere else", () => {
  const of = (error_message: string | null) => lockPath({ ...lockedJob(), error_message });
  expect(of("NAS is locked by another program. The lock is /srv/a. b/lock.roster. Wait until it ends.")).toBe(
    "/srv/a. b/lock.roster",
  );
  expect(of("NAS is locked.")).toBeNull();
  expect(of(null)).toBeNull();
});

function lockedJob() {
  const { jobs } = scenarios.locked();
  const last = jobs.at(-1);
  if (!last) throw new Error("The scenario has no job");
  return last;
}

describe("the timeline", () => {
  const steps = (name: keyof typeof scenarios, pick: "last" | "failed" = "last") => {
    const { jobs, plans } = scenarios[name]();
    const job = pick === "failed" ? jobs.find((each) => each.status === "failed") : jobs.at(-1);
    if (!job) throw new Error("The scenario has no such job");
    const plan = plans.find((each) => each.id === job.plan);
    return timelineOf(job, plan, FAKE_NOW, null).map(({ name: step, time, state }) => [step, time, state]);
  };

  it("has each step of a running backup with its own duration", () => {
    expect(steps("protected_running")).toEqual([
      ["Wait", "0:00", "completed"],
      ["Sync cache", "0:19", "completed"],
      ["Back up", "6:29", "running"],
      ["Finish", "–", "pending"],
      ["Prune", "–", "pending"],
      ["Compact", "–", "pending"],
    ]);
  });

  it("has the durations of maintenance too", () => {
    expect(steps("pruning").slice(2)).toEqual([
      ["Back up", "10:17", "completed"],
      ["Finish", "0:01", "completed"],
      ["Prune", "0:20", "running"],
      ["Compact", "–", "pending"],
    ]);
  });

  it("says where a failed backup stopped, and skips the rest", () => {
    expect(steps("overview", "failed").map(([step, , state]) => [step, state])).toEqual([
      ["Wait", "completed"],
      ["Sync cache", "completed"],
      ["Back up", "failed"],
      ["Finish", "skipped"],
      ["Prune", "skipped"],
      ["Compact", "skipped"],
    ]);
  });

  it("adds a wait in the middle to the wait before", () => {
    expect(steps("locked").slice(0, 3)).toEqual([
      ["Wait", "0:12", "completed"],
      ["Sync cache", "0:02", "pending"],
      ["Back up", "–", "pending"],
    ]);
  });
});
