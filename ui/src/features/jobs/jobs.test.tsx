import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { go } from "../../app/router";
import { expectNoFaults, open } from "../../test/screen";

const rows = () => screen.findAllByTestId("job-row");
const row = async (...words: string[]) => {
  const found = (await rows()).find((each) => words.every((word) => each.textContent?.includes(word)));
  if (!found) throw new Error(`No row with ${words.join(" and ")}`);
  return found;
};
/** Has only the jobs of a status shown, of which there is one. */
const only = async (user: ReturnType<typeof open>["user"], status: string) => {
  await user.click(screen.getByRole("button", { name: "Status" }));
  await user.click(await screen.findByRole("menuitemradio", { name: status }));
  await waitFor(async () => expect(await rows()).toHaveLength(1));
};
const panel = () => screen.findByRole("complementary", { name: "Job details" });

describe("the job history", () => {
  it("is grouped by day, newest first", async () => {
    open("overview", "#/jobs");
    expect(await screen.findByText("Thursday 12 March")).toBeVisible();
    expect(screen.getByText("Wednesday 11 March")).toBeVisible();
    expect(await row("Failed", "Photo library")).toHaveTextContent("Scheduled");
    await expectNoFaults();
  });

  it("draws only the rows in sight and asks for older jobs when their place comes", async () => {
    const { platform, user } = open("many_jobs", "#/jobs");
    expect((await rows()).length).toBeLessThan(80);
    const listed = () => platform.calls.filter((c) => c.name === "list_jobs");
    expect(listed()).toHaveLength(1);
    Object.defineProperty(document.querySelector(".list-pane"), "scrollHeight", { value: 200 * 34 });
    (await rows())[0]?.focus();
    await user.keyboard("{End}");
    await waitFor(() => expect(listed().length).toBeGreaterThan(1));
    expect(listed()[1]?.args).toEqual({ limit: 200, before_id: 4801 });
  });

  it("is filtered by status", async () => {
    const { platform, user } = open("overview", "#/jobs");
    await rows();
    await only(user, "Failed");
    expect(platform.calls.at(-1)?.args).toEqual({ limit: 200, status: "failed" });
    screen.getByRole("button", { name: "Status Failed" }).focus();
    await user.keyboard("{Backspace}");
    await waitFor(async () => expect((await rows()).length).toBeGreaterThan(1));
  });

  it("has a job that comes to the status it is filtered by", async () => {
    const { platform, user } = open("overview", "#/jobs");
    await rows();
    await only(user, "Running");
    const waiting = platform.state.jobs.find((job) => job.status === "pending");
    act(() => platform.change(waiting?.id ?? 0, { status: "running", phase: "backing_up", active: true }));
    await waitFor(async () => expect(await rows()).toHaveLength(2));
  });

  it("is filtered by repository only where there are several", async () => {
    open("first_backup", "#/jobs");
    await rows();
    expect(screen.queryByRole("button", { name: "Repository" })).not.toBeInTheDocument();
  });

  it("is searched, and nothing found can be undone", async () => {
    const { user } = open("overview", "#/jobs");
    await rows();
    await user.keyboard("{Control>}f{/Control}");
    expect(screen.getByRole("searchbox", { name: "Search" })).toHaveFocus();
    await user.keyboard("zebra");
    expect(await screen.findByText("No jobs match")).toBeVisible();
    expect(screen.getByText("No jobs with “zebra”.")).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect((await rows()).length).toBeGreaterThan(5);
  });

  it("is one tab stop with arrow keys inside", async () => {
    const { user } = open("overview", "#/jobs");
    const all = await rows();
    expect(all.filter((each) => each.tabIndex === 0)).toHaveLength(1);
    all[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    await waitFor(() => expect(document.activeElement).toHaveTextContent("Completed"));
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(document.activeElement).toHaveTextContent("Running"));
    const id = (document.activeElement as HTMLElement).dataset.job;
    await user.keyboard("{Enter}");
    const details = await panel();
    await waitFor(() => expect(details).toHaveFocus());
    expect(window.location.hash).toBe(`#/jobs/${id}`);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary")).not.toBeInTheDocument());
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset.job).toBe(id));
  });

  it("takes the focus to details that are still being asked for", async () => {
    const { platform, user } = open("overview", "#/jobs");
    const job = await row("Failed", "Photo library");
    job.focus();
    platform.state.delay = 200;
    await user.keyboard("{Enter}");
    const details = await panel();
    await waitFor(() => expect(details).toHaveFocus());
    expect(within(details).getByRole("heading", { name: `Job ${job.dataset.job}` })).toBeVisible();
    expect(await within(details).findByRole("heading", { name: "Photo library" })).toBeVisible();
    expect(details).toHaveFocus();
  });

  it("shows a job that was started meanwhile", async () => {
    const { user } = open("protected", "#/jobs");
    await rows();
    await user.click(screen.getByRole("button", { name: "Back up now" }));
    await user.click(await screen.findByRole("menuitem", { name: /Photo library/ }));
    expect(await within(await panel()).findByRole("heading", { name: "Photo library" })).toBeVisible();
    expect(await row("Running", "Photo library")).toHaveAttribute("aria-selected", "true");
  });

  it("has a record of nothing where there is nothing", async () => {
    const { platform } = open("first_backup", "#/jobs");
    await rows();
    expect(platform.state.jobs).toHaveLength(1);
    expect(screen.getByText("1 job")).toBeVisible();
  });
});

