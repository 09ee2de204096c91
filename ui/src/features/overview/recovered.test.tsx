import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { expectNoFaults, open } from "../../test/screen";

describe("damaged records", () => {
  it("are told of with the time of the copy and the place of the damaged file", async () => {
    open("restored");
    const told = await screen.findByRole("group", {
      name: "Alcove's records were damaged and a copy was restored",
    });
    expect(within(told).getByText(/The copy was made today, (09:00|9:00 AM)\./)).toBeVisible();
    expect(within(told).getByText(/Plans, settings and repositories are as they were then/)).toBeVisible();
    expect(within(told).getByText(/Your backups are not touched/)).toBeVisible();
    expect(within(told).getByText(/Access tokens were removed/)).toBeVisible();
    expect(within(told).getByText(/alcove\.sqlite3\.broken-/)).toBeVisible();
    await expectNoFaults();
  });

  it("hold what plans prune until the person has looked at them", async () => {
    const { user } = open("restored");
    const held = await screen.findByRole("group", {
      name: "No backup prunes until you have looked at your plans",
    });
    await user.click(within(held).getByRole("button", { name: "The plans are right" }));
    await waitFor(() => expect(held).not.toBeInTheDocument());
    expect(screen.getByText(/a copy was restored/)).toBeVisible();
  });

  it("are told of before anything is set up again when there was no copy", async () => {
    const { user } = open("begun_anew");
    const told = await screen.findByRole("group", { name: "Alcove's records were damaged and begin anew" });
    expect(within(told).getByText(/connect their repositories again/)).toBeVisible();
    await expectNoFaults();
    await user.click(within(told).getByRole("button", { name: "Go on" }));
    expect(await screen.findByRole("heading", { level: 1 })).toBeVisible();
    expect(screen.queryByText(/records were damaged/)).toBeNull();
  });
});
