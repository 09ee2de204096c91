import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Job } from "../../platform/bindings";
import { scenarios } from "../../platform/fake/scenarios";
import { expectNoFaults, open } from "../../test/screen";

const card = (name: string) => screen.getByRole("article", { name });

describe("the Overview", () => {
  it("says what is wrong and leads to it", async () => {
    const { user } = open("overview");
    expect(await screen.findByRole("heading", { name: "1 plan needs attention" })).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("link", { name: "See what happened" }));
    expect(await screen.findByText("Storage Box closed the connection at 38%")).toBeVisible();
  });

  it("shows the versions and the queue", async () => {
    open("overview");
    expect(await screen.findByText("Alcove 0.1.0")).toBeVisible();
    expect(screen.getByText("Borg 1.4.1")).toBeVisible();
    expect(
      screen.getByRole("link", { name: /Queue:\s*Home folder\s*62%\s*1 running, 1 waiting/ }),
    ).toBeVisible();
  });

  it("has only screens that exist in its navigation", async () => {
    open("protected");
    const nav = await screen.findByRole("navigation", { name: "Main" });
    expect(
      within(nav)
        .getAllByRole("link")
        .map((link) => link.getAttribute("aria-label")),
    ).toEqual(["Overview", "Jobs", "Repositories", "Plans", "Settings"]);
  });

  it.each([
    "protected",
    "first_backup",
    "counting",
    "pruning",
    "cancelling",
    "borg_gone",
    "retrying",
  ] as const)("has no accessibility fault in %s", async (scenario) => {
    open(scenario);
    await screen.findByRole("heading", { level: 1 });
    await expectNoFaults();
  });
});