describe("the details of a job", () => {
  it("that failed say what happened, what is kept, and what to do", async () => {
    const { platform, user } = open("overview", "#/jobs");
    await user.click(await row("Failed", "Photo library"));
    const details = await panel();
    expect(within(details).getByText("Storage Box closed the connection at 38%")).toBeVisible();
    expect(within(details).getByText(/Nothing already stored is damaged.*Kept up to/)).toBeVisible();
    expect(within(details).getByText("Borg ended with code 80")).toBeVisible();
    expect(within(details).getAllByText("Skipped, the backup did not finish")).toHaveLength(2);
    await expectNoFaults();
    await user.click(within(details).getByRole("button", { name: "Try again" }));
    await waitFor(() =>
      expect(platform.calls.find((call) => call.name === "start_backup")?.args).toHaveProperty("retry_of"),
    );
    expect(await within(await panel()).findByText("Running")).toBeVisible();
  });

  it("that runs show its progress and can cancel it", async () => {
    const { user } = open("overview", "#/jobs");
    await user.click(await row("Running", "Home folder"));
    const details = await panel();
    expect(within(details).getByRole("progressbar")).toHaveAttribute("aria-valuenow", "62");
    expect(within(details).getByText("About 4 min left", { collapseWhitespace: true })).toBeVisible();
    await expectNoFaults();
    await user.click(within(details).getByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("alertdialog")).toBeVisible();
  });

  it("of one that waits for its turn have it run next", async () => {
    const { platform, user } = open("overview");
    const work = (await platform.call("list_plans", {})).plans.find((plan) => plan.name === "Work projects");
    const start = { repository: work?.repository.path ?? "", plan: work?.id ?? 0 };
    const { job_id } = await platform.call("start_backup", start);
    act(() => go({ screen: "jobs", job: job_id }));
    await user.click(await within(await panel()).findByRole("button", { name: "Run next" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Run next" })).toBeNull());
    const job = await platform.call("get_backup_status", { job_id });
    expect(job.queue_position).toBe(1);
  });

  it("that lacks its passphrase ask for it and try again", async () => {
    const { platform, user } = open("wrong_passphrase", "#/jobs/1");
    await user.click(await within(await panel()).findByRole("button", { name: "Enter passphrase…" }));
    await user.type(await screen.findByLabelText("Passphrase"), "the right one{Enter}");
    await waitFor(() => expect(platform.calls.some((call) => call.name === "start_backup")).toBe(true));
  });

  it("stay open when Esc clears a search or closes a menu in them", async () => {
    const { user } = open("huge_log", "#/jobs/1");
    await user.type(await screen.findByRole("searchbox", { name: "Search log" }), "shard{Escape}");
    expect(screen.getByRole("searchbox", { name: "Search log" })).toHaveValue("");
    await user.click(screen.getByRole("button", { name: "Level" }));
    await screen.findByRole("menu");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
    expect(await panel()).toBeVisible();
    screen.getByRole("searchbox", { name: "Search log" }).focus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary")).not.toBeInTheDocument());
  });

  it("whose passphrase is never kept say so where it is entered", async () => {
    const { platform, user } = open("passphrase", "#/jobs");
    platform.state.repositories = platform.state.repositories.map((each) => ({
      ...each,
      keep_passphrase: "never",
    }));
    const dialog = within(await screen.findByRole("dialog", { name: "Passphrase for Backup SSD" }));
    expect(await dialog.findByText(/forgotten when the job ends/)).toBeVisible();
    expect(dialog.queryByRole("checkbox")).not.toBeInTheDocument();
    await user.type(dialog.getByLabelText("Passphrase"), "harbour{Enter}");
    await waitFor(() =>
      expect(platform.calls.find((call) => call.name === "unlock_repository")?.args).toMatchObject({
        remember_passphrase: false,
      }),
    );
  });

  it("that waits for its passphrase ask for it", async () => {
    const { platform, user } = open("passphrase", "#/jobs");
    await user.click(await screen.findByRole("button", { name: "Not now" }));
    await user.click(await row("Pending", "Home folder"));
    await user.click(await within(await panel()).findByRole("button", { name: "Enter passphrase…" }));
    await user.type(await screen.findByLabelText("Passphrase"), "the right one{Enter}");
    expect(await within(await panel()).findByText("Running")).toBeVisible();
    expect(platform.calls.some((call) => call.name === "start_backup")).toBe(false);
  });

  it("go on when the passphrase is right and the keyring does not take it", async () => {
    const { platform, user } = open("passphrase", "#/jobs");
    const dialog = within(await screen.findByRole("dialog", { name: "Passphrase for Backup SSD" }));
    platform.failNext("unlock_repository", "keyring_failed", "The keyring did not take the passphrase.", [
      "Alcove asks for it after a restart.",
    ]);
    await user.type(dialog.getByLabelText("Passphrase"), "linen{Enter}");
    expect(await screen.findByText("The passphrase is not remembered")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("show Borg's command, to copy", async () => {
    const { user } = open("overview", "#/jobs");
    await user.click(await row("Failed", "Photo library"));
    const details = await panel();
    await user.click(within(details).getByRole("button", { name: "Show command" }));
    await user.click(within(details).getByRole("button", { name: "Copy command" }));
    expect(await navigator.clipboard.readText()).toMatch(/^borg create .*\/data\/Photos$/);
  });

  it("tell of maintenance beside a status that is fixed", async () => {
    const { platform } = open("pruning", "#/jobs");
    const { id } = platform.state.jobs.at(-1) ?? { id: 0 };
    window.location.hash = `#/jobs/${id}`;
    const details = await panel();
    const steps = async () =>
      within(await panel())
        .getAllByRole("listitem")
        .filter((item) => /^(Back up|Prune|Compact)/.test(item.textContent ?? ""))
        .map((item) => item.textContent);
    expect(await within(details).findByText("Completed")).toBeVisible();
    expect(within(details).getByText("Pruning")).toBeVisible();
    expect((await steps()).map((step) => step?.replace(/[\d:]+$/, ""))).toEqual([
      "Back upThe archive is safe",
      "Prune40%",
      "CompactAfter prune–",
    ]);
    act(() =>
      platform.change(id, {
        phase: "ended",
        phase_percent: null,
        active: false,
        maintenance_status: "prune_failed",
        error_message: "Backup SSD is full. Free space there.",
        ended_at: platform.now().toISOString(),
      }),
    );
    expect(await within(details).findByText("Safe, prune failed")).toBeVisible();
    expect(within(details).getByText("Completed")).toBeVisible();
    expect(within(details).getByText("The archive is safe, prune failed")).toBeVisible();
    expect(within(details).getByText("Backup SSD is full. Free space there.")).toBeVisible();
    expect((await steps()).slice(1)).toEqual(["PruneFailed, the archive is safe0:20", "CompactSkipped–"]);
    await expectNoFaults();
  });

  it("of a job that is not there say so", async () => {
    open("overview", "#/jobs/99999");
    expect(await screen.findByText("There is no job 99999.")).toBeVisible();
  });

  it("follow the job to its end", async () => {
    const { platform } = open("first_backup", "#/jobs/1");
    await panel();
    act(() => platform.advance(5 * 60_000));
    const details = await panel();
    expect(await within(details).findByText("The archive is safe")).toBeVisible();
    expect(within(details).getAllByText("Done")).toHaveLength(2);
    expect(within(details).queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
  });
});
