import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { StartMaintenance } from "../../platform/bindings";
import { expectNoFaults, open } from "../../test/screen";

/** A window with maintenance that was asked for by itself. */
async function begun(args: StartMaintenance, scenario: Parameters<typeof open>[0] = "protected") {
  const opened = open(scenario, "#/jobs");
  await screen.findAllByTestId("job-row");
  const { job_id: id } = await act(() => opened.platform.call("start_maintenance", args));
  const fail = (part: object = {}) =>
    act(() =>
      opened.platform.change(id, {
        status: "failed",
        phase: "ended",
        phase_percent: null,
        active: false,
        maintenance_status: "check_failed",
        error_code: "repository_damaged",
        error_message: "Backup SSD is damaged. The log says where.",
        ended_at: opened.platform.now().toISOString(),
        ...part,
      }),
    );
  const asked = () =>
    opened.platform.calls.filter((call) => call.name === "start_maintenance").map((call) => call.args);
  return { ...opened, id, fail, asked };
}
const check = { repository_id: 1, kind: "check" } as const;
const prune = { repository_id: 1, kind: "prune", plan: 1 } as const;
const panel = () => screen.findByRole("complementary", { name: "Job details" });
const rowOf = (id: number) =>
  waitFor(() => {
    const row = screen.getAllByTestId("job-row").find((each) => each.dataset.job === `${id}`);
    if (!row) throw new Error(`no row of job ${id}`);
    return row;
  });

