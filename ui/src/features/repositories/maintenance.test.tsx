import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PreviewPrune } from "../../platform/bindings";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";

async function page(id: number, scenario: Parameters<typeof open>[0] = "protected") {
  const opened = open(scenario, `#/repositories/${id}`);
  await screen.findByRole("heading", { level: 2, name: "Storage" });
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, args };
}
const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("a repository's upkeep", () => {
  it("is a check that is begun at once and seen with its percent until it has passed", async () => {
    const { platform, user, args } = await page(1);
    await user.click(button("Check now"));
    const jobs = await screen.findByRole("list", { name: "Jobs under way" });
    act(() => platform.advance(2000));
    await waitFor(() => expect(jobs).toHaveTextContent("Check of Backup SSDChecking 50%"));
    const { id } = platform.state.jobs.at(-1) ?? {};
    expect(within(jobs).getByRole("link")).toHaveAttribute("href", `#/jobs/${id}`);
    for (const name of ["Check now", "Compact", "Prune…"]) {
      expect(button(name)).toHaveAttribute("aria-disabled", "true");
      expect(button(name)).toHaveAccessibleDescription("Check of Backup SSD has not ended yet.");
    }
    // The keyboard stays where it was, and a second press does nothing.
    expect(button("Check now")).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(button("Forget…")).toHaveAttribute("aria-disabled", "true");
    await expectNoFaults();
    act(() => platform.advance(10_000));
    await waitFor(() => expect(jobs).not.toBeInTheDocument());
    expect(await screen.findByText("Passed")).toBeVisible();
    expect(screen.getByRole("link", { name: "Show its job" })).toHaveAttribute("href", `#/jobs/${id}`);
    expect(button("Compact")).not.toHaveAttribute("aria-disabled");
    expect(args("start_maintenance")).toEqual([{ repository_id: 1, kind: "check" }]);
  });

  it("waits for the end of a backup, which is seen with its percent too", async () => {
    await page(1, "protected_running");
    expect(await screen.findByRole("list", { name: "Jobs under way" })).toHaveTextContent(
      "Home folderBacking up 62%",
    );
    expect(button("Check now")).toHaveAccessibleDescription("The backup of Home folder has not ended yet.");
  });

  it("that does not start says why", async () => {
    const { platform, user } = await page(1);
    platform.failNext("start_maintenance", "store_failed", "The disk is full.");
    await user.click(button("Compact"));
    expect(await screen.findByText("The compact of Backup SSD did not start")).toBeVisible();
    expect(screen.getByText("The disk is full.")).toBeVisible();
  });

  it("shows what a prune would delete and why the rest stays, and deletes as many as its button says", async () => {
    const { user, args } = await page(1);
    await user.click(button("Prune…"));
    const dialog = await screen.findByRole("dialog", { name: "Prune Backup SSD" });
    expect(await within(dialog).findByText("14 archives go")).toBeVisible();
    expect(dialog).toHaveTextContent("14 archives go, 10 stay.");
    expect(dialog).toHaveTextContent("1 archive is not of this plan and is never touched.");
    expect(within(dialog).getByText("Not of this plan, untouched")).toBeVisible();
    expect(within(dialog).getByText("The newest of its day, 2nd")).toBeVisible();
    expect(within(dialog).getByText("The newest of its week, 1st")).toBeVisible();
    expect(within(dialog).getAllByText("Goes")).toHaveLength(15);
    await waitFor(() => expect(button("Keep all archives")).toHaveFocus());
    await expectNoFaults();
    await user.click(within(dialog).getByRole("radio", { name: "Stays" }));
    expect(within(dialog).getAllByRole("row")).toHaveLength(11);
    await user.click(within(dialog).getByRole("radio", { name: "Goes" }));
    expect(within(dialog).getAllByRole("row")).toHaveLength(15);
    expect(args("start_maintenance")).toEqual([]);
    expect(args("preview_prune")).toEqual([{ repository_id: 1, plan: 1, refresh: true }]);
    await user.click(button("Delete 14 archives"));
    const jobs = await screen.findByRole("list", { name: "Jobs under way" });
    expect(within(jobs).getByRole("link", { name: /^Prune of Home folder/ })).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(args("start_maintenance")).toEqual([{ repository_id: 1, kind: "prune", plan: 1 }]);
  });

  it("is pruned with the keyboard alone, which Enter outside the button never does", async () => {
    const { user, args } = await page(1);
    button("Prune…").focus();
    await user.keyboard("{Enter}");
    await screen.findByText("14 archives go");
    await waitFor(() => expect(button("Keep all archives")).toHaveFocus());
    const all = screen.getByRole("radio", { name: "All" });
    all.focus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("radio", { name: "Goes" })).toBeChecked();
    await user.keyboard("{Enter}");
    await user.tab();
    expect(screen.getByRole("region", { name: "Archives, newest first" })).toHaveFocus();
    await user.tab();
    await user.tab();
    expect(button("Delete 14 archives")).toHaveFocus();
    expect(args("start_maintenance")).toEqual([]);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(args("start_maintenance")).toHaveLength(1));
    await waitFor(() => expect(button("Prune…")).toHaveFocus());
  });

  it("prunes the archives of the plan that is chosen", async () => {
    const { user, args } = await page(3);
    await user.click(button("Prune…"));
    await user.selectOptions(await screen.findByLabelText("Archives of the plan"), "Work projects");
    const name = await screen.findByRole("button", { name: /^Delete \d+ archives$/ });
    await waitFor(() => expect(args("preview_prune")).toHaveLength(2));
    await user.click(name);
    const { repository_id, plan } = args("preview_prune")[1] as PreviewPrune;
    await waitFor(() => expect(args("start_maintenance")).toEqual([{ repository_id, plan, kind: "prune" }]));
  });

  it("has nothing to delete where every archive is kept, and says so", async () => {
    const { platform, user } = await page(1);
    const home = platform.state.plans.find((plan) => plan.id === 1);
    if (!home) throw new Error("no plan");
    await act(() => platform.call("change_plan", { plan: 1, keep: { ...home.keep, daily: 99 } }));
    await user.click(button("Prune…"));
    expect(await screen.findByText("Nothing is due to go.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Delete/ })).not.toBeInTheDocument();
    await waitFor(() => expect(button("Close")).toHaveFocus());
    await expectNoFaults();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("wants the passphrase for its preview where Borg does, and shows it then", async () => {
    const { platform, user } = await page(1);
    platform.failNext("preview_prune", "passphrase_needed", "Backup SSD wants its passphrase.");
    await user.click(button("Prune…"));
    expect(await screen.findByText(/Backup SSD wants its passphrase. Nothing was deleted./)).toBeVisible();
    await user.click(button("Enter passphrase…"));
    await user.type(await screen.findByLabelText("Passphrase"), "harbour{Enter}");
    expect(await screen.findByText("14 archives go")).toBeVisible();
  });

  it("leaves out prune and compact where nothing may be deleted from this computer", async () => {
    const { user, args } = await page(1);
    const append = screen.getByRole("switch", { name: "Append-only" });
    expect(append).toHaveAccessibleDescription(
      /^Nothing can be deleted from this computer: no prune and no compact here\./,
    );
    await user.click(append);
    await waitFor(() => expect(button("Compact")).toHaveAttribute("aria-disabled", "true"));
    expect(append).toBeChecked();
    expect(button("Prune…")).toHaveAccessibleDescription(
      "Backup SSD is append-only: nothing can be deleted from this computer.",
    );
    expect(button("Check now")).not.toHaveAttribute("aria-disabled");
    await expectNoFaults();
    await user.click(append);
    await waitFor(() => expect(button("Compact")).not.toHaveAttribute("aria-disabled"));
    expect(args("change_repository")).toEqual([
      { repository_id: 1, append_only: true },
      { repository_id: 1, append_only: false },
    ]);
  });
});

describe("a repository", () => {
  it("gets another name", async () => {
    const { user, args } = await page(1);
    await user.click(button("Rename…"));
    const field = await screen.findByLabelText("Name");
    await waitFor(() => expect(field).toHaveFocus());
    expect(button("Rename")).toBeDisabled();
    await expectNoFaults();
    await user.clear(field);
    await user.type(field, "Blue disk{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "Blue disk" })).toBeVisible();
    expect(args("change_repository")).toEqual([{ repository_id: 1, name: "Blue disk" }]);
  });

  it("is forgotten only once its name is typed, and what stays is said", async () => {
    const { user, args } = await page(1);
    await user.click(button("Forget…"));
    const dialog = await screen.findByRole("dialog", { name: "Forget Backup SSD?" });
    expect(dialog).toHaveTextContent(
      "stays as it is, with every archive in it. The history of its jobs stays",
    );
    expect(dialog).toHaveTextContent("1 plan goes with it");
    expect(button("Forget repository")).toBeDisabled();
    await expectNoFaults();
    await user.keyboard("Backup{Enter}");
    expect(args("forget_repository")).toEqual([]);
    await user.keyboard(" SSD{Enter}");
    expect(await screen.findByText("Alcove has forgotten Backup SSD")).toBeVisible();
    expect(window.location.hash).toBe("#/repositories");
    await waitFor(() => expect(screen.queryByRole("link", { name: /Backup SSD/ })).not.toBeInTheDocument());
    expect(args("forget_repository")).toEqual([{ repository_id: 1 }]);
  });
});
