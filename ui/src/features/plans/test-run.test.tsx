import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { expectNoFaults, open } from "../../test/screen";

async function editor(plan: number | "new" = 1) {
  const opened = open("protected", `#/plans/${plan}`);
  await screen.findByLabelText("Name");
  const asked = () =>
    opened.platform.calls.filter((call) => call.name === "test_plan").map((call) => call.args);
  return { ...opened, asked };
}
const start = () => screen.getByRole("button", { name: "Test run" });
const section = () => screen.findByRole("region", { name: "Test run" });
const current = "What a backup would take now. Nothing was written, and no file was read.";

describe("a test run", () => {
  it("of a plan that is not saved shows what a backup would take, and the focus goes there", async () => {
    const { user, asked } = await editor("new");
    expect(screen.queryByRole("region", { name: "Test run" })).not.toBeInTheDocument();
    await user.type(screen.getByLabelText("Folder path"), "/home/marta/Letters{Enter}");
    start().focus();
    await user.keyboard("{Enter}");
    const result = await section();
    expect(within(result).getByRole("heading", { name: "Test run" })).toHaveFocus();
    expect(await within(result).findByText(current)).toBeVisible();
    expect(result).toHaveTextContent(
      /Files51,204To back up12\.4.GBFolders and links3,120Left out360Warnings1/,
    );
    expect(within(result).getByText("/home/marta/Letters/locked: Permission denied")).toBeVisible();
    await expectNoFaults();
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatchObject({ source_directories: ["/home/marta/Letters"] });
    expect(asked()[0]).not.toHaveProperty("plan");
  });

  it("says that it is busy, and cannot be begun twice", async () => {
    const { platform, user } = await editor();
    // Longer than the test: the answer never comes.
    platform.state.delay = 3_600_000;
    await user.click(start());
    expect(await screen.findByText(/^Walking through 5 folders as a backup would/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Testing…" })).toBeDisabled();
  });

  it("lists what is left out line by line, to be searched", async () => {
    const { user } = await editor("new");
    await user.type(screen.getByLabelText("Folder path"), "/home/marta/Letters{Enter}");
    await user.click(start());
    const list = await screen.findByRole("region", { name: "Left out" });
    const drawn = within(list).getAllByRole("listitem").length;
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(100);
    await user.type(screen.getByRole("searchbox", { name: "Search what is left out" }), "t 59/NODE");
    expect(await screen.findByText("1 match")).toBeVisible();
    expect(within(list).getAllByRole("listitem")).toHaveLength(1);
    expect(list).toHaveTextContent("/home/marta/Letters/Project 59/node_modules");
  });

  it("is out of date once the folders or what is left out change, not for another name", async () => {
    const { user, asked } = await editor();
    await user.click(start());
    await screen.findByText(current);
    await user.type(screen.getByLabelText("Name"), " of mine");
    expect(screen.getByText(current)).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: /^Trash/ }));
    expect(await screen.findByText("This is out of date")).toBeVisible();
    expect(screen.queryByText(current)).not.toBeInTheDocument();
    await expectNoFaults();
    await user.click(screen.getByRole("checkbox", { name: /^Trash/ }));
    expect(screen.getByText(current)).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: /^Trash/ }));
    await user.click(screen.getByRole("button", { name: "Test again" }));
    await waitFor(() => expect(asked()).toHaveLength(2));
    expect(await screen.findByText(current)).toBeVisible();
    expect(asked()[1]).toMatchObject({
      plan: 1,
      exclude_patterns: expect.arrayContaining(["sh:**/.Trash-*"]),
    });
  });

  it("that does not end says why and can be tried again", async () => {
    const { platform, user } = await editor();
    platform.failNext("test_plan", "source_missing", "/home/marta/Music is not there.", [
      "Is its drive connected?",
    ]);
    await user.click(start());
    expect(await screen.findByText("The test run did not end")).toBeVisible();
    expect(screen.getByText("/home/marta/Music is not there. Nothing was written.")).toBeVisible();
    expect(screen.getByText("Is its drive connected?")).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(current)).toBeVisible();
  });
});