describe("a running backup", () => {
  it("shows its figures", async () => {
    open("overview");
    const bar = await screen.findByRole("progressbar", { name: "Backing up Home folder" });
    expect(bar).toHaveAttribute("aria-valuenow", "62");
    expect(bar.getAttribute("aria-valuetext")).toMatch(/^62 percent, about 4.min left$/);
    expect(screen.getByTestId("running-percent")).toHaveTextContent("62%");
    expect(screen.getByTestId("running-speed")).toHaveTextContent("211 MB/s");
    expect(screen.getByTestId("running-files")).toHaveTextContent("412,806of 668,120");
    expect(screen.getByTestId("running-original")).toHaveTextContent("86.2 GBof 139 GB");
    expect(screen.getByTestId("running-deduplicated")).toHaveTextContent("1.31 GBnew");
    expect(screen.getByTestId("running-file")).toHaveTextContent("/Day 04 Reinebringen/DSC_4187.NEF");
    const steps = within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      "Waiting",
      "Syncing cache",
      "Backing up",
      "Finishing",
      "Pruning",
      "Compacting",
    ]);
    expect(steps[2]).toHaveAttribute("aria-current", "step");
  });

  it("shows counts alone while the total is unknown", async () => {
    open("counting");
    const bar = await screen.findByRole("progressbar", { name: "Backing up Home folder" });
    expect(bar).not.toHaveAttribute("aria-valuenow");
    expect(screen.getByTestId("running-percent")).toHaveTextContent("184,302 filesso far");
    expect(screen.queryByText("%")).not.toBeInTheDocument();
  });

  it("keeps 100% while the repository is tidied up, with a line of its own for that", async () => {
    open("pruning");
    expect(await screen.findByRole("heading", { name: "Home folder is backed up" })).toBeVisible();
    expect(screen.getByTestId("running-percent")).toHaveTextContent("100%");
    expect(screen.getByRole("progressbar", { name: "Pruning" })).toHaveAttribute("aria-valuenow", "40");
    expect(within(card("Home folder")).getByText("Completed")).toBeVisible();
    expect(within(card("Home folder")).getByText("Pruning")).toBeVisible();
    expect(screen.getByRole("link", { name: /Queue:\s*Home folder\s*Pruning\s*1 running/ })).toBeVisible();
    const running = within(screen.getByRole("region", { name: "Home folder is backed up" }));
    expect(running.getByText("Pruning 40%")).toBeVisible();
    expect(running.getByText("The archive is safe")).toBeVisible();
    await expectNoFaults();
  });

  it("stays through prune and compact, and goes when the job does", async () => {
    const { platform } = open("pruning");
    const job = platform.state.jobs.at(-1)?.id ?? 0;
    await screen.findByText("Pruning 40%");
    act(() =>
      platform.change(job, {
        phase: "compacting",
        phase_percent: 71.4,
        maintenance_status: "running_compact",
      }),
    );
    expect(await screen.findByRole("progressbar", { name: "Compacting" })).toHaveAttribute(
      "aria-valuenow",
      "71",
    );
    expect(screen.getByTestId("running-percent")).toHaveTextContent("100%");
    const steps = within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(steps.at(-1)).toHaveAttribute("aria-current", "step");
    act(() =>
      platform.change(job, {
        phase: "ended",
        phase_percent: null,
        active: false,
        maintenance_status: "maintenance_completed",
        ended_at: platform.now().toISOString(),
      }),
    );
    await waitFor(() => expect(screen.queryByTestId("running-percent")).not.toBeInTheDocument());
  });

  it("takes its question along when the backup becomes safe meanwhile", async () => {
    const { platform, user } = open("first_backup");
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    await screen.findByRole("alertdialog", { name: "Cancel this backup?" });
    act(() =>
      platform.change(1, { status: "completed", phase: "pruning", maintenance_status: "running_prune" }),
    );
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("alertdialog", { name: "Stop pruning?" })).toBeVisible();
  });

  it("is cancelled after a question whose safe answer has the focus", async () => {
    const { platform, user } = open("overview");
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    const dialog = await screen.findByRole("alertdialog", { name: "Cancel this backup?" });
    expect(dialog).toHaveTextContent(/continues from the 1\.31.GB stored so far/);
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep running" })).toHaveFocus());
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
    expect(platform.calls.some((call) => call.name === "cancel_backup")).toBe(false);

    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await user.click(await screen.findByRole("button", { name: "Cancel backup" }));
    expect(await screen.findByRole("button", { name: "Cancelling…" })).toBeDisabled();
    expect(within(card("Home folder")).getByText("Running")).toBeVisible();
    expect(screen.getByText("Borg is asked to stop and to keep what it has stored.")).toBeVisible();
    act(() => platform.advance(1000));
    expect(await screen.findByText("Writing a checkpoint")).toBeVisible();
    act(() => platform.advance(2000));
    expect(await within(card("Home folder")).findByText("Cancelled")).toBeVisible();
    expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  });

  it("says what is kept while Borg has to be ended", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    const kept_until = platform.now().toISOString();
    act(() => platform.change(1, { cancelling: true, cancel_stage: "forced", kept_until }));
    expect(await screen.findByText("Ending Borg")).toBeVisible();
    expect(screen.getByText(/is ended with its connection\. Kept up to \d/)).toBeVisible();
  });

  it("that was cancelled before anything was safe says what is kept, and offers the next one", async () => {
    const { platform, user } = open("first_backup");
    await screen.findByTestId("running-percent");
    const now = platform.now().toISOString();
    act(() =>
      platform.change(1, {
        status: "cancelled",
        phase: "ended",
        active: false,
        kept_until: now,
        completed_at: now,
        ended_at: now,
      }),
    );
    expect(await screen.findByRole("heading", { name: "1 plan is not protected yet" })).toBeVisible();
    expect(within(card("Home folder")).getByText(/^Up to /)).toBeVisible();
    await expectNoFaults();
    await user.click(within(screen.getByRole("banner")).getByRole("button", { name: "Back up now" }));
    expect(await screen.findByRole("heading", { name: "Your first backup is running" })).toBeVisible();
  });

  it("goes through its phases to the end and lets the next one begin", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    act(() => platform.advance(5 * 60_000));
    expect(await screen.findByRole("heading", { name: "Everything is protected" })).toBeVisible();
    expect(screen.queryByTestId("running-percent")).not.toBeInTheDocument();
  });

  it("says how much is kept while it runs, and when the next attempt begins after its connection broke", async () => {
    const { platform } = open("first_backup");
    const card = await screen.findByRole("region", { name: /^Backing up / });
    const now = platform.now();
    act(() => platform.change(1, { kept_until: now.toISOString(), kept_size: 1_200_000_000 }));
    expect(await within(card).findByText(/^1\.20 GB kept up to \d/)).toBeVisible();
    const next_try_at = new Date(now.getTime() + 3_600_000).toISOString();
    act(() => platform.change(1, { phase: "waiting", attempt: 2, next_try_at }));
    expect(
      await within(card).findByText(/^Attempt 2, 1\.20 GB kept up to .+, next try in \d+:\d\d/),
    ).toBeVisible();
    expect(screen.queryByText("Everything is protected")).not.toBeInTheDocument();
    await expectNoFaults();
  });

  it("shows its speed to who asks, as a line to look at and a table to hear", async () => {
    const { platform, user } = open("first_backup");
    const card = await screen.findByRole("region", { name: /^Backing up / });
    await user.click(within(card).getByRole("button", { name: "Show speed" }));
    expect(within(card).getByText("There is nothing to draw yet.")).toBeVisible();
    const began = platform.now().getTime();
    const progress = scenarios.first_backup().jobs[0]?.progress_details as Job["progress_details"];
    for (const [hours, backup_speed] of [
      [2, 80],
      [3, 120],
    ] as const) {
      const started_at = new Date(began - hours * 3_600_000).toISOString();
      act(() => platform.change(1, { phase: "preparing" }));
      act(() =>
        platform.change(1, {
          phase: "backing_up",
          started_at,
          progress_details: { ...progress, backup_speed },
        }),
      );
    }
    const table = await within(card).findByRole("table", { name: /^Speed of / });
    expect(within(table).getByRole("row", { name: /2:00:00 80.MB\/s/ })).toBeInTheDocument();
    expect(within(table).getByRole("row", { name: /3:00:00 120.MB\/s/ })).toBeInTheDocument();
    await expectNoFaults();
    await user.click(within(card).getByRole("button", { name: "Hide speed" }));
    expect(within(card).queryByRole("table")).not.toBeInTheDocument();
  });

  it("that failed is not called running while its scripts run", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    const now = platform.now().toISOString();
    act(() => platform.change(1, { status: "failed", phase: "hook_after", completed_at: now }));
    const failed = await screen.findByRole("region", { name: "Home folder did not finish" });
    expect(within(failed).getByRole("progressbar", { name: "Script after" })).toBeVisible();
    window.location.hash = "#/jobs/1";
    const panel = await screen.findByRole("complementary", { name: "Job details" });
    expect(within(panel).getByText("Script after").closest("li")).toHaveAttribute("data-status", "running");
    expect(within(panel).getByText("Back up").closest("li")).toHaveAttribute("data-status", "failed");
    await expectNoFaults();
  });

  it("says when Borg has said nothing for long", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    act(() => platform.change(1, { stalled_since: platform.now().toISOString() }));
    expect(await screen.findByText(/^Borg has said nothing since /)).toBeVisible();
    window.location.hash = "#/jobs/1";
    expect(await screen.findByRole("complementary", { name: "Job details" })).toHaveTextContent(
      /Borg has said nothing since /,
    );
    await expectNoFaults();
  });

  it("says which attempt it is", async () => {
    open("retrying");
    expect(await screen.findByText("Attempt 2, trying again soon")).toBeVisible();
  });
});