describe("maintenance by itself", () => {
  it("is a job with a name in plain words, its percent, and none of a backup's figures", async () => {
    const { platform, id } = await begun(check);
    act(() => platform.advance(2000));
    const row = await rowOf(id);
    await waitFor(() => expect(row).toHaveTextContent("Check of Backup SSD"));
    await waitFor(() => expect(row).toHaveTextContent("Running50%"));
    expect(row.querySelector(".c-files")).toHaveTextContent("–");
    expect(row.querySelector(".c-size")).toHaveTextContent("–");
    expect(row.querySelector(".c-maint")).toHaveTextContent("–");
    expect(
      screen.getByRole("link", { name: /Queue:\s*Check of Backup SSD\s*50%\s*1 running/ }),
    ).toBeVisible();
    await expectNoFaults();
  });

  it("is named after the plan whose archives it prunes", async () => {
    const { id } = await begun(prune);
    expect(await rowOf(id)).toHaveTextContent("Prune of Home folder");
  });

  it("is found by its words and chosen by its kind", async () => {
    const { platform, user, id } = await begun(check);
    await user.type(screen.getByRole("searchbox", { name: "Search" }), "check of backup");
    await waitFor(() => expect(screen.getAllByTestId("job-row")).toHaveLength(1));
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Kind" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Check" }));
    await waitFor(() => expect(screen.getAllByTestId("job-row")).toHaveLength(1));
    expect(await rowOf(id)).toBeVisible();
    expect(platform.calls.filter((call) => call.name === "list_jobs").at(-1)?.args).toEqual({
      limit: 200,
      kind: "check",
    });
    await user.click(screen.getByRole("button", { name: "Kind Check" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Compact" }));
    expect(await screen.findByText("No compact jobs.")).toBeVisible();
  });

  it("shows its progress and its one step, and a backup's badge never", async () => {
    const { platform, id } = await begun(prune);
    window.location.hash = `#/jobs/${id}`;
    act(() => platform.advance(2000));
    const details = await panel();
    const bar = await within(details).findByRole("progressbar", { name: "Prune of Home folder" });
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuetext", "Pruning, 50 percent"));
    expect(within(details).queryByText("Original")).not.toBeInTheDocument();
    const steps = within(details)
      .getAllByRole("listitem")
      .map((item) => item.textContent);
    expect(steps.some((step) => step?.startsWith("Prune50%"))).toBe(true);
    expect(steps.some((step) => step?.startsWith("Compact"))).toBe(true);
    expect(steps.some((step) => step?.startsWith("Back up"))).toBe(false);
    await expectNoFaults();
    act(() => platform.advance(10_000));
    expect(await within(details).findByText("Completed")).toBeVisible();
    expect(within(details).queryByText(/^Safe,/)).not.toBeInTheDocument();
  });

  it("that failed says why, without the badge of a safe archive", async () => {
    const { id, fail } = await begun(check);
    window.location.hash = `#/jobs/${id}`;
    await panel();
    fail();
    expect(await screen.findByText("Backup SSD is damaged")).toBeVisible();
    expect(screen.queryByText("Safe, check failed")).not.toBeInTheDocument();
    await expectNoFaults();
  });

  it("is tried again as the same once more, and not twice at a time", async () => {
    const { user, id, fail, asked } = await begun(check);
    window.location.hash = `#/jobs/${id}`;
    await panel();
    fail();
    await user.click(await screen.findByText("Try again"));
    await waitFor(() => expect(asked().at(-1)).toEqual({ ...check, retry_of: id }));
    await waitFor(() => expect(window.location.hash).not.toBe(`#/jobs/${id}`));
    window.location.hash = `#/jobs/${id}`;
    expect(await screen.findByText("Backup SSD is damaged")).toBeVisible();
    expect(screen.queryByText("Try again")).not.toBeInTheDocument();
  });

  it("of a plan is tried again for that plan", async () => {
    const { user, id, fail, asked } = await begun(prune);
    window.location.hash = `#/jobs/${id}`;
    await panel();
    fail({ maintenance_status: "prune_failed" });
    await user.click(await within(await panel()).findByRole("button", { name: "Try again" }));
    await waitFor(() => expect(asked().at(-1)).toEqual({ ...prune, retry_of: id }));
  });

  it("is cancelled by its own name, with what is left of it", async () => {
    const { user, id } = await begun(prune);
    window.location.hash = `#/jobs/${id}`;
    await user.click(await within(await panel()).findByRole("button", { name: "Cancel" }));
    const question = await screen.findByRole("alertdialog", { name: "Cancel this prune?" });
    expect(question).toHaveTextContent("Archives that are deleted already stay deleted.");
    await user.click(within(question).getByRole("button", { name: "Cancel prune" }));
    expect(await within(await panel()).findByRole("button", { name: "Cancelling…" })).toBeVisible();
  });

  it("that waits for a passphrase asks for it by its name", async () => {
    const { platform, id } = await begun(check);
    act(() =>
      platform.change(id, { status: "pending", phase: "waiting", active: false, waiting_for: "passphrase" }),
    );
    expect(await screen.findByText("Check of Backup SSD cannot go on without it.")).toBeVisible();
  });
});

describe("the Overview", () => {
  it("shows maintenance at work on a card of its own, and looks at backups alone for everything else", async () => {
    const { platform, fail } = await begun(prune);
    window.location.hash = "#/overview";
    act(() => platform.advance(2000));
    const bar = await screen.findByRole("progressbar", { name: "Prune of Home folder" });
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuenow", "50"));
    expect(screen.getByRole("heading", { name: "Everything is protected" })).toBeVisible();
    expect(screen.getByRole("article", { name: "Home folder" })).toHaveTextContent("Completed");
    expect(screen.queryByTestId("running-percent")).not.toBeInTheDocument();
    await expectNoFaults();
    fail({ maintenance_status: "prune_failed" });
    await waitFor(() => expect(bar).not.toBeInTheDocument());
    expect(screen.getByRole("heading", { name: "Everything is protected" })).toBeVisible();
    expect(screen.getByRole("article", { name: "Home folder" })).not.toHaveTextContent("Failed");
    const strip = within(screen.getByRole("article", { name: "Home folder" })).getByRole("img");
    expect(strip.getAttribute("aria-label")).not.toMatch(/failed/);
  });
});
