import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";
import { KEEP, KEEP_ALL, keepWords } from "./keep";

/** The Keep part of the editor of a plan. */
async function keepPart(plan: number | "new" = 1) {
  const opened = open("protected", `#/plans/${plan}`);
  const part = within(await screen.findByRole("region", { name: "How long to keep" }));
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, part, args };
}

describe("what a plan keeps", () => {
  it("is said in plain words", () => {
    expect(keepWords(KEEP)).toBe("the newest of 7 days, 4 weeks and 6 months");
    expect(keepWords({ ...KEEP_ALL, last: 3, weekly: 1 })).toBe("the newest 3 and the newest of 1 week");
    expect(keepWords({ ...KEEP_ALL, within: 48, last: 1, daily: 7 })).toBe(
      "everything of the last 2 days, the newest and the newest of 7 days",
    );
    expect(keepWords({ ...KEEP_ALL, within: 25 })).toBe("everything of the last 25 hours");
    expect(keepWords(KEEP_ALL)).toBe("");
  });

  it("is chosen by number, by age and by span, with the keyboard alone", async () => {
    const { user, part, args } = await keepPart();
    part.getByLabelText("Newest").focus();
    await user.keyboard("{ArrowUp}{ArrowUp}{ArrowUp}");
    part.getByLabelText("Keep everything of the last").focus();
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(
      part.getByText(/^Keeps everything of the last 2 days, the newest 3 and the newest of/),
    ).toBeVisible();
    await user.selectOptions(part.getByLabelText("Hours or days"), "hours");
    expect(part.getByText(/^Keeps everything of the last 2 hours,/)).toBeVisible();
    expect(screen.getByRole("complementary", { name: "Summary" })).toHaveTextContent(
      "You can go back to everything of the last 2 hours, the newest 3 and the newest of 7 days, 4 weeks and 6 months.",
    );
    await expectNoFaults();
    await user.keyboard("{Control>}s{/Control}");
    await waitFor(() =>
      expect(args("change_plan")[0]).toMatchObject({ keep: { ...KEEP, within: 2, last: 3 } }),
    );
  });

  it("counts what is typed though the cursor is still there", async () => {
    const { user, part, args } = await keepPart();
    await user.clear(part.getByLabelText("Months"));
    await user.type(part.getByLabelText("Months"), "24");
    await user.keyboard("{Control>}2{/Control}");
    await user.click(await screen.findByRole("button", { name: "Keep editing" }));
    await user.clear(part.getByLabelText("Months"));
    await user.type(part.getByLabelText("Months"), "36");
    await user.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(args("change_plan")[0]).toMatchObject({ keep: { monthly: 36 } }));
  });

  it("is refused at its field where everything would go one day", async () => {
    const { user, part } = await keepPart();
    for (const span of ["Days", "Weeks", "Months"]) {
      await user.clear(part.getByLabelText(span));
      await user.type(part.getByLabelText(span), "0");
    }
    await user.click(part.getByRole("button", { name: "More: Keep everything of the last" }));
    await user.click(part.getByRole("button", { name: "Preview" }));
    expect(await part.findByText("These rules would keep nothing")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save plan" }));
    const field = part.getByLabelText("Keep everything of the last");
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveAccessibleDescription(/every archive would be deleted/);
    await expectNoFaults();
  });
});

describe("the preview of what a plan keeps", () => {
  it("asks Borg for nothing before somebody wants it, then answers for each archive, and follows the rules", async () => {
    const { user, part, args } = await keepPart();
    expect(args("preview_prune")).toEqual([]);
    const button = part.getByRole("button", { name: "Preview" });
    expect(button).toHaveAttribute("aria-expanded", "false");
    await user.click(button);
    expect(await part.findByText("14 archives go")).toBeVisible();
    expect(part.getByText("The newest of its day, 2nd")).toBeVisible();
    expect(part.getByText("Not of this plan, untouched")).toBeVisible();
    expect(part.getByText(/^With the archives as they were today/)).toBeVisible();
    await expectNoFaults();
    await user.click(part.getByRole("button", { name: "More: Days" }));
    // The old answer stays until the new one is there.
    expect(part.getByRole("table")).toBeVisible();
    await waitFor(() => expect(args("preview_prune")).toHaveLength(2));
    expect(args("preview_prune")[1]).toEqual({ repository_id: 1, plan: 1, keep: { ...KEEP, daily: 8 } });
    await user.click(part.getByRole("button", { name: "Read again" }));
    await waitFor(() => expect(args("preview_prune")[2]).toMatchObject({ refresh: true }));
    await user.click(button);
    expect(part.queryByRole("table")).not.toBeInTheDocument();
  });

  it("says that there is no archive yet", async () => {
    const { platform, user, part } = await keepPart();
    for (const plan of platform.state.plans) plan.last_good = null;
    await user.click(part.getByRole("button", { name: "Preview" }));
    expect(await part.findByText(/^Home folder has made no archive yet./)).toBeVisible();
  });

  it("says why it is not known where the repository cannot be reached, and asks again", async () => {
    const { platform, user, part } = await keepPart();
    platform.failNext("preview_prune", "connection_failed", "The server of Backup SSD did not answer.");
    await user.click(part.getByRole("button", { name: "Preview" }));
    expect(await part.findByText(/The server of Backup SSD did not answer/)).toBeVisible();
    await expectNoFaults();
    await act(() => user.click(part.getByRole("button", { name: "Try again" })));
    expect(await part.findByText("14 archives go")).toBeVisible();
  });

  it("is not offered where there is nothing to look at", async () => {
    const { user, part } = await keepPart("new");
    expect(part.queryByRole("button", { name: "Preview" })).not.toBeInTheDocument();
    expect(part.getByText("Keeps the newest of 7 days, 4 weeks and 6 months.")).toBeVisible();
    await user.click(part.getByRole("radio", { name: "Never" }));
    expect(part.queryByText(/^Keeps the newest/)).not.toBeInTheDocument();
  });
});