describe("a plan", () => {
  it("that is due and has to wait says what for and since when", async () => {
    open("drive_away");
    const home = within(await screen.findByRole("article", { name: "Home folder" }));
    expect(home.getByText("Backup SSD to be plugged in")).toBeVisible();
    expect(home.getByText(/^Today, (18:00|6:00 PM)$/)).toBeVisible();
    expect(home.getByRole("button", { name: "Back up now" })).toBeEnabled();
    await expectNoFaults();
  });

  it("is backed up with one button", async () => {
    const { platform, user } = open("protected");
    const button = await within(await screen.findByRole("article", { name: "Photo library" })).findByRole(
      "button",
      { name: "Back up now" },
    );
    await user.click(button);
    expect(platform.calls.at(-1)?.name).not.toBe("cancel_backup");
    expect(await within(card("Photo library")).findByText("Running")).toBeVisible();
  });

  it("that failed is tried again", async () => {
    const { platform, user } = open("overview");
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(platform.calls.filter((call) => call.name === "start_backup").map((call) => call.args)).toEqual([
      {
        repository: "ssh://u318429@u318429.your-storagebox.de:23/./backups/thinkpad",
        plan: 2,
        retry_of: 1524,
      },
    ]);
  });

  it("that waits can be skipped", async () => {
    const { user } = open("overview");
    await user.click(await screen.findByRole("button", { name: "Skip this run" }));
    expect(await within(card("Work projects")).findByText("Cancelled")).toBeVisible();
  });

  it("that cannot start says why, until that is dismissed", async () => {
    const { platform, user } = open("protected");
    platform.failNext("start_backup", "borg_missing", "Borg is missing.", ["Install it."]);
    await user.click((await screen.findAllByRole("button", { name: "Back up now" }))[0] as HTMLElement);
    expect(await screen.findByText("Borg is missing. Install it.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText("Borg is missing. Install it.")).not.toBeInTheDocument();
  });

  it("shows a failed compact beside its status, not instead of it", async () => {
    open("protected");
    const configs = await screen.findByRole("article", { name: "Server configs" });
    expect(within(configs).getByText("Completed with warnings")).toBeVisible();
    expect(within(configs).getByText("Safe, compact failed")).toBeVisible();
  });

  it("has a month that is read day by day with the arrow keys", async () => {
    const { user } = open("overview");
    const strip = await screen.findByRole("img", {
      name: /^Photo library\. Last 30 days: 29 days completed, 1 day failed/,
    });
    strip.focus();
    await user.keyboard("{End}");
    expect(screen.getAllByText(/^Today: failed, /)[0]).toBeInTheDocument();
    await user.keyboard("{ArrowLeft}");
    expect(screen.getAllByText(/^11 March: completed, /)[0]).toBeInTheDocument();
  });
});

describe("a passphrase that is asked for", () => {
  it("opens by itself, unlocks, and the backup goes on", async () => {
    const { platform, user } = open("passphrase");
    expect(await screen.findByRole("dialog", { name: "Passphrase for Backup SSD" })).toBeVisible();
    await expectNoFaults();
    await user.type(screen.getByLabelText("Passphrase"), "wrong{Enter}");
    expect(await screen.findByText("This passphrase does not open the repository.")).toBeVisible();
    expect(screen.getByLabelText("Passphrase")).toHaveValue("wrong");
    expect(screen.getByLabelText("Passphrase")).toHaveFocus();
    await user.clear(screen.getByLabelText("Passphrase"));
    await user.type(screen.getByLabelText("Passphrase"), "the right one{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(await screen.findByRole("heading", { name: "Backing up Home folder" })).toBeVisible();
    expect(platform.calls.find((call) => call.name === "unlock_repository")?.args).toMatchObject({
      remember_passphrase: true,
    });
  });

  it("once closed stays closed, and can be opened again", async () => {
    const { user } = open("passphrase");
    await user.click(await screen.findByRole("button", { name: "Not now" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.click(within(screen.getByRole("banner")).getByRole("button", { name: "Enter passphrase…" }));
    expect(await screen.findByRole("dialog")).toBeVisible();
  });
});

describe("the keyboard", () => {
  it("opens screens with Ctrl and a number", async () => {
    const { user } = open("protected");
    await screen.findByRole("heading", { level: 1 });
    await user.keyboard("{Control>}2{/Control}");
    expect(await screen.findByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
    await user.keyboard("{Control>}1{/Control}");
    expect(await screen.findByRole("heading", { level: 1, name: "Everything is protected" })).toBeVisible();
  });

  it("skips to the content", async () => {
    const { user } = open("protected");
    await screen.findByRole("heading", { level: 1 });
    await user.tab();
    expect(screen.getByRole("link", { name: "Skip to content" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("main")).toHaveFocus();
  });

  it("walks back out of a region inside another with Shift+F6", async () => {
    const { user } = open("overview", "#/jobs");
    (await screen.findAllByTestId("job-row"))[0]?.focus();
    await user.keyboard("{Shift>}{F6}{/Shift}");
    expect(screen.getByRole("navigation").contains(document.activeElement)).toBe(true);
  });

  it("walks through the regions with F6", async () => {
    const { user } = open("protected");
    await screen.findByRole("heading", { level: 1 });
    await user.keyboard("{F6}");
    expect(screen.getByRole("navigation").contains(document.activeElement)).toBe(true);
    await user.keyboard("{F6}");
    expect(screen.getByRole("main").contains(document.activeElement)).toBe(true);
    await user.keyboard("{Shift>}{F6}{/Shift}");
    expect(screen.getByRole("navigation").contains(document.activeElement)).toBe(true);
  });
});

describe("announcements", () => {
  it("say a failure once, as one sentence with the plan's name", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    act(() =>
      platform.change(1, {
        status: "failed",
        phase: "ended",
        active: false,
        error_code: "disk_full",
        error_message: "Backup SSD is full.",
        completed_at: platform.now().toISOString(),
        ended_at: platform.now().toISOString(),
      }),
    );
    expect(await screen.findByText("Home folder failed. Backup SSD is full.")).toBeInTheDocument();
    expect(await screen.findByRole("heading", { name: "1 plan needs attention" })).toBeVisible();
  });

  it("say an end politely", async () => {
    const { platform } = open("first_backup");
    await screen.findByTestId("running-percent");
    act(() => platform.advance(5 * 60_000));
    expect(
      await screen
        .findByText("Home folder: Completed with warnings", { exact: false })
        .catch(() => screen.findByText("Home folder: Completed")),
    ).toBeInTheDocument();
  });
});

it("records that cannot be read say so and can be asked again", async () => {
  const { platform, user } = open("protected");
  // The first answers are on their way; the next window asks again.
  await screen.findByRole("heading", { level: 1 });
  platform.failNext("list_jobs", "store_failed", "The database is locked.");
  await user.click(screen.getByRole("link", { name: "Jobs" }));
  expect(await screen.findByText("The database is locked.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("grid", { name: "Job history" })).toBeVisible();
});

it("says which drive can be unplugged, until it is used again", async () => {
  const { platform } = open("drive_done");
  expect(await screen.findByText("You can unplug Backup SSD now.")).toBeVisible();
  await expectNoFaults();
  platform.state.plans = platform.state.plans.map((plan) => ({ ...plan, unplug: null }));
  await act(() => platform.call("change_plan", { plan: 1 }));
  await waitFor(() => expect(screen.queryByText(/You can unplug/)).not.toBeInTheDocument());
});

describe("a pause", () => {
  const scheduled = async () => {
    const opened = open("protected");
    await screen.findByRole("heading", { name: "Everything is protected" });
    expect(screen.queryByRole("button", { name: "Pause schedules" })).not.toBeInTheDocument();
    await act(() => opened.platform.call("change_plan", { plan: 1, schedule: { cron: "0 18 * * *" } }));
    return opened;
  };

  it("is begun where a plan runs by itself, said, and ended", async () => {
    const { user, platform } = await scheduled();
    await user.click(await screen.findByRole("button", { name: "Pause schedules" }));
    await user.click(await screen.findByRole("menuitem", { name: "Pause schedules until tomorrow" }));
    expect(await screen.findByText(/No plan runs by itself until tomorrow, /)).toBeVisible();
    expect(await screen.findByText(/^Tomorrow, /)).toBeVisible();
    expect(screen.getByRole("heading", { name: "Everything is protected" })).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Resume" }));
    await waitFor(() => expect(screen.queryByText(/No plan runs by itself/)).not.toBeInTheDocument());
    expect(platform.state.pausedUntil).toBeNull();
  });

  it("that is over is not said", async () => {
    const { platform } = await scheduled();
    await act(() => platform.call("pause_schedules", { length: "hour" }));
    await screen.findByText(/No plan runs by itself until today, /);
    act(() => platform.advance(3_600_100));
    // The next beat of the clock paints it again.
    await waitFor(() => expect(screen.queryByText(/No plan runs by itself/)).not.toBeInTheDocument(), {
      timeout: 10_000,
    });
  });
});
